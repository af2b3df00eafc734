"""The layers a document is built of, one per concern; `documents.document` puts them together.

loading → rights → happenings (events, locks) → checking → writing → life_cycle; beside them the values of rows, what is
remembered of documents and how it is forgotten.

Invariant: a layer knows those before it, never a later one.
"""
