"""Services that run sites for others."""
