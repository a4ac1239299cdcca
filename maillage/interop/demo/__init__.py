"""A fictitious region, made by a seeded generator, for demonstrations, tests and benchmarks.

Nothing of it can be taken for real: its territory (the Valombre) is an invented archipelago in the ocean, with codes no
French territory has, its telephone numbers are those the regulator keeps for fiction, its sites are under example.org.
"""
