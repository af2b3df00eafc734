"""Small helpers of the desk."""

from __future__ import annotations


def slug(name: str) -> str:
    """Give a DocType's name as its part of an address: `Sales Order` → `sales-order`."""
    return name.lower().replace(" ", "-")
