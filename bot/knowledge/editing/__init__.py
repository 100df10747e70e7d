"""Drafts of what officers change, their approval and publication."""
