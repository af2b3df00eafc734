"""Freight Rule Band: prices for a region (运费区间)."""

from frappe.model.document import Document


class FreightRuleBand(Document):
    """Prices for a region (运费区间)."""
