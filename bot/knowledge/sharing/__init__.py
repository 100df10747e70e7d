"""The published rows for others: as the schema writes them, and flat for a spreadsheet."""
