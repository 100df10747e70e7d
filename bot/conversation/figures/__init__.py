"""Figures of what citizens asked and what they were told, for officers, for reports and for the public."""
