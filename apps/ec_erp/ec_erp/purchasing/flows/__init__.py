"""Purchase orders, receipts and returns to suppliers."""
