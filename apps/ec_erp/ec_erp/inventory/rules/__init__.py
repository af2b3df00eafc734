"""Decisions about stock: pure."""
