"""Decisions about the catalog: pure."""
