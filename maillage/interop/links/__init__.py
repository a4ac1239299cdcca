"""The weekly check of the addresses that sheets hold: the only code that goes and looks whether they answer."""
