"""The desk's calls, by the paths clients know."""
