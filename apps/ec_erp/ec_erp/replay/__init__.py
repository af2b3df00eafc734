"""Rebuilding what is stored from what cannot be argued with: balances and statuses from ledgers and documents."""
