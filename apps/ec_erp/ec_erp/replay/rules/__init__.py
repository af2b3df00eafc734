"""Figures as they must be, worked out from entries and rows of documents: pure."""
