"""Pages of the office: access → form → action → 303."""
