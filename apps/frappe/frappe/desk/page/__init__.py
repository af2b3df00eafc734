"""Pages of the desk that apps import from."""
