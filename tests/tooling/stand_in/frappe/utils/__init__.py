"""Where bench looks for its entry point."""
