"""The aids of the ADEME."""
