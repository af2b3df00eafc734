"""Decisions about documents that come in: pure."""
