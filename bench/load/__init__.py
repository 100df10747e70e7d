"""Load: citizens in conversation, many at once, sent by Locust from an environment of its own."""
