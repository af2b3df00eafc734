"""Controller of the DocType Kanban Board Column."""

from frappe.model.document import Document


class KanbanBoardColumn(Document):
    """A column of a board."""
