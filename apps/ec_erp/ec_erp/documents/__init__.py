"""Sets of documents over the public Frappe API: saving and posting many at once with every hook, numbering, defaults.

Invariant: nothing here knows an area of the business; one document and ten thousand take the same path.
"""
