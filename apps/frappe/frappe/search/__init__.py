"""Full-text search for apps."""
