"""Checks of what is published: rows that load, yet contradict each other, leave gaps or have gone out of date.

The loader refuses files that are out of form; the audit reads a loaded snapshot, whoever wrote its rows. It changes
nothing: each finding says which row, what is wrong with it and how to mend it.
"""
