"""Buying: purchase orders, receipts, returns to suppliers."""
