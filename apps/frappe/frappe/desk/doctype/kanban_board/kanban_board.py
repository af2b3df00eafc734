"""Controller of the DocType Kanban Board."""

from frappe.model.document import Document


class KanbanBoard(Document):
    """Documents as cards in columns of one field."""
