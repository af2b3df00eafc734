"""Controller of the DocType Scheduled Job Type."""

from frappe.model.document import Document


class ScheduledJobType(Document):
    """A method that runs at set times."""

    def autoname(self) -> None:
        """Name a job by the last two parts of its method, such as `tasks.daily`."""
        self.name = ".".join(self.method.split(".")[-2:])
