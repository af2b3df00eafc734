"""The page on which rights are given to roles."""
