"""Controller of the DocType Onboarding Permission."""

from frappe.model.document import Document


class OnboardingPermission(Document):
    """A role that sees an onboarding."""
