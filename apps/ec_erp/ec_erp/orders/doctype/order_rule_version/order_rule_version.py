"""Order Rule Version: the rules as they were published (规则版本)."""

from typing import Any

from frappe.model.document import Document

from ec_erp.documents.errors import refuse
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders.errors import RulesRefused
from ec_erp.orders.flows import ruling


class OrderRuleVersion(Document):
    """The rules as they were published; the history of orders names it, so it never changes."""

    def onload(self) -> None:
        """Tell in the reader's language what has changed."""
        ruling.tell_changes(self)

    def validate(self) -> None:
        """Refuse changes."""
        if not self.is_new():
            self._refuse()

    def on_trash(self) -> None:
        """Refuse to go."""
        self._refuse()

    def before_rename(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002  the framework's shape
        """Refuse another name."""
        self._refuse()

    def _refuse(self) -> None:
        refuse([problem(N_("A published version never changes: publish another one"))], RulesRefused)
