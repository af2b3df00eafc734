"""Tables that become documents: headings to fields, cells to values, rows to documents. Pure: no database, no context."""
