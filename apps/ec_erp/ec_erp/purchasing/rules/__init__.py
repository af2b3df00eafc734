"""Decisions about buying: pure."""
