"""Zalo, as a bot of the Bot Platform: for trying and showing; it has no buttons."""
