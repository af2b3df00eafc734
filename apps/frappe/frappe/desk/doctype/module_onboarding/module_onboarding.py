"""Controller of the DocType Module Onboarding."""

from frappe.model.document import Document


class ModuleOnboarding(Document):
    """Steps that show a new user the way into a module."""
