"""The engine: all behaviour behind the public `frappe` package.

Invariant: calls go down the layers listed in docs/ARCHITECTURE.md, and nothing here imports `frappe`.
"""
