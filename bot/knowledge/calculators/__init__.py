"""Calculators: from dated figures and what a citizen tells to an amount, with its working and its sources; pure."""
