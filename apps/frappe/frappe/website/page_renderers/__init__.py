"""What makes pages: each renderer says whether a path is its own."""
