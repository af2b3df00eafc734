"""The way of orders through the warehouse: draft, wave, pick, check, pack, weigh, hand over, and what stops it."""

from decimal import Decimal

import frappe

from ec_erp.fulfilment.errors import DeliveryRefused, OverDelivery, SurplusItem, WrongItem
from ec_erp.fulfilment.flows import checking, outbound, packing, picking, recalling, waves
from ec_erp.orders import flows as orders
from ec_erp.orders.errors import OrderNotReady
from ec_erp.testing import TradeCase, again, counting, make, new

ONE = Decimal(1)


class WarehouseCase(TradeCase):
    """A warehouse with bins P1, P2 (pick), R1 (receiving) that works in waves, and a carrier with numbers."""

    def setUp(self):
        super().setUp()
        for zone, kind in (("P", "Pick"), ("R", "Reserve")):
            values = {"warehouse": self.warehouse, "zone_code": zone, "zone_name": zone, "zone_type": kind}
            make("Warehouse Zone", **values)
        for at, code in enumerate(("P1", "P2", "R1")):
            zone = f"{self.warehouse}-{code[0]}"
            make("Storage Bin", warehouse=self.warehouse, bin_code=code, zone=zone, route_order=at)
        warehouse = frappe.get_doc("Warehouse", self.warehouse)
        warehouse.update({"has_bins": 1, "receiving_bin": self.bin("R1")})
        warehouse.save()
        frappe.db.set_value("SKU", self.a, "weight_g", 200)
        frappe.db.set_value("SKU", self.b, "weight_g", 100)
        self.stock_up(self.a, 30, "P1")
        self.stock_up(self.b, 30, "P2")
        carrier = make("Carrier", carrier_name=f"Fast {self.company}").name
        values = {"carrier": carrier, "prefix": "F", "digits": 6, "next_number": 1, "last_number": 100}
        self.account = make("Waybill Account", account_name=f"Fast {self.company}", **values)
        self.carrier = carrier
        self.rule = make("Wave Rule", rule_name=f"Rule {self.company}", warehouse=self.warehouse, min_orders=1)

    def bin(self, code):
        return f"{self.warehouse}-{code}"

    def stock_up(self, sku, qty, code):
        items = [{"sku": sku, "qty": qty, "rate": 3, "warehouse": self.warehouse, "bin": self.bin(code)}]
        frappe.get_doc(
            {"doctype": "Purchase Receipt", "company": self.company, "supplier": self.supplier, "items": items}
        ).submit()

    def staged(self, *lines):
        order = self.order(*lines, carrier=self.carrier)
        (note,) = outbound.store.load_orders_with_drafts([order.name])[order.name]
        return order, note

    def waved(self, *lines):
        order, note = self.staged(*lines)
        (wave,) = waves.run_rules([self.warehouse], due_only=False)
        (task,) = frappe.get_all("Pick Task", filters={"wave": wave}, pluck="name")
        return order, note, wave, task

    def pick_all(self, task):
        for stop in picking.start_task(task, "Administrator"):
            picking.pick(task, stop["name"], Decimal(str(stop["qty"])))

    def checked(self, *lines):
        order, note, wave, task = self.waved(*lines)
        self.pick_all(task)
        for sku, qty, _ in lines:
            checking.scan(note, sku, Decimal(qty))
        return order, note, wave

    def packed(self, *lines):
        order, note, _ = self.checked(*lines)
        (parcel,) = packing.pack([note])[note]
        return order, note, frappe.get_doc("Parcel", parcel)

    def stage(self, note):
        return frappe.db.get_value("Delivery Note", note, "stage")

    def allocated(self, code="P1"):
        return frappe.db.get_value("Bin Balance", {"bin": self.bin(code)}, "allocated") or 0


