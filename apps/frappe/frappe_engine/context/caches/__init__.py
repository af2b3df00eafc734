"""What `context.cache` is made of: where shared values live, what apps see of them, and the cache of one process.

Invariant: outside, only `context.cache` is imported.
"""
