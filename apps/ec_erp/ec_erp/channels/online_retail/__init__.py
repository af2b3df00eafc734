"""The *Online Retail* file format: one CSV line per invoice line, as a British gift shop exported it."""
