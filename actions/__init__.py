"""Rasa's custom actions: each hands the turn to the assistant and its answer back."""
