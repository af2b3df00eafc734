"""Types for annotations: of documents' fields (`DF`), and the dict with attributes.

Invariant: they tell what values are and do nothing while a process runs.
"""

from frappe_engine.kit.attrdict import _dict

from frappe.types import DF

__all__ = ["DF", "_dict"]
