"""Shops, and documents that come in from files."""
