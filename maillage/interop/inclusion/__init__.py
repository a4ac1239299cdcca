"""data.inclusion v1: its closed lists, its rules, and our sheets in its words."""
