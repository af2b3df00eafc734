"""First steps of a site."""
