"""Controller of the DocType User."""

from frappe.model.document import Document

STANDARD_USERS = ("Administrator", "Guest")


class User(Document):
    """A person or a program that signs in."""

    def autoname(self) -> None:
        """Name a user by the email address in lower case; Administrator and Guest keep their names."""
        if self.get("name") in STANDARD_USERS:
            return
        self.email = (self.email or "").strip().lower()
        self.name = self.email
