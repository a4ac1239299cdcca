"""A partner's table, CSV or XLSX of any shape → sheets: file → shape → column matching → dry run → writing, one screen each.

What was uploaded is kept as a draft between the screens (`models`), so that nothing typed or imported is lost.
How columns are recognised: docs/algorithms/column-matching.md. For the person: docs/guides/tables.md.
"""
