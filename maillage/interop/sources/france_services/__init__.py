"""France services places: one relay each, where people are told about their rights and everyday formalities."""
