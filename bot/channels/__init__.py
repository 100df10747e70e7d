"""Channels: one adapter each, behind one shared interface."""
