"""Pure decisions about outside providers."""
