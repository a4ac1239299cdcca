"""The same thing in several sources: pairs that may be one, proposed; made one by a person; undone if need be."""
