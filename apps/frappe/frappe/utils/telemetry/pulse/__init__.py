"""Usage statistics as version 16 sends them; this runtime does not."""
