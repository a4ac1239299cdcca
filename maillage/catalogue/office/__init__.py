"""The back office: where the CRESS keeps the sheets."""
