"""What `make` calls: sets the bench up, runs it, tests it.

Invariant: standard library only, because this code runs before any dependency is installed.
"""
