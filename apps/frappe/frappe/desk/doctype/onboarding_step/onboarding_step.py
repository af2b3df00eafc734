"""Controller of the DocType Onboarding Step."""

from frappe.model.document import Document


class OnboardingStep(Document):
    """One thing that a new user does or sees."""
