"""Controller of the DocType Number Card."""

from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists


class NumberCard(Document):
    """One number on a workspace or dashboard."""

    def autoname(self) -> None:
        """Name a card by its label, with a number where the label is taken."""
        self.name = append_number_if_name_exists("Number Card", self.name or self.label)
