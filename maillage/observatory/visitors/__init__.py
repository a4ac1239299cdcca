"""How many people come, without knowing anybody: a sketch in memory, an estimate per day."""
