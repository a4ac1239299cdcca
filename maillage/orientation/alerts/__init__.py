"""Alerts: an orientation saved without an account, told by e-mail when something new fits it."""
