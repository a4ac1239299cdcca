"""Where a territory lacks support, what is asked there, and what would mend it."""
