"""Whom we trade with: customers and suppliers."""
