"""Who may do what: one decision for a document, and the same decision as conditions of a list.

Invariant: a document is in a user's list exactly when the user may read it.
"""

from frappe_engine.access.decisions import (
    RIGHTS,
    get_doc_permissions,
    get_role_permissions,
    has_permission,
    restrictions_for,
)
from frappe_engine.access.lists import list_conditions
from frappe_engine.access.roles import get_roles

__all__ = [
    "RIGHTS",
    "get_doc_permissions",
    "get_role_permissions",
    "get_roles",
    "has_permission",
    "list_conditions",
    "restrictions_for",
]
