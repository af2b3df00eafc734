"""The HTTP side of a site: one WSGI application, REST v1 and v2, method calls, sessions, files and pages.

Invariant: one request is one context and one transaction, and both end with it, whatever happened.
"""
