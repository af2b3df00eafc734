"""Calls about files and people."""
