"""The published policy tables and FAQ for other offices, under ``/api/policy/v1``: ``docs/policy-api.md``."""
