"""Forms of the office: text to clean values. A refused form gives back what was typed."""
