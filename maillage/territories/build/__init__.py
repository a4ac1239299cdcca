"""Builds the shipped reference data. For developers only: nothing of the running application imports this package."""