class TestWave(WarehouseCase):
    """One order goes the whole way; others are stopped on it."""

    def test_the_whole_way(self):
        order, note, wave, task = self.waved((self.a, 2, 20), (self.b, 1, 5))
        assert (self.stage(note), frappe.db.get_value("Wave", wave, "why")) == ("To Pick", "Enough orders are there")
        stops = picking.start_task(task, "Administrator")
        assert [(stop["bin"], stop["sku"], stop["qty"]) for stop in stops] == [
            (self.bin("P1"), self.a, 2),
            (self.bin("P2"), self.b, 1),
        ]
        assert (again(order).status, self.allocated()) == ("Picking", 2)
        self.pick_all(task)
        assert (self.stage(note), again(order).picked) == ("Picked", 1)
        checking.scan(note, self.a, Decimal(2))
        lines = checking.scan(note, self.b, ONE)
        assert (self.stage(note), [line.left for line in lines]) == ("Checked", [0, 0])
        (name,) = packing.pack([note])[note]
        parcel = frappe.get_doc("Parcel", name)
        assert (parcel.waybill_no, parcel.expected_weight_g, again(order).status) == ("F000001", 550, "Packed")
        assert packing.weigh("F000001", Decimal(560))[0] == "ok"
        assert packing.hand_over_parcel("F000001")[0] is True
        shown = frappe.get_doc("Delivery Note", note)
        assert (shown.docstatus, shown.stage, shown.waybill_no, shown.weighed) == (1, "Handed Over", "F000001", 1)
        assert (again(order).status, self.stock(self.a)["on_hand"], self.allocated()) == ("Shipped", 28, 0)
        assert frappe.db.get_value("Wave", wave, "status") == "Done"
        assert frappe.db.get_value("Bin Balance", {"bin": self.bin("P1")}, "on_hand") == 28

    def test_wrong_and_surplus_items_stop(self):
        _, note, _, task = self.waved((self.a, 2, 20))
        self.pick_all(task)
        with self.refused(WrongItem, "Plate does not belong"):
            checking.scan(note, self.b, ONE)
        with self.refused(SurplusItem, "too many"):
            checking.scan(note, self.a, Decimal(3))
        assert [line.checked for line in checking.lines_of(note)] == [0]

    def test_an_intercepted_order_stops_every_scan(self):
        order, note, _, task = self.waved((self.a, 2, 20))
        self.pick_all(task)
        orders.block_orders({order.name: "buyer asks for money"}, "Refund Applied", "test")
        with self.refused(OrderNotReady, "Refund Applied"):
            checking.scan(note, self.a, ONE)
        orders.unblock_orders([order.name], "Refund Applied")
        checking.scan(note, self.a, Decimal(2))
        packing.pack([note])
        orders.block_orders({order.name: ""}, "Refund Applied", "test")
        with self.refused(OrderNotReady, "Refund Applied"):
            packing.hand_over_parcel("F000001")

    def test_a_recalled_order_gives_its_bins_back(self):
        order, note, wave, _ = self.waved((self.a, 2, 20))
        assert self.allocated() == 2
        orders.recall_orders([order.name], "buyer changed their mind")
        assert (frappe.db.exists("Delivery Note", note), self.allocated()) == (None, 0)
        assert frappe.db.get_value("Wave Order", {"parent": wave}, "state") == "Taken Out"

    def test_goods_of_a_recalled_order_are_put_back(self):
        order, note, _ = self.checked((self.a, 2, 20))
        packing.pack([note])
        orders.recall_orders([order.name], "buyer changed their mind")
        assert self.stage(note) == "To Put Back"
        with self.refused(OrderNotReady):
            checking.scan(note, self.a, ONE)
        assert frappe.db.get_value("Parcel", {"delivery_note": note}, "waybill_state") == "To Recycle"
        assert self.allocated() == 2  # nobody is sent to fetch what is not in the bin
        frappe.call("ec_erp.fulfilment.api.put_back", names=[note])
        assert (frappe.db.exists("Delivery Note", note), self.allocated()) == (None, 0)
        assert frappe.db.get_value("Put Back Task", {"delivery_note": note}, "status") == "Done"

    def test_an_order_that_goes_on_meanwhile_gets_a_new_draft_when_its_goods_are_back(self):
        order, note, _ = self.checked((self.a, 2, 20))
        orders.recall_orders([order.name], "wrong address")
        task = frappe.get_last_doc("Put Back Task", {"delivery_note": note}).name
        orders.unblock_orders([order.name], "")
        orders.audit_orders([order.name])
        assert again(order).status == "To Ship"
        frappe.call("ec_erp.fulfilment.api.finish_putting_back", names=[task])
        (fresh,) = outbound.store.load_orders_with_drafts([order.name])[order.name]
        assert (self.stage(fresh), self.allocated()) == ("To Wave", 0)

    def test_recycled_numbers_are_used_again(self):
        order, note, _ = self.checked((self.a, 2, 20))
        packing.pack([note])
        orders.recall_orders([order.name], "no")
        _, _, parcel = self.packed((self.a, 1, 20))
        assert (parcel.waybill_no, again(self.account).next_number) == ("F000001", 2)

    def test_a_shortage_becomes_a_task_of_its_own(self):
        self.stock_up(self.a, 5, "P2")
        _, _, _, task = self.waved((self.a, 3, 20))
        (stop,) = picking.start_task(task, "Administrator")
        picking.pick(task, stop["name"], ONE)
        other = picking.report_short(task, stop["name"])
        (missing,) = frappe.get_doc("Pick Task", other).items
        assert (missing.bin, missing.qty, missing.sku) == (self.bin("P2"), 2, self.a)
        assert frappe.db.get_value("Pick Task", task, "status") == "Picked"

    def short_of(self, task, picked):
        """Pick some of a task's only stop and say that the rest is not there; return the task that fetches it."""
        (stop,) = picking.start_task(task, "Administrator")
        if picked:
            picking.pick(task, stop["name"], Decimal(picked))
        return picking.report_short(task, stop["name"])

    def rows(self, note):
        return [(row.bin, row.qty, row.allocated_qty) for row in frappe.get_doc("Delivery Note", note).items]

    def test_goods_leave_the_bins_they_were_really_taken_from(self):
        self.stock_up(self.a, 5, "P2")
        order, note, _, task = self.waved((self.a, 3, 20))
        other = self.short_of(task, 1)
        assert self.rows(note) == [(self.bin("P1"), 1, 1), (self.bin("P2"), 2, 2)]
        assert (self.allocated(), self.stage(note)) == (1, "Picking")
        self.pick_all(other)
        checking.scan(note, self.a, Decimal(3))
        packing.pack([note])
        packing.weigh("F000001", Decimal(650))
        packing.hand_over_parcel("F000001")
        in_bins = frappe.get_all(
            "Bin Balance", {"sku": self.a, "warehouse": self.warehouse}, ["bin", "on_hand", "allocated"]
        )
        assert {row.bin: (row.on_hand, row.allocated) for row in in_bins} == {
            self.bin("P1"): (29, 0),
            self.bin("P2"): (3, 0),
        }
        assert again(order).status == "Shipped"

    def test_the_last_baskets_go_without(self):
        self.stock_up(self.a, 5, "P2")
        first, last = (self.staged((self.a, 2, 20))[1] for _ in range(2))
        (wave,) = waves.run_rules([self.warehouse], due_only=False)
        (task,) = frappe.get_all("Pick Task", filters={"wave": wave}, pluck="name")
        other = self.short_of(task, 3)
        assert self.rows(first) == [(self.bin("P1"), 2, 2)]
        assert self.rows(last) == [(self.bin("P1"), 1, 1), (self.bin("P2"), 1, 1)]
        assert [row.baskets for row in frappe.get_doc("Pick Task", other).items] == ["2 × 1"]

    def test_a_short_bin_is_to_be_counted_and_left_alone_until_then(self):
        self.stock_up(self.a, 5, "P2")
        _, _, _, task = self.waved((self.a, 3, 20))
        self.short_of(task, 1)
        (name,) = frappe.get_all("Stock Count", {"warehouse": self.warehouse, "reference_no": task}, pluck="name")
        count = frappe.get_doc("Stock Count", name)
        assert (count.status, [(row.sku, row.bin) for row in count.items]) == ("To Count", [(self.a, self.bin("P1"))])
        _, second, _, _ = self.waved((self.a, 2, 20))
        assert self.rows(second) == [(self.bin("P2"), 2, 2)]
        count.scan([{"sku": self.a, "bin": self.bin("P1"), "qty": 9}])  # and one lies in a basket
        again(count).submit()
        assert (again(count).items[0].variance, self.in_bin("P1")) == (-20, 10)
        _, third, _, _ = self.waved((self.a, 4, 20))
        assert self.rows(third) == [(self.bin("P1"), 4, 4)]

    def in_bin(self, code):
        return frappe.db.get_value("Bin Balance", {"bin": self.bin(code), "sku": self.a}, "on_hand")

    def test_goods_in_baskets_are_no_difference_of_a_count(self):
        _, note, _ = self.checked((self.a, 3, 20))
        items = [{"sku": self.a, "bin": self.bin("P1")}]
        count = make("Stock Count", warehouse=self.warehouse, scope="Listed", items=items)
        count.start()
        count.scan([{"sku": self.a, "bin": self.bin("P1"), "qty": 27}])
        again(count).submit()
        assert (again(count).items[0].variance, self.in_bin("P1")) == (0, 30)
        packing.pack([note])
        packing.weigh("F000001", Decimal(650))
        packing.hand_over_parcel("F000001")
        assert self.in_bin("P1") == 27

    def test_nor_where_there_are_no_bins(self):
        self.buy(self.a, 20, 5, warehouse=self.other_warehouse)
        make("Wave Rule", rule_name=f"plain {self.other_warehouse}", warehouse=self.other_warehouse)
        self.order((self.a, 4, 20), carrier=self.carrier, warehouse=self.other_warehouse)
        (wave,) = waves.run_rules([self.other_warehouse], due_only=False)
        (task,) = frappe.get_all("Pick Task", filters={"wave": wave}, pluck="name")
        self.pick_all(task)
        count = make("Stock Count", warehouse=self.other_warehouse, scope="Listed", items=[{"sku": self.a}])
        count.start()
        count.scan([{"sku": self.a, "qty": 16}])
        again(count).submit()
        on_hand = frappe.db.get_value("Stock Balance", f"{self.a}|{self.other_warehouse}", "on_hand")
        assert (again(count).items[0].variance, on_hand) == (0, 20)

    def test_goods_picked_after_the_scan_were_counted_in_their_bin(self):
        _, _, _, task = self.waved((self.a, 3, 20))
        items = [{"sku": self.a, "bin": self.bin("P1")}]
        count = make("Stock Count", warehouse=self.warehouse, scope="Listed", items=items)
        count.start()
        count.scan([{"sku": self.a, "bin": self.bin("P1"), "qty": 30}])
        self.pick_all(task)
        again(count).submit()
        assert (again(count).items[0].variance, self.in_bin("P1")) == (0, 30)

    def test_a_bin_is_counted_once_for_many_shortages(self):
        _, _, _, task = self.waved((self.a, 3, 20))
        self.short_of(task, 1)
        frappe.db.set_value("Stock Count", {"reference_no": task}, "reference_no", "PK-EARLIER")
        ask = frappe.get_attr(frappe.get_hooks("ec_erp_bins_short")[0])
        assert ask(self.warehouse, [(self.a, self.bin("P1"), "")], task) is None

    def test_what_lay_nowhere_is_fetched_when_it_is_there_again(self):
        _, note, wave, task = self.waved((self.a, 3, 20))
        assert self.short_of(task, 1) is None
        assert self.rows(note) == [(self.bin("P1"), 1, 1), (None, 2, 0)]
        (short,) = frappe.get_all("Pick Task", {"shortage_of": task, "status": "Short"}, pluck="name")
        listed = frappe.call("ec_erp.orders.inbox_api.list_exceptions", filters={"code": "Picked Short"})["rows"]
        assert short in [row["reference_name"] for row in listed]
        assert frappe.call("ec_erp.fulfilment.api.fetch_again", names=[short]) == {}
        self.stock_up(self.a, 5, "P2")
        made = frappe.call("ec_erp.fulfilment.api.fetch_again", names=[short])[short]
        assert self.rows(note) == [(self.bin("P1"), 1, 1), (self.bin("P2"), 2, 2)]
        assert frappe.db.get_value("Pick Task", short, "status") == "Cancelled"
        self.pick_all(made)
        assert frappe.db.get_value("Wave", wave, "status") == "Picked"

    def test_a_recalled_order_gives_back_what_a_shortage_has_taken(self):
        self.stock_up(self.a, 5, "P2")
        order, note, _, task = self.waved((self.a, 3, 20))
        self.short_of(task, 1)
        orders.recall_orders([order.name], "no")
        frappe.call("ec_erp.fulfilment.api.put_back", names=[note])
        held = frappe.get_all("Bin Balance", {"sku": self.a, "warehouse": self.warehouse}, pluck="allocated")
        assert held == [0] * len(held)

    def test_what_lies_nowhere_is_said(self):
        _, _, _, task = self.waved((self.a, 3, 20))
        (stop,) = picking.start_task(task, "Administrator")
        assert picking.report_short(task, stop["name"]) is None
        shown = frappe.get_all("Pick Task", filters={"shortage_of": task}, fields=["status"])
        assert [row.status for row in shown] == ["Short"]

    def test_goods_from_two_bins_are_two_rows(self):
        self.stock_up(self.a, 20, "P2")
        _, note, _, _ = self.waved((self.a, 45, 20))
        rows = frappe.get_doc("Delivery Note", note).items
        assert [(row.bin, row.qty, row.allocated_qty) for row in rows] == [
            (self.bin("P1"), 30, 30),
            (self.bin("P2"), 15, 15),
        ]

    def test_a_task_belongs_to_one_picker(self):
        _, _, _, task = self.waved((self.a, 1, 20))
        picking.start_task(task, "Administrator")
        with self.refused(DeliveryRefused, "being picked by Administrator"):
            picking.start_task(task, "Guest")

    def test_more_than_a_stop_wants_is_not_picked(self):
        _, _, _, task = self.waved((self.a, 1, 20))
        (stop,) = picking.start_task(task, "Administrator")
        with self.refused(DeliveryRefused, "too many"):
            picking.pick(task, stop["name"], Decimal(2))

    def test_packing_waits_for_the_check(self):
        _, note, _, task = self.waved((self.a, 1, 20))
        self.pick_all(task)
        with self.refused(DeliveryRefused, "can't be packed yet"):
            packing.pack([note])

    def test_a_parcel_that_weighs_something_else_is_held(self):
        order, _, parcel = self.packed((self.a, 2, 20))
        assert packing.weigh(parcel.waybill_no, Decimal(700))[0] == "held"
        assert [row.code for row in again(order).blocks] == ["Overweight"]
        with self.refused(OrderNotReady, "Overweight"):
            packing.hand_over_parcel(parcel.waybill_no)
        assert packing.weigh(parcel.waybill_no, Decimal(455))[0] == "ok"
        assert [row.code for row in again(order).blocks] == []

    def test_a_held_weight_may_be_accepted(self):
        _, _, parcel = self.packed((self.a, 2, 20))
        packing.weigh(parcel.waybill_no, Decimal(700))
        assert frappe.call("ec_erp.fulfilment.api.accept_weight", parcel=parcel.waybill_no) == "Weighed"
        assert packing.hand_over_parcel(parcel.waybill_no)[0] is True

    def test_several_parcels_leave_one_by_one(self):
        order, note, _ = self.checked((self.a, 3, 20))
        (row,) = frappe.get_doc("Delivery Note", note).items
        names = frappe.call(
            "ec_erp.fulfilment.api.pack", names=[note], parcels={note: [[[row.name, 2]], [[row.name, 1]]]}
        )
        assert len(names[note]) == 2
        assert packing.hand_over_parcel("F000001")[0] is False
        assert again(order).status == "Packed"
        assert packing.hand_over_parcel("F000002")[0] is True
        assert (again(order).status, self.stock(self.a)["on_hand"]) == ("Shipped", 27)

    def test_parcels_that_do_not_add_up_are_refused(self):
        _, note, _ = self.checked((self.a, 3, 20))
        (row,) = frappe.get_doc("Delivery Note", note).items
        with self.refused(DeliveryRefused, "too many or too few"):
            packing.pack([note], {note: [[(row.name, Decimal(2))]]})

    def test_without_numbers_the_order_is_blocked_and_goes_on_later(self):
        self.account.update({"next_number": 1, "last_number": 0, "disabled": 1})
        self.account.save()
        order, note, parcel = self.packed((self.a, 1, 20))
        assert ([row.code for row in again(order).blocks], parcel.waybill_state) == (["Waybill Failed"], "Failed")
        self.account.update({"disabled": 0})
        self.account.save()
        assert packing.fetch_waybills([note]) == {parcel.name: "F000001"}
        assert again(order).blocks == []
        packing.ship([note])
        assert again(order).status == "Shipped"

    def test_an_empty_pool_says_so(self):
        self.account.update({"next_number": 101, "last_number": 100})
        self.account.save()
        _, _, parcel = self.packed((self.a, 1, 20))
        assert "no numbers left" in parcel.waybill_problem

    def test_the_cheapest_price_table_chooses_the_carrier(self):
        other = make("Carrier", carrier_name=f"Slow {self.company}").name
        for carrier, price in ((self.carrier, 8), (other, 5)):
            bands = [{"first_weight_g": 1000, "first_price": price, "step_weight_g": 1000, "step_price": 2}]
            make("Freight Rule", title=f"{carrier} table", carrier=carrier, warehouse=self.warehouse, bands=bands)
        make("Waybill Account", account_name=other, carrier=other, prefix="S", next_number=1)
        order = self.order((self.a, 1, 20), receiver_province="浙江省")
        frappe.db.set_value("Sales Order", order.name, "carrier", None)
        (note,) = outbound.store.load_orders_with_drafts([order.name])[order.name]
        frappe.db.set_value("Delivery Note", note, {"carrier": None, "stage": "Checked"})
        (name,) = packing.pack([note])[note]
        parcel = frappe.get_doc("Parcel", name)
        assert (parcel.carrier, parcel.freight_cost) == (other, 5)
        assert f"{self.carrier} 8" in parcel.carrier_why
        frappe.local.lang = "zh"
        parcel.run_method("onload")
        assert parcel.carrier_why.endswith(f"其次：{self.carrier} 8")

    def test_a_carrier_with_its_share_makes_room_for_the_next(self):
        other = make("Carrier", carrier_name=f"Slow {self.company}", daily_cap=1).name
        for carrier, price in ((self.carrier, 8), (other, 5)):
            bands = [{"first_weight_g": 1000, "first_price": price, "step_weight_g": 1000, "step_price": 2}]
            make("Freight Rule", title=f"{carrier} table", carrier=carrier, warehouse=self.warehouse, bands=bands)
        placed = [self.order((self.a, 1, 20), receiver_province="浙江省") for _ in range(2)]
        assert [again(order).carrier for order in placed] == [other, self.carrier]
        assert "1 parcels of the day" in str(frappe.call("ec_erp.orders.api.explain_order", name=placed[1].name))

    def test_what_is_refunded_meanwhile_does_not_leave(self):
        order, note, parcel = self.packed((self.a, 3, 20))
        frappe.db.set_value("Sales Order Item", order.items[0].name, "refunded_qty", 1)
        with self.refused(OverDelivery, "only 2 are open"):
            packing.hand_over_parcel(parcel.waybill_no)
        assert (self.stage(note), self.stock(self.a)["on_hand"]) == ("Packed", 30)

    def test_two_warehouses_never_ship_an_order_twice(self):
        self.buy(self.a, 9, 3, warehouse=self.other_warehouse)
        order, _, parcel = self.packed((self.a, 3, 20))
        elsewhere = new("Delivery Note", sales_order=order.name, warehouse=self.other_warehouse,
                        items=[{"sku": self.a, "qty": 3, "warehouse": self.other_warehouse}]).insert()  # fmt: skip
        packing.hand_over_parcel(parcel.waybill_no)
        with self.refused((OverDelivery, OrderNotReady)):
            elsewhere.submit()
        assert (again(order).items[0].delivered_qty, self.stock(self.a, self.other_warehouse)["on_hand"]) == (3, 9)

    def test_orders_of_other_warehouses_have_no_draft(self):
        self.buy(self.a, 5, 3, warehouse=self.other_warehouse)
        order = self.order((self.a, 1, 20), warehouse=self.other_warehouse)
        assert outbound.store.load_orders_with_drafts([order.name]) == {}

    def test_a_blocked_order_is_not_waved(self):
        order, note = self.staged((self.a, 1, 20))
        orders.block_orders({order.name: ""}, "Manual", "test")
        assert waves.run_rules([self.warehouse], due_only=False) == []
        with self.refused(DeliveryRefused, "can't be put into a wave"):
            waves.make_wave([note])

    def test_deleting_a_draft_gives_its_bins_back(self):
        _, note, wave, _ = self.waved((self.a, 2, 20))
        frappe.db.set_value("Wave Order", {"parent": wave}, "delivery_note", None)
        frappe.delete_doc("Delivery Note", note)
        assert self.allocated() == 0

    def deliver_by_hand(self, order, qty):
        items = [{"sku": self.a, "qty": qty, "sales_order_item": order.items[0].name}]
        return new("Delivery Note", sales_order=order.name, items=items).insert().submit()

    def drafts(self, order):
        return outbound.store.load_orders_with_drafts([order.name]).get(order.name, [])

    def test_an_order_delivered_by_hand_holds_up_no_wave(self):
        order, _, wave, task = self.waved((self.a, 2, 20))
        self.deliver_by_hand(order, 2)
        assert (self.drafts(order), self.allocated()) == ([], 0)
        assert frappe.db.get_value("Wave Order", {"parent": wave}, "state") == "Taken Out"
        self.nobody_picks(wave, task)
        assert again(order).status == "Shipped"

    def test_the_rest_of_an_order_delivered_in_part_by_hand_gets_a_draft(self):
        order, note = self.staged((self.a, 5, 20))
        self.deliver_by_hand(order, 3)
        (rest,) = self.drafts(order)
        assert rest != note
        assert (frappe.get_doc("Delivery Note", rest).total_qty, self.stage(rest)) == (2, "To Wave")

    def test_a_draft_of_a_part_gives_way_where_the_rest_comes_back(self):
        order, _ = self.staged((self.a, 5, 20))
        by_hand = self.deliver_by_hand(order, 3)
        (rest,) = self.drafts(order)
        checking.scan(rest, self.a, Decimal(2))
        again(by_hand).cancel()
        assert (again(order).status, self.stage(rest)) == ("To Ship", "To Put Back")
        recalling.put_back([rest])
        (draft,) = self.drafts(order)
        assert frappe.get_doc("Delivery Note", draft).total_qty == 5

    def test_goods_picked_for_an_order_delivered_by_hand_are_put_back(self):
        order, note, _ = self.checked((self.a, 2, 20))
        self.deliver_by_hand(order, 2)
        assert (self.stage(note), again(order).checked) == ("To Put Back", 0)
        assert frappe.db.exists("Put Back Task", {"delivery_note": note, "status": "To Put Back"})

    def test_a_cancelled_order_leaves_its_wave(self):
        order, note, wave, task = self.waved((self.a, 2, 20))
        again(order).cancel()
        assert (frappe.db.exists("Delivery Note", note), self.allocated()) == (None, 0)
        self.nobody_picks(wave, task)

    def nobody_picks(self, wave, task):
        assert frappe.db.get_value("Wave", wave, "status") == "Cancelled"
        with self.refused(DeliveryRefused, "no pick task that is open"):
            picking.start_task(task, "Administrator")

    def two_in_a_wave(self):
        """Return two orders of 2 and of 3 cups and a plate in one wave, the wave and its task."""
        first, second = self.staged((self.a, 2, 20))[0], self.staged((self.a, 3, 20), (self.b, 1, 9))[0]
        (wave,) = waves.run_rules([self.warehouse], due_only=False)
        (task,) = frappe.get_all("Pick Task", filters={"wave": wave}, pluck="name")
        return first, second, wave, task

    def stops(self, task):
        rows = frappe.get_all("Pick Task Item", {"parent": task}, ["sku", "qty", "baskets"], order_by="idx asc")
        return [(row.sku, row.qty, row.baskets) for row in rows]

    def test_what_nobody_has_begun_to_pick_is_not_picked_for_an_order_that_left(self):
        first, second, wave, task = self.two_in_a_wave()
        assert self.stops(task) == [(self.a, 5, "1 × 2, 2 × 3"), (self.b, 1, "2 × 1")]
        picking.start_task(task, "Administrator")
        orders.recall_orders([second.name])
        assert (self.stops(task), self.drafts(second)) == ([(self.a, 2, "1 × 2")], [])
        assert frappe.db.get_value("Wave", wave, ["order_count", "total_qty", "status"]) == (1, 2, "Picking")
        self.pick_all(task)
        assert self.stage(self.drafts(first)[0]) == "Picked"

    def test_the_last_order_that_leaves_closes_a_wave_that_is_being_picked(self):
        first, second, wave, task = self.two_in_a_wave()
        (stop, _) = picking.start_task(task, "Administrator")
        picking.pick(task, stop["name"], Decimal(2))
        orders.recall_orders([first.name])
        assert (frappe.db.get_value("Wave", wave, "status"), self.stops(task)[0][1]) == ("Picking", 5)
        orders.recall_orders([second.name])
        self.nobody_picks(wave, task)
        assert (self.stage(self.drafts(first)[0]), self.drafts(second)) == ("To Put Back", [])

    def half_picked(self):
        """Return two orders in a wave (2 cups; 3 cups and a plate) of which 3 cups were picked, the wave and its task."""
        first, second, wave, task = self.two_in_a_wave()
        (stop, _) = picking.start_task(task, "Administrator")
        picking.pick(task, stop["name"], Decimal(3))
        return first, second, wave, task

    def to_put_back(self, order):
        parents = frappe.get_all("Put Back Task", {"sales_order": order.name}, pluck="name")
        rows = frappe.get_all("Put Back Task Item", {"parent": ["in", parents]}, ["sku", "qty"], order_by="idx asc")
        return [(row.sku, row.qty) for row in rows]

    def test_only_what_was_picked_is_put_back_when_a_half_picked_wave_is_cancelled(self):
        first, second, wave, task = self.half_picked()
        orders.recall_orders([second.name])
        orders.recall_orders([first.name])
        assert (self.to_put_back(first), self.to_put_back(second)) == ([(self.a, 2)], [(self.a, 1)])
        self.nobody_picks(wave, task)
        assert (self.allocated("P1"), self.allocated("P2")) == (3, 0)  # what lies in bins may be promised again at once
        names = frappe.get_all("Put Back Task", {"wave": wave}, pluck="name")
        frappe.call("ec_erp.fulfilment.api.finish_putting_back", names=names)
        assert (len(names), self.allocated("P1"), self.drafts(first) + self.drafts(second)) == (2, 0, [])

    def test_what_was_put_back_for_one_order_is_not_put_back_for_the_next(self):
        first, second, _, _ = self.half_picked()
        orders.recall_orders([first.name])
        frappe.call("ec_erp.fulfilment.api.put_back", names=self.drafts(first))
        orders.recall_orders([second.name])
        assert (self.to_put_back(first), self.to_put_back(second)) == ([(self.a, 2)], [(self.a, 1)])

    def test_the_others_of_a_half_picked_wave_are_picked_on(self):
        first, second, _, task = self.half_picked()
        orders.recall_orders([first.name])
        assert self.stops(task) == [
            (self.a, 5, "1 × 2, 2 × 3"),
            (self.b, 1, "2 × 1"),
        ]  # 1 of 3 lies in the second basket
        for stop in picking.start_task(task, "Administrator"):
            left = Decimal(str(stop["qty"])) - Decimal(str(stop["picked_qty"] or 0))
            picking.pick(task, stop["name"], left)
        assert (self.stage(self.drafts(second)[0]), self.to_put_back(first)) == ("Picked", [(self.a, 2)])

    def test_a_task_is_finished_when_the_rest_of_it_is_wanted_no_more(self):
        first, second, wave, task = self.two_in_a_wave()
        (stop, _) = picking.start_task(task, "Administrator")
        picking.pick(task, stop["name"], Decimal(2))
        orders.recall_orders([second.name])
        assert (self.stops(task), self.to_put_back(second)) == ([(self.a, 2, "1 × 2")], [])
        assert [frappe.db.get_value(*at, "status") for at in (("Pick Task", task), ("Wave", wave))] == ["Picked"] * 2
        assert self.stage(self.drafts(first)[0]) == "Picked"

    def test_a_wave_tells_every_reader_in_their_language_why(self):
        order, _, wave, _ = self.waved((self.a, 2, 20))
        orders.recall_orders([order.name])
        doc = frappe.get_doc("Wave", wave)
        frappe.local.lang = "zh"
        doc.run_method("onload")
        assert (doc.why, doc.orders[0].note[:3]) == ("订单数量已足够", "已召回")

    def test_an_order_stopped_at_the_start_of_its_wave_is_put_back_once_picked(self):
        order, note, _, task = self.waved((self.a, 2, 20))
        orders.block_orders({order.name: ""}, "Manual", "test")
        self.pick_all(task)
        orders.recall_orders([order.name])
        assert self.stage(note) == "To Put Back"

    def test_what_is_to_be_put_back_is_not_submitted(self):
        order, note, _ = self.checked((self.a, 2, 20))
        orders.recall_orders([order.name])
        orders.audit_orders([order.name])
        with self.refused(DeliveryRefused, "put its goods back"):
            frappe.get_doc("Delivery Note", note).submit()

    def test_a_draft_that_is_submitted_by_hand_leaves_bins_and_wave(self):
        _, note, wave, task = self.waved((self.a, 2, 20))
        frappe.get_doc("Delivery Note", note).submit()
        assert (self.stage(note), self.allocated()) == ("Handed Over", 0)
        assert frappe.db.get_value("Wave", wave, "status") == "Done"
        assert frappe.db.get_value("Pick Task", task, "status") == "Cancelled"

    def test_an_order_stopped_at_the_start_of_its_wave_is_picked_with_it(self):
        order, note, _, task = self.waved((self.a, 2, 20))
        orders.block_orders({order.name: ""}, "Manual", "test")
        stops = picking.start_task(task, "Administrator")
        orders.unblock_orders([order.name], "Manual")
        for stop in stops:
            picking.pick(task, stop["name"], Decimal(str(stop["qty"])))
        assert (self.stage(note), again(order).status) == ("Picked", "Picking")

    def test_scanning_again_from_the_beginning_keeps_the_stage(self):
        _, note = self.staged((self.a, 2, 20))
        checking.scan(note, self.a, ONE)
        checking.restart(note)
        assert self.stage(note) == "To Wave"

    def test_the_progress_of_a_cancelled_delivery_is_forgotten(self):
        order, note, _ = self.packed((self.a, 2, 20))
        packing.ship([note])
        assert again(order).handed_over == 1
        frappe.get_doc("Delivery Note", note).cancel()
        assert (again(order).status, again(order).checked, again(order).handed_over) == ("To Ship", 0, 0)

    def test_a_deleted_draft_takes_its_order_out_of_work(self):
        order, note = self.staged((self.a, 2, 20))
        checking.scan(note, self.a, Decimal(2))
        assert again(order).status == "Picking"
        frappe.delete_doc("Delivery Note", note)
        assert (again(order).status, again(order).checked) == ("To Ship", 0)

    def test_many_orders_take_as_many_statements_as_few(self):
        def way(count):
            for _ in range(count):
                self.staged((self.a, 1, 20))
            with counting() as counted:
                (wave,) = waves.run_rules([self.warehouse], due_only=False)
            notes = frappe.get_all("Wave Order", filters={"parent": wave}, pluck="delivery_note")
            assert len(notes) == count
            return len(counted)

        way(1)
        few, many = way(2), way(12)
        assert many <= few + 6, (few, many)

    def test_shipping_takes_its_orders_as_a_set(self):
        def shipped(count):
            notes = [self.checked((self.a, 1, 20))[1] for _ in range(count)]
            with counting() as counted:
                packing.pack(notes)
            return len(counted)

        shipped(1)
        few, many = shipped(2), shipped(8)
        assert many <= few + 6, (few, many)
