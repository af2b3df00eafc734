"""The framework's commands, one module per theme; `cli.group.LOCATIONS` says which is where.

Invariant: a command here reads its words, calls one function of the engine and says what came of it.
"""
