"""Where bench looks for the realtime server."""
