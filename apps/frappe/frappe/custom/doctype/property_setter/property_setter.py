"""Controller of the DocType Property Setter."""

from frappe.model.document import Document


class PropertySetter(Document):
    """Changes one attribute of a DocType or field on this site."""

    def autoname(self) -> None:
        """Name a setter by what it changes, so that setting the same property again replaces it."""
        self.name = f"{self.doc_type}-{self.field_name or self.row_name or 'main'}-{self.property}"
