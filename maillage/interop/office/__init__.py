"""The pages of the office about sources: reads, changes to decide, duplicates."""
