"""Decisions about money: pure."""
