"""Platforms of sites that are older than their stock primitives get those that are known of them."""

import frappe

from ec_erp.setup import masters
from ec_erp.setup.install import stock_terms


def execute() -> None:
    """Write how each known platform takes stock."""
    for platform in masters.STOCK_PRIMITIVES:
        if frappe.db.exists("Platform", platform):
            frappe.db.set_value("Platform", platform, stock_terms(platform))
