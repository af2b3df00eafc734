"""Documents on paper: what is shown, how it looks, and as a PDF.

Invariant: nothing printed is fetched from another host, and a value is never mark-up unless its field type is.
"""
