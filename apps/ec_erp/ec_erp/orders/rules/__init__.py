"""Decisions about orders: pure."""
