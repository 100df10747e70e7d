"""From the YAML files under ``data/`` to rows: read, check, turn into records, merge into the database."""
