"""Money: companies, accounts, periods, the general ledger."""
