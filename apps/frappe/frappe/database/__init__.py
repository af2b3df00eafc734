"""What apps take from the database layer."""
