"""Customer: who buys (客户)."""

from ec_erp.documents.ledger import NameInLedgers
from ec_erp.documents.sets import SetDocument


class Customer(NameInLedgers, SetDocument):
    """Who buys (客户)."""
