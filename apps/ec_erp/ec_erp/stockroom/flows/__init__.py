"""Transfers, counts and changes of grade."""
