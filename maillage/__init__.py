"""Maillage: one desk for the support of social and solidarity economy projects in a French region."""

__version__ = "0.1.0"
