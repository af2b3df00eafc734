"""An administrator adds a field to orders and writes a rule on it: orders follow it, and say so."""

from typing import Any


def test_orders_follow_a_rule_on_a_field_of_the_administrators_own(own_site: Any) -> None:
    with own_site.connected():
        import frappe
        from ec_erp.testing import again, make, new, submitted

        frappe.local.lang = "en"

        make("Company", company_name="Own Field", abbr="OF", default_currency="CNY")
        make("Warehouse", warehouse_name="Own Field", company="Own Field")
        make("Customer", customer_name="Own Field")
        make("Supplier", supplier_name="Own Field")
        make("SKU", sku_code="CUP", standard_rate=10)
        bought = [{"sku": "CUP", "qty": 9, "rate": 1, "warehouse": "Own Field"}]
        submitted(new("Purchase Receipt", company="Own Field", supplier="Own Field", items=bought))
        field = {"dt": "Sales Order", "fieldname": "vip_level", "fieldtype": "Int", "label": "VIP Level"}
        make("Custom Field", insert_after="customer", allow_on_submit=1, **field)
        condition = {"scope": "Order", "field": "vip_level", "operator": "at least", "value": "3"}
        action = {"action": "Add Reason", "reason": "Manual", "note": "call first"}
        make("Order Rule", rule_name="vip", stage="Prepare", conditions=[condition], actions=[action])
        frappe.call("ec_erp.orders.rules_api.publish_rules")

        def order(**fields: Any) -> Any:
            items = [{"sku": "CUP", "qty": 1}]
            head = {"company": "Own Field", "customer": "Own Field", "warehouse": "Own Field"}
            return submitted(new("Sales Order", items=items, **head, **fields))

        plain, special = order(vip_level=2), order(vip_level=3)
        assert (plain.status, plain.exceptions) == ("To Ship", None)
        assert (special.status, special.exceptions, special.blocks[0].note) == ("To Process", "Manual", "call first")
        history = frappe.call("ec_erp.orders.api.explain_order", name=special.name)["history"]
        why = [reason for entry in history for found in entry["decisions"] for reason in found["why"]]
        assert "Rule vip: VIP Level at least 3 (3)" in why
        frappe.call("ec_erp.orders.api.unblock_orders", names=[special.name], code="Manual")
        assert (again(special).status, again(special).vip_level) == ("To Ship", 3)
