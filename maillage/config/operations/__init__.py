"""Running an installation: prepare and serve, look after, back up, restore, drill."""
