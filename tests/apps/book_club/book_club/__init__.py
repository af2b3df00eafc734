"""Lends the books of a club to its members."""

__version__ = "0.1.0"
