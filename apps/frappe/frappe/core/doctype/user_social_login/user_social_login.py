"""The id of a user at a sign-in provider."""

from frappe.model.document import Document


class UserSocialLogin(Document):
    """One row of User Social Login; its parent validates it."""
