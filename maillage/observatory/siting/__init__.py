"""What would mend a hole: one place more, an offer extended or closed; and where to put the next ones."""
