"""Review of what was answered: the log as reviewers read it, the queue of what went wrong, what is learnt from it."""
