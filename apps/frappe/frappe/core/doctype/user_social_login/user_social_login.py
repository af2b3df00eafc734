"""Controller of the DocType User Social Login."""

from frappe.model.document import Document


class UserSocialLogin(Document):
    """The id of a user at a sign-in provider."""
