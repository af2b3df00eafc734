"""Facts about the installed apps, where version 16 has them."""
