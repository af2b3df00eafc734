"""Sites for tests: made once per state of the code, copied in milliseconds, gone afterwards.

Invariant: no test ever touches a site, a database or a cache that it did not get from here.
"""

from frappe_engine.testing.sites import TestSite, connected, temporary_site
from frappe_engine.testing.statements import Statements, counted_statements

__all__ = ["Statements", "TestSite", "connected", "counted_statements", "temporary_site"]
