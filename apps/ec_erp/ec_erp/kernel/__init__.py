"""Values that every area shares: money, quantities, tax, time, ids, hash chains, problems.

Invariant: pure. Nothing here knows a framework, a database or the clock.
"""
