"""What happens to orders besides a plain sale: deposits, presale, cash on delivery, orders and refunds of platforms, sending again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from random_base import BUYERS, CARRIERS, COMPANY, MAIN, NET, SHOPS, Nothing, Trader

FIRST, MINUTE = "2026-11-01 10:00:00", timedelta(minutes=1)
RECEIVER = {
    "name": "Li Lei", "phone": "13800000001", "province": "浙江省", "city": "杭州市", "district": "西湖区",
    "address": "文三路 1 号 2 室",
}  # fmt: skip


class Orders(Trader):
    """A shop of a platform that pushes orders, and terms for orders that wait."""

    def make_order_terms(self) -> None:
        """Make the platform's shop and the settings that let orders wait, be audited, and end."""
        self.make("Shop", shop_name=NET, company=COMPANY, platform="own", currency="CNY", default_warehouse=MAIN,
                  reserve_on="Pay", auto_merge=1, choose_warehouse=1)  # fmt: skip
        settings = self.frappe.get_doc("Order Settings")
        settings.update({"unpaid_minutes": 60, "done_after_days": 1, "finance_audit_over": 900})
        settings.save()
        for buyer, limit in zip(BUYERS, (0, 60_000, 900_000, 0), strict=True):
            self.frappe.get_doc("Customer", buyer).update({"credit_limit": limit}).save()

    # presale

    def do_sell_presale(self) -> None:
        rows = [{"sku": sku, "qty": self.qty(3), "rate": self.price(5, 99), "warehouse": MAIN} for sku in self.skus()]
        extra: dict[str, Any] = {}
        if self.chance(0.5):
            extra = {"payment_type": "Deposit", "deposit_amount": 5}
        if self.chance(0.7) or not extra:
            extra["presale_release"] = self.random.choice(("On Arrival", "On Date", "By Hand"))
        if extra.get("presale_release") == "On Date":
            extra["presale_date"] = self.frappe.utils.nowdate()
        if self.chance(0.3):
            rows[0]["is_presale"] = 1
        self.submit("Sales Order", company=COMPANY, customer=self.random.choice(BUYERS), warehouse=MAIN, items=rows,
                    shop=self.random.choice((*SHOPS, None)), **extra)  # fmt: skip

    def do_pay_deposit(self) -> None:
        from ec_erp.orders import api

        api.pay_deposits([self.likely("Sales Order", payment_type="Deposit", status="Unpaid").name])

    def do_pay_the_rest(self) -> None:
        from ec_erp.orders import api

        api.pay_orders([self.likely("Sales Order", payment_state=("in", ("Deposit Paid", "Unpaid")), docstatus=1).name])

    def do_release_presale(self) -> None:
        from ec_erp.orders import api

        api.release_presale([self.likely("Sales Order", status="Preorder").name])

    def do_let_time_pass(self) -> None:
        from ec_erp.orders.flows import clock

        hours = self.random.choice((0, 1, 2, 30))
        clock.run_due(self.frappe.utils.now_datetime() + timedelta(hours=hours))

    # cash on delivery

    def do_sell_for_cash(self) -> None:
        rows = [{"sku": sku, "qty": self.qty(3), "rate": self.price(5, 99), "warehouse": MAIN} for sku in self.skus()]
        self.submit("Sales Order", company=COMPANY, customer=self.random.choice(BUYERS), warehouse=MAIN, items=rows,
                    carrier=self.random.choice(CARRIERS), payment_type="Cash on Delivery")  # fmt: skip

    def do_collect(self) -> None:
        from ec_erp.orders import api

        api.collect_payments([self.likely("Sales Order", payment_state="Collect", status="Shipped").name])

    def do_pay_by_carrier(self) -> None:
        order = self.likely("Sales Order", payment_state="Collect", status="Shipped", carrier=("is", "set"))
        reference = {"reference_doctype": "Sales Order", "reference_name": order.name}
        self.submit("Payment Entry", payment_type="Receive", company=COMPANY, party_type="Carrier", party=order.carrier,
                    references=[reference])  # fmt: skip

    # after they have left

    def do_send_again(self) -> None:
        from ec_erp.orders import api

        order = self.likely("Sales Order", status=("in", ("Shipped", "Done")))
        row = self.random.choice(order.items)
        lines = {row.name: self.qty(int(row.qty))} if self.chance(0.7) else None
        found = api.resend_order(order.name, "broken", lines, self.random.choice(("Resend", "Replacement")))
        self.remember("Sales Order", *found)

    def do_refund_lines(self) -> None:
        from ec_erp.orders import api

        live = ("Unpaid", "To Process", "To Audit", "To Ship", "Picking", "Packed")
        order = self.likely("Sales Order", docstatus=1, status=("in", live))
        lines = {row.name: self.qty(int(row.qty)) for row in order.items if self.chance(0.6)}
        api.refund_lines(order.name, lines, "money instead")

    def do_refund_of_part_shipped(self) -> None:
        from ec_erp.orders import api

        order = self.likely("Sales Order", status="To Ship", delivered_percent=(">", 0))
        lines = {row.name: row.qty - row.delivered_qty - row.refunded_qty for row in order.items if self.chance(0.7)}
        api.refund_lines(order.name, {line: qty for line, qty in lines.items() if qty > 0}, "the rest is not wanted")

    def do_copy_order(self) -> None:
        from ec_erp.orders import api

        name = api.copy_order(self.any_name("Sales Order", newest=60))
        self.frappe.get_doc("Sales Order", name).submit()
        self.remember("Sales Order", name)

    def do_restore_order(self) -> None:
        from ec_erp.orders import api

        found = api.restore_order(self.likely("Sales Order", docstatus=2).name, "wanted after all")
        self.remember("Sales Order", *found)

    def do_convert_order(self) -> None:
        from ec_erp.orders import api

        order = self.likely("Sales Order", status=("in", ("To Process", "To Audit")))
        kind = self.random.choice(("Sale", "Resend", "Replacement"))
        original = self.likely("Sales Order", status=("in", ("Shipped", "Done"))).name if kind != "Sale" else None
        api.convert_order(order.name, kind, "not what it was", original)

    def do_pass_finance_audit(self) -> None:
        from ec_erp.orders import api

        api.finance_audit_orders([self.likely("Sales Order", status="To Finance Audit").name])

    def do_edit_head(self) -> None:
        from ec_erp.orders import api

        order = self.any("Sales Order", newest=30)
        changes = self.random.choice((
            {"warehouse": self.warehouse()}, {"priority": self.qty(5)}, {"discount_amount": self.price(0, 3)},
            {"receiver_address": f"文一西路{self.qty(9)}号"}, {"seller_remark": "mind the step"},
        ))  # fmt: skip
        api.edit_order(order.name, changes, note="asked for it")

    # platforms

    def do_push_order(self) -> None:
        number = f"T{len(self.pushed) + 1:06}"
        lines = [
            {"id": str(at), "item_id": f"I-{sku}", "outer_code": sku, "title": sku, "qty": self.qty(3),
             "price": self.price(5, 60), "discount": self.random.choice((0, 0, 1.5))}
            for at, sku in enumerate(self.skus(), start=1)
        ]  # fmt: skip
        payload = {"id": number, "status": self.random.choice(("paid", "paid", "unpaid")), "created": FIRST, "modified": FIRST,
                   "buyer": {"id": self.random.choice("ABC"), "name": "Li Lei"}, "receiver": RECEIVER, "lines": lines,
                   "shipping_fee": self.random.choice((0, 5))}  # fmt: skip
        self.push(payload)

    def push(self, payload: dict[str, Any]) -> None:
        from ec_erp.channels import api

        (taken,) = api.push_orders(NET, [payload])
        self.pushed[payload["id"]] = payload
        self.remember("Sales Order", *taken["sales_orders"])

    def do_push_change(self) -> None:
        payload = dict(self.one_pushed())
        payload["modified"] = self.later(payload["modified"])
        kind = self.random.choice(("paid", "cancelled", "shipped", "finished", "address", "remark", "again"))
        if kind == "address":
            payload["receiver"] = {**RECEIVER, "address": f"文三路 {self.qty(9)} 号"}
        elif kind == "remark":
            payload["seller_remark"] = f"ring {self.qty(9)} times"
        elif kind != "again":
            payload["status"] = kind
        self.push(payload)

    def do_push_refund(self) -> None:
        from ec_erp.channels import api

        payload = self.one_pushed()
        known = payload.setdefault("refunds", {})
        number = self.random.choice([*known, f"R{payload['id']}-{len(known)}"])
        known[number] = self.later(known.get(number, FIRST))
        chosen = [line for line in payload["lines"] if self.chance(0.5)]
        api.push_refunds(NET, [{
            "id": number, "order_id": payload["id"], "modified": known[number], "amount": 1,
            "status": self.random.choice(("Applied", "Applied", "Agreed", "Success", "Withdrawn", "Refused")),
            "lines": [{"id": line["id"], "qty": self.qty(line["qty"])} for line in chosen],
        }])  # fmt: skip

    def one_pushed(self) -> dict[str, Any]:
        if not self.pushed:
            raise Nothing
        return self.pushed[self.random.choice(list(self.pushed)[-40:])]

    def later(self, moment: str) -> str:
        return str(self.frappe.utils.get_datetime(moment) + MINUTE)
