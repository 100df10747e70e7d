"""From what a citizen says in one turn to what the assistant answers: pure, given a snapshot and an index."""
