"""Work with a scanner: what a scan does in the warehouse, and what to do next.

Invariant: the same scan never counts twice; a scan that is refused changes nothing.
"""
