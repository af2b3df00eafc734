"""Stands in for the framework where a test is about the tools and the real `bench` only."""

__version__ = "15.0.0"
