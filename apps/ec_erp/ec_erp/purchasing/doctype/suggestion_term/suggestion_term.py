"""A term of a suggestion with its value and where it comes from (建议计算项)."""

from ec_erp.documents.sets import SetRow


class SuggestionTerm(SetRow):
    """A term of a suggestion with its value and where it comes from (建议计算项)."""
