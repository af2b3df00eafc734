"""Posting, journal entries, and the proof of the ledgers."""
