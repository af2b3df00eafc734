"""Work inside warehouses that moves no goods to or from buyers and suppliers: transfers, counts, changes of grade."""
