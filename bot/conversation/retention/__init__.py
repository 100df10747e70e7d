"""How long what citizens wrote is kept, and the job that sees to it."""
