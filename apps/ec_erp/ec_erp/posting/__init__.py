"""Posting: what each document does to the stock ledger and the general ledger, and doing it."""
