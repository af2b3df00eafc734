"""Documents: their life cycle, names, rows, links, versions; lists of them; their DocTypes.

Invariant: every change of a document passes its life cycle, unless the caller says otherwise by the method used.
"""
