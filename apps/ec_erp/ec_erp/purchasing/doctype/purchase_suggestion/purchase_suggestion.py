"""Purchase Suggestion: what to buy or to transfer, and why (采购建议)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.purchasing.flows import suggestion


class PurchaseSuggestion(SetDocument):
    """A suggestion for a SKU in a warehouse; saving it with other parameters calculates it again."""

    def onload(self) -> None:
        """Tell in the reader's language why it is suggested."""
        suggestion.tell_suggestion(self)

    def fill_defaults(self) -> None:
        """Complete what was not said."""
        suggestion.fill_suggestion(self)

    def check(self) -> None:
        """Calculate again where a person changed parameters."""
        suggestion.check_suggestion(self)
