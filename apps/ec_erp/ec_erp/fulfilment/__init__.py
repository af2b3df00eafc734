"""Warehouse work: deliveries, returns, other goods in and out, carriers."""
