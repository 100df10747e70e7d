"""Zalo, as an Official Account (OpenAPI v3)."""
