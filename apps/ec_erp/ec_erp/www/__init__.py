"""Pages of the app beside the desk."""
