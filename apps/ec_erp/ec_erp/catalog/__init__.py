"""What is traded: products, SKUs, units, brands, categories."""
