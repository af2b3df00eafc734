"""Finding documents for links and mentions."""

from frappe_engine.desk.search import get_link_title, get_names_for_mentions, search_link, search_widget

from frappe._later import sanitize_searchfield, validate_and_sanitize_search_inputs

__all__ = [
    "get_link_title",
    "get_names_for_mentions",
    "sanitize_searchfield",
    "search_link",
    "search_widget",
    "validate_and_sanitize_search_inputs",
]
