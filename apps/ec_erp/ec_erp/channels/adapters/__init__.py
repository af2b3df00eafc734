"""Ways to tell shops of stock."""
