"""The web channel and the public process it runs in."""
