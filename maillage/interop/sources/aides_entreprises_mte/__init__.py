"""Ecological-transition programmes for firms: the open-data export of « Transition écologique des entreprises »."""
