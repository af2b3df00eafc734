"""Work with outside providers of warehouses."""
