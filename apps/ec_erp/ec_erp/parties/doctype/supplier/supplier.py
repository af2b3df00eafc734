"""Supplier: who sells to us (供应商)."""

from ec_erp.documents.ledger import NameInLedgers
from ec_erp.documents.sets import SetDocument


class Supplier(NameInLedgers, SetDocument):
    """Who sells to us (供应商)."""
