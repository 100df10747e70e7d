"""The policy tables and the FAQ as an Excel workbook, and a changed workbook or a list of questions as changes."""
