"""What a new site is given: roles, units, platforms, reasons, charge types."""
