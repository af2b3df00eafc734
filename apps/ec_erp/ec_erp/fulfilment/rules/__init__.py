"""Decisions about warehouse work: pure."""
