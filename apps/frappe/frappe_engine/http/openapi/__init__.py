"""The API described for programs (OpenAPI 3.1) and shown to people: what the asker may use, from metadata and signatures.

Invariant: nothing here is written by hand per DocType or function; who may not use something does not see it described.
"""
