"""Training a new model from what reviewers taught: its data, the run, which model answers, and the way back."""
