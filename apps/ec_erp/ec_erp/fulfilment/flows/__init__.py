"""Deliveries, returns, and other goods in and out."""
