"""What may be done to a request. One act, one transaction: rows, story, journal, messages."""
