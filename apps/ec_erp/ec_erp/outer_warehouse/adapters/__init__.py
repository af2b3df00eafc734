"""Ways to speak to outside providers."""
