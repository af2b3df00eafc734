"""A seller at whom everything happens at random: buying, selling, moving, counting, taking back, cancelling.

Every operation goes through the documents and functions that people and programs use. One that is refused is an operation, too:
it must leave no trace. Used by `test_replay.py` (some hundreds) and `benchmarks/replay.py` (tens of thousands). What happens to
orders on their way is in `random_orders.py`, what the warehouse does in `random_warehouse.py`, debts in `random_debts.py`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from random_base import (
    BATCHED,
    BINS,
    BUYERS,
    COMBO,
    COMPANY,
    EAST,
    FIFO,
    LOOSE,
    MAIN,
    MARKED,
    NOTHING,
    PIECES,
    PLAIN,
    REFUSED,
    SHOPS,
    STRONG,
    SUPPLIERS,
    WAVES,
    WEAK,
    WITH_BATCH,
    Nothing,
    Trader,
)
from random_debts import Debts
from random_orders import Orders
from random_warehouse import Floor

__all__ = ["NOTHING", "REFUSED", "Trade"]

WEIGHTS = {
    "receive": 9, "order_goods": 5, "receive_order": 6, "sell": 18, "pay": 8, "audit": 6, "deliver": 16, "sell_over_the_counter": 4,
    "take_back": 6, "merge": 4, "split": 4, "reserve_missing": 4, "transfer": 5, "send_transfer": 5, "receive_transfer": 5,
    "cancel_receipt": 2, "cancel_purchase_order": 1, "stop_order": 1, "block": 2, "unblock": 3, "recall": 2, "cancel_payment": 1,
    "undo_merge": 2, "undo_split": 2,
    # the floor: what goes on far more often than what takes back
    "stock_bins": 4, "sell_from_bins": 9, "make_drafts": 1, "run_waves": 4, "make_wave": 2, "start_task": 7, "pick": 9,
    "report_short": 1, "check": 9, "check_again": 1, "pack": 9, "weigh": 3, "accept_weight": 2, "hand_over": 4, "ship": 5,
    "recall_released": 1, "unblock_released": 3, "put_back": 2, "put_some_back": 2, "finish_putting_back": 2, "delete_draft": 1,
    "submit_draft": 1,
    "move_between_bins": 2, "cancel_bin_move": 1, "switch_batch": 1,
    # orders that wait, debts
    "sell_presale": 4, "pay_deposit": 3, "pay_the_rest": 4, "release_presale": 3, "let_time_pass": 1, "sell_for_cash": 3, "collect": 2,
    "pay_by_carrier": 2, "send_again": 2, "pass_finance_audit": 3, "edit_head": 2, "push_order": 5, "push_change": 4, "push_refund": 4,
    "order_prepaid": 3, "pay_requests": 3, "pay_part_of_request": 2, "pay_for_purchase": 2, "record_payment": 1,
    "cancel_supplier_payment": 1, "close_order": 1,
    "land_costs": 4, "cancel_costs": 1,
    "refund_lines": 2, "refund_of_part_shipped": 2, "copy_order": 1, "restore_order": 1, "convert_order": 1,
}  # fmt: skip


class Trade(Orders, Floor, Debts, Trader):
    """Everything that happens to the seller."""

    weights_of = WEIGHTS

    # the world

    def prepare(self) -> None:
        """Make company, warehouses, SKUs of every kind, shops, parties, and commit."""
        self.make("Company", company_name=COMPANY, abbr="DI", default_currency="CNY", over_receipt_tolerance=10,
                  over_delivery_tolerance=5)  # fmt: skip
        for name in (MAIN, EAST, BINS, LOOSE, WAVES):
            self.make("Warehouse", warehouse_name=name, company=COMPANY, allow_negative_stock=int(name == LOOSE))
        self._bins()
        for name in SUPPLIERS:
            self.make("Supplier", supplier_name=name)
        for name in BUYERS:
            self.make("Customer", customer_name=name)
        for code in PLAIN:
            self.make(
                "SKU",
                sku_code=code,
                standard_rate=self.price(5, 90),
                tax_rate=13,
                purchase_rate=self.price(2, 40),
                weight_g=self.qty(400),
            )
        for code in FIFO:
            self.make("SKU", sku_code=code, standard_rate=33.33, tax_rate=13, valuation_method="FIFO")
        for code in BATCHED:
            self.make("SKU", sku_code=code, standard_rate=19.9, tax_rate=9, has_batch=1, shelf_life_days=365)
        for code, policy in ((STRONG, "Strong"), (WEAK, "Weak"), (MARKED, "Strong")):
            self.make("SKU", sku_code=code, standard_rate=59, tax_rate=13, has_serial=1, serial_policy=policy,
                      has_batch=int(code == MARKED), purchase_rate=20)  # fmt: skip
        parts = [{"sku": PLAIN[0], "qty": 1, "share_percent": 40}, {"sku": PLAIN[1], "qty": 2, "share_percent": 60}]
        self.make("SKU", sku_code=COMBO, is_combo=1, standard_rate=99.99, tax_rate=13, components=parts)
        self._shops()
        self.make_floor()
        self.make_order_terms()
        self.frappe.db.commit()

    def _bins(self) -> None:
        zone = self.make("Warehouse Zone", warehouse=BINS, zone_code="A", zone_type="Pick")
        for name in self.bins:
            self.make("Storage Bin", warehouse=BINS, zone=zone.name, bin_code=name.removeprefix(f"{BINS}-"))
        warehouse = self.frappe.get_doc("Warehouse", BINS)
        warehouse.update(
            {"has_bins": 1, "receiving_bin": self.bins[0], "return_bin": self.bins[1], "defective_bin": self.bins[2]}
        )
        warehouse.save()

    def _shops(self) -> None:
        terms: dict[str, dict[str, Any]] = {
            SHOPS[0]: {"reserve_on": "Order"},
            SHOPS[1]: {"reserve_on": "Pay", "allow_partial_reservation": 1},
            SHOPS[2]: {"reserve_on": "Audit"},
        }
        for name, own in terms.items():
            self.make("Shop", shop_name=name, company=COMPANY, platform="own", default_warehouse=MAIN, **own)
        self.make("Channel Group", group_name="Dice Club", shops=[{"shop": SHOPS[0]}])

    # buying

    def do_receive(self) -> None:
        self.submit("Purchase Receipt", company=COMPANY, supplier=self.random.choice(SUPPLIERS),
                    posting_datetime=self.moment(), warehouse=self.warehouse(),
                    items=self.arriving(most=50))  # fmt: skip

    def do_order_goods(self) -> None:
        self.submit("Purchase Order", company=COMPANY, supplier=self.random.choice(SUPPLIERS),
                    warehouse=self.warehouse(),
                    items=[{"sku": sku, "qty": self.qty(40), "rate": self.price(2, 40)} for sku in self.skus()])  # fmt: skip

    def do_receive_order(self) -> None:
        order = self.likely("Purchase Order", status=("in", ("Approved", "Part Received")))
        rows = [
            {"sku": row.sku, "purchase_order_item": row.name, "qty": self.qty(int(row.qty) + 2), "rate": row.rate}
            for row in order.items
            if self.chance(0.8)
        ]
        for row in rows:
            self.tell_arriving(row)
        if not rows:
            raise Nothing
        if self.chance(0.2):
            rows[0]["rejected_qty"] = 1
            rows[0]["qty"] += 1
        self.submit("Purchase Receipt", purchase_order=order.name, items=rows)

    def do_stop_order(self) -> None:
        from ec_erp.purchasing import api

        api.stop_orders([self.any_name("Purchase Order")])

    def do_cancel_purchase_order(self) -> None:
        self.any("Purchase Order").cancel()

    def do_cancel_receipt(self) -> None:
        self.any("Purchase Receipt", newest=20).cancel()

    def do_send_back(self) -> None:
        receipt = self.any("Purchase Receipt", newest=60)
        row = self.random.choice(receipt.items)
        items = [{"sku": row.sku, "qty": self.qty(5), "purchase_receipt_item": row.name, "batch": row.batch}]
        if row.serials:
            items[0]["qty"] = min(items[0]["qty"], int(row.accepted_qty) or 1)
            items[0]["serials"] = self.some_of(row.serials, items[0]["qty"])
        self.submit("Purchase Return", purchase_receipt=receipt.name, items=items, hold_only=int(self.chance(0.3)),
                    settle_by=self.random.choice(("Credit", "Replacement")))  # fmt: skip

    def do_send_out_return(self) -> None:
        from ec_erp.purchasing import api

        api.send_out_returns([self.any_name("Purchase Return", newest=20)])

    def do_cancel_purchase_return(self) -> None:
        self.any("Purchase Return", newest=20).cancel()

    # selling

    def do_sell(self) -> None:
        buyer = self.random.choice(BUYERS)
        shop = self.random.choice((*SHOPS, None))
        rows = [
            {"sku": sku, "qty": self.qty(), "rate": self.price(5, 99), "warehouse": self.warehouse() if self.chance(0.4) else MAIN}
            for sku in self.skus(combos=True)
        ]  # fmt: skip
        extra: dict[str, Any] = {}
        if self.chance(0.2):
            extra["discount_amount"] = self.price(0, 5)
        if self.chance(0.2):
            extra["shipping_fee"] = self.price(1, 12)
        if self.chance(0.1):
            extra["charges"] = [{"charge_type": self._charge(), "amount": self.price(1, 9)}]
        if self.chance(0.3):
            extra["payment_type"] = "Prepaid"
        if self.chance(0.3):
            extra["origin"] = "API" if self.chance(0.5) else "Channel"
        self.submit("Sales Order", company=COMPANY, customer=buyer, shop=shop, items=rows, warehouse=MAIN,
                    receiver_name=buyer, receiver_phone="13900001111", receiver_province="浙江省",
                    receiver_city="杭州市", receiver_district="西湖区", receiver_address="文一西路1号", **extra)  # fmt: skip

    def _charge(self) -> str:
        names: list[str] = self.frappe.get_all("Charge Type", pluck="name", order_by="name asc")
        return self.random.choice(names)

    def do_pay(self) -> None:
        order = self.likely("Sales Order", docstatus=1, payment_state=("!=", "Paid"))
        amount = order.grand_total if self.chance(0.7) else self.price(1, max(2, order.grand_total))
        reference = {"reference_doctype": "Sales Order", "reference_name": order.name, "allocated_amount": amount}
        self.submit("Payment Entry", payment_type="Receive" if self.chance(0.9) else "Pay", company=COMPANY,
                    party_type="Customer", party=order.customer, paid_amount=amount, posting_datetime=self.moment(),
                    fee_amount=0.5 if self.chance(0.2) and amount > 2 else 0, references=[reference])  # fmt: skip

    def do_cancel_payment(self) -> None:
        self.any("Payment Entry").cancel()

    def do_audit(self) -> None:
        self._order_action("audit_orders")

    def do_reserve_missing(self) -> None:
        from ec_erp.orders import api

        names = {self.any_name("Sales Order") for _ in range(3)}
        live = [name for name in names if self.frappe.db.get_value("Sales Order", name, "docstatus") == 1]
        if live:
            api.reserve_missing(sorted(live))

    def do_mark_paid(self) -> None:
        self._order_action("pay_orders")

    def do_process_again(self) -> None:
        self._order_action("process_orders")

    def do_block(self) -> None:
        self._order_action("block_orders")

    def do_unblock(self) -> None:
        self._order_action("unblock_orders")

    def do_recall(self) -> None:
        self._order_action("recall_orders")

    def _order_action(self, action: str) -> None:
        from ec_erp.orders import api

        getattr(api, action)([self.any_name("Sales Order", newest=40)])

    def do_merge(self) -> None:
        from ec_erp.orders import api

        order = self.likely("Sales Order", status=("in", ("To Audit", "To Process")), merge_key=("is", "set"))
        same = {
            "merge_key": order.merge_key,
            "status": ("in", ("To Audit", "To Process")),
            "warehouse": order.warehouse,
        }
        names = self.frappe.get_all("Sales Order", filters=same, pluck="name", order_by="name desc", limit=3)
        self.remember("Sales Order", api.merge_orders(names))

    def do_split(self) -> None:
        from ec_erp.orders import api

        order = self.likely("Sales Order", status=("in", ("To Audit", "To Process")))
        row = self.random.choice(order.items)
        self.remember("Sales Order", *api.split_order(order.name, {row.name: self.qty(int(row.qty) + 1)}))

    def do_undo_merge(self) -> None:
        from ec_erp.orders import api

        merged = self.frappe.get_all("Sales Order", filters={"origin": "Merge", "docstatus": 1}, pluck="name",
                                     order_by="name desc", limit=10)  # fmt: skip
        if not merged:
            raise Nothing
        api.undo_merge(self.random.choice(merged))

    def do_undo_split(self) -> None:
        from ec_erp.orders import api

        split = self.frappe.get_all(
            "Sales Order", filters={"status": "Split"}, pluck="name", order_by="name desc", limit=10
        )
        if not split:
            raise Nothing
        api.undo_split(self.random.choice(split))

    def do_edit(self) -> None:
        from ec_erp.orders import api

        order = self.any("Sales Order", newest=30)
        row = self.random.choice(order.items)
        api.edit_order(order.name, lines=[{"name": row.name, "qty": self.qty()}], note="changed their mind")

    def do_cancel_order(self) -> None:
        self.any("Sales Order", newest=60).cancel()

    def do_deliver(self) -> None:
        order = self.likely("Sales Order", status="To Ship", is_blocked=0)
        extra: dict[str, Any] = {}
        if self.chance(0.4):
            row = self.random.choice(order.items)
            extra["items"] = [{"sku": row.sku, "qty": self.qty(int(row.qty)), "sales_order_item": row.name}]
        elif any(row.sku in PIECES for row in order.items):
            extra["items"] = [
                {"sku": row.sku, "qty": int(row.qty - row.delivered_qty), "sales_order_item": row.name}
                for row in order.items
                if row.qty > row.delivered_qty
            ]
        for row in extra.get("items", []):
            self.tell_leaving(row, next(one.warehouse for one in order.items if one.name == row["sales_order_item"]))
        if self.chance(0.1):
            extra["warehouse"] = self.warehouse()
        self.submit("Delivery Note", sales_order=order.name, posting_datetime=self.moment(), **extra)

    def do_sell_over_the_counter(self) -> None:
        warehouse = self.warehouse()
        self.submit("Delivery Note", company=COMPANY, customer=self.random.choice(BUYERS), warehouse=warehouse,
                    posting_datetime=self.moment(), items=self.leaving(warehouse, rate=self.price(5, 99)))  # fmt: skip

    def do_take_back(self) -> None:
        note = self.likely("Delivery Note", status=("in", ("Shipped", "Part Returned")))
        rows = [
            {"sku": row.sku, "qty": self.qty(int(row.qty)), "return_against_item": row.name, "told": row.serials}
            for row in note.items
            if self.chance(0.6)
        ]
        for row in rows:
            row["serials"] = self.some_of(row.pop("told"), row["qty"])
        if not rows:
            raise Nothing
        if self.chance(0.2):
            rows[0]["grade"] = "Defective"
        doc = self.make("Delivery Note", is_return=1, return_against=note.name, items=rows).submit()
        self.remember("Return", doc.name)

    def do_cancel_delivery(self) -> None:
        self.any("Delivery Note", newest=30).cancel()

    def do_cancel_return(self) -> None:
        self.frappe.get_doc("Delivery Note", self.any_name("Return", newest=20)).cancel()

    # moving and counting

    def do_transfer(self) -> None:
        source, target = self.random.sample((MAIN, EAST, BINS, LOOSE, WAVES), 2)
        self.submit("Stock Transfer", company=COMPANY, from_warehouse=source, to_warehouse=target,
                    items=self.leaving(source))  # fmt: skip

    def do_send_transfer(self) -> None:
        self.likely("Stock Transfer", status="Approved").send()

    def do_receive_transfer(self) -> None:
        transfer = self.likely("Stock Transfer", status=("in", ("Out", "Part In")))
        if self.chance(0.5):
            transfer.receive()
        else:
            transfer.receive({row.name: self.random.randint(0, int(row.qty)) for row in transfer.items})

    def do_settle_transfer(self) -> None:
        self.likely("Stock Transfer", status=("in", ("Out", "Part In"))).settle(self.random.choice(("Loss", "Back")))

    def do_cancel_transfer(self) -> None:
        self.any("Stock Transfer", newest=15).cancel()

    def do_count(self) -> None:
        warehouse, now = self.random.choice((MAIN, EAST, BINS)), self.frappe.utils.now_datetime()
        balances = self.frappe.get_all("Stock Balance", filters={"warehouse": warehouse, "sku": ("in", PLAIN + FIFO)},
                                       fields=["sku", "on_hand", "defective"], order_by="sku asc")  # fmt: skip
        if not balances:
            raise Nothing
        chosen = self.random.sample(balances, min(len(balances), 3))
        rows = [
            {"sku": row.sku, "counted_qty": max(0, row.on_hand - row.defective + self.random.choice((-2, -1, 0, 0, 1, 3))),
             "counted_at": now - timedelta(seconds=self.random.choice((0, 0, 30))),
             **({"bin": self.bins[0]} if warehouse == BINS else {})}
            for row in chosen
        ]  # fmt: skip
        self.submit("Stock Count", company=COMPANY, warehouse=warehouse, scope="Listed", items=rows)

    def do_count_batches(self) -> None:
        warehouse = self.random.choice((MAIN, EAST, BINS, WAVES))
        filters = {"warehouse": warehouse, "sku": ("in", BATCHED), "grade": "Good", "batch": ("is", "set")}
        places = self.frappe.get_all("Bin Balance", filters=filters, fields=["sku", "bin", "batch", "on_hand"],
                                     order_by="sku asc, bin asc, batch asc")  # fmt: skip
        if not places:
            raise Nothing
        rows = [
            {"sku": place.sku, "bin": place.bin, "batch": place.batch, "counted_at": self.frappe.utils.now_datetime(),
             "counted_qty": max(0, place.on_hand + self.random.choice((-1, 0, 2)))}
            for place in self.random.sample(places, min(len(places), 2))
        ]  # fmt: skip
        self.submit("Stock Count", company=COMPANY, warehouse=warehouse, scope="Listed", items=rows)

    def do_cancel_count(self) -> None:
        self.any("Stock Count", newest=10).cancel()

    def do_book_in(self) -> None:
        rows = self.arriving()
        for row in rows:
            if self.chance(0.5):
                del row["rate"]
        self.submit("Stock Entry", company=COMPANY, reason=self._reason("Receipt"), warehouse=self.warehouse(),
                    posting_datetime=self.moment(), items=rows)  # fmt: skip

    def do_book_out(self) -> None:
        warehouse = self.warehouse()
        self.submit("Stock Entry", company=COMPANY, reason=self._reason("Issue"), warehouse=warehouse,
                    posting_datetime=self.moment(), items=self.leaving(warehouse))  # fmt: skip

    def _reason(self, purpose: str) -> str:
        names: list[str] = self.frappe.get_all(
            "Stock Reason", filters={"purpose": purpose}, pluck="name", order_by="name asc"
        )
        return self.random.choice(names)

    def do_cancel_entry(self) -> None:
        self.any("Stock Entry", newest=15).cancel()

    def do_change_grade(self) -> None:
        warehouse = self.random.choice((MAIN, EAST, BINS, WAVES))
        row: dict[str, Any] = {"sku": self.random.choice(PLAIN[:4] + FIFO + WITH_BATCH + PIECES), "qty": self.qty(2)}
        self.tell_leaving(row, warehouse)
        self.submit("Grade Change", company=COMPANY, warehouse=warehouse,
                    direction=self.random.choice(("Good to Defective", "Good to Defective", "Defective to Good")),
                    items=[row])  # fmt: skip

    def do_cancel_grade_change(self) -> None:
        self.any("Grade Change", newest=10).cancel()

    # quotas

    def do_keep_quota(self) -> None:
        doc = self.make("Stock Quota", sku=self.random.choice(PLAIN[:4]), warehouse=MAIN, channel_group="Dice Club",
                        qty=self.qty(9), status="Active", exclusive=int(self.chance(0.3)),
                        top_up_percent=self.random.choice((0, 0, 10)))  # fmt: skip
        self.remember("Stock Quota", doc.name)

    def do_change_quota(self) -> None:
        quota = self.any("Stock Quota", newest=8)
        quota.qty = self.qty(12)
        quota.status = self.random.choice(("Active", "Active", "Suspended"))
        quota.save()

    def do_end_quota(self) -> None:
        from ec_erp.inventory.flows import quotas

        name = self.any_name("Stock Quota", newest=8)
        if self.frappe.db.get_value("Stock Quota", name, "status") != "Active":
            raise Nothing
        quotas.end_quotas([name], "Released")
