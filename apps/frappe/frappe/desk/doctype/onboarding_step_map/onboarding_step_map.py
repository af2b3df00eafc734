"""Controller of the DocType Onboarding Step Map."""

from frappe.model.document import Document


class OnboardingStepMap(Document):
    """A step of an onboarding, in its order."""
