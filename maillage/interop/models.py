"""Tables of interop. Each part keeps its own in a module; Django looks for them here."""

from maillage.interop.table_imports.models import TableContent, TableImport, TableProblem, TableSource

__all__ = ["TableContent", "TableImport", "TableProblem", "TableSource"]
