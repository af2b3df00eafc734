"""A shop of a channel group."""

from ec_erp.documents.sets import SetRow


class ChannelGroupShop(SetRow):
    """A shop of a channel group."""
