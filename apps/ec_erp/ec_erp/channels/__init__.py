"""Sales channels: platforms, shops, and orders that come in as files."""
