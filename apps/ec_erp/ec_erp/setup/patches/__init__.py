"""What existing sites need once when they come to a new version."""
