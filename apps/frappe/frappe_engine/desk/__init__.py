"""What the desk asks for: its start-up data, DocTypes with their scripts, forms, lists, search, collaboration.

Invariant: nothing leaves here that the user may not read.
"""
