"""Pages of the space: access → form → action → 303."""
