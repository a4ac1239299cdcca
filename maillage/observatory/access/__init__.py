"""How far people are from somebody: distance, opening hours, capacity, and who is further than others."""
