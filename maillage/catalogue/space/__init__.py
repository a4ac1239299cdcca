"""« Ma structure »: the pages where those who belong to a structure keep its sheets true and say who belongs to it."""
