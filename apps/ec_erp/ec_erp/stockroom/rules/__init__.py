"""Decisions about transfers and counts: pure."""
