"""Waybill Account: where waybill numbers of a carrier come from (面单账户)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.fulfilment.flows import waybills


class WaybillAccount(SetDocument):
    """Where waybill numbers of a carrier come from, with what is left of them."""

    def check(self) -> None:
        """Refuse a range that ends before it begins and unknown providers; show what is left."""
        waybills.check_account(self)
