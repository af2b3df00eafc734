"""Purchase Request: somebody asks for goods to be bought (采购申请)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.purchasing.flows import request


class PurchaseRequest(SetDocument):
    """A request; submitted it can be made into purchase orders."""

    @classmethod
    def prefetch_set(cls, docs: Sequence[Any]) -> None:
        """Load what the checks ask for."""
        request.prefetch(docs)

    def fill_defaults(self) -> None:
        """Complete what was not said."""
        request.fill_request(self)

    def check(self) -> None:
        """Refuse what breaks a rule."""
        request.check_request(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Wait for orders."""
        request.open_requests(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Ask no longer."""
        request.cancel_requests(docs)
