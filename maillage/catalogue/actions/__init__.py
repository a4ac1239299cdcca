"""Writes of the catalogue: each is one transaction with its journal line and the move of the revision."""
