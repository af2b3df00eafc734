"""Stock: warehouses, balances per SKU and warehouse, the stock ledger, reservations."""
