"""Hand-over to a person: what the citizen leaves, what officers do with it, and how the answer comes back."""
