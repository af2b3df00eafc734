"""A row of a change of grade."""

from ec_erp.documents.sets import SetRow


class GradeChangeItem(SetRow):
    """A row of a change of grade."""
