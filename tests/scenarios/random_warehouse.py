"""What happens on the floor of the warehouse: waves, picks, checks, parcels, putting back, moves between bins."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from random_base import BUYERS, CARRIERS, COMPANY, PIECES, PLAIN, SUPPLIERS, WAVES, WITH_BATCH, Nothing, Trader


class Floor(Trader):
    """A warehouse that works in waves, with three bins for picking and one for what is kept."""

    def make_floor(self) -> None:
        """Make zones, bins, carriers with numbers for parcels, and a rule for waves."""
        for zone, kind in (("P", "Pick"), ("R", "Reserve")):
            self.make("Warehouse Zone", warehouse=WAVES, zone_code=zone, zone_type=kind)
        for at, name in enumerate(self.places):
            code = name.removeprefix(f"{WAVES}-")
            self.make("Storage Bin", warehouse=WAVES, zone=f"{WAVES}-{code[0]}", bin_code=code, route_order=at)
        warehouse = self.frappe.get_doc("Warehouse", WAVES)
        warehouse.update({"has_bins": 1, "receiving_bin": self.places[3], "return_bin": self.places[1],
                          "defective_bin": self.places[2]})  # fmt: skip
        warehouse.save()
        for name in CARRIERS:
            self.make("Carrier", carrier_name=name)
        numbers = {"carrier": CARRIERS[0], "prefix": "X", "digits": 8, "next_number": 1, "last_number": 9_999_999}
        self.make("Waybill Account", account_name="Dice Numbers", **numbers)
        self.make("Wave Rule", rule_name="Dice Rule", warehouse=WAVES, min_orders=1, max_orders=4)

    # orders and waves

    def do_stock_bins(self) -> None:
        rows = self.arriving(most=40, bin=self.random.choice(self.places))
        self.submit("Purchase Receipt", company=COMPANY, supplier=self.random.choice(SUPPLIERS), warehouse=WAVES,
                    items=rows)  # fmt: skip

    def do_sell_from_bins(self) -> None:
        rows = [{"sku": sku, "qty": self.qty(3), "rate": self.price(5, 99), "warehouse": WAVES} for sku in self.skus()]
        carrier = CARRIERS[0] if self.chance(0.85) else self.random.choice((CARRIERS[1], None))
        self.submit("Sales Order", company=COMPANY, customer=self.random.choice(BUYERS), warehouse=WAVES, items=rows,
                    carrier=carrier, payment_type="Cash on Delivery" if self.chance(0.15) else "On Account")  # fmt: skip

    def do_make_drafts(self) -> None:
        from ec_erp.fulfilment import api

        self.order_of("To Ship")
        self.remember("Delivery Note", *api.make_outbound([self.order_of("To Ship")]))

    def order_of(self, *statuses: str) -> str:
        return self.one_of("Sales Order", warehouse=WAVES, status=("in", statuses))

    def one_of(self, kind: str, **filters: Any) -> str:
        names: list[str] = self.frappe.get_all(kind, filters=filters, pluck="name", order_by="name desc", limit=25)
        if not names:
            raise Nothing
        return self.random.choice(names)

    def draft_of(self, *stages: str) -> str:
        """Return a draft in one of some stages; now and then one in any."""
        wanted = ("in", stages) if self.chance(0.9) else ("is", "set")
        return self.one_of("Delivery Note", docstatus=0, stage=wanted)

    def do_run_waves(self) -> None:
        from ec_erp.fulfilment import api

        api.run_wave_rules([WAVES])

    def do_make_wave(self) -> None:
        from ec_erp.fulfilment import api

        api.make_wave(sorted({self.draft_of("To Wave"), self.draft_of("To Wave")}))

    # picking and checking

    def do_start_task(self) -> None:
        from ec_erp.fulfilment.flows import picking

        picking.start_task(self.one_of("Pick Task", status="To Pick"), "Administrator")

    def do_pick(self) -> None:
        from ec_erp.fulfilment.flows import picking

        task = self.one_of("Pick Task", status="Picking")
        whole = self.chance(0.8)
        for stop in self.frappe.get_doc("Pick Task", task).items:
            left = stop.qty - stop.picked_qty - stop.short_qty
            if left > 0:
                picking.pick(task, stop.name, Decimal(str(left if whole else self.qty(int(left) + 1))))
                if not whole:
                    break

    def do_report_short(self) -> None:
        from ec_erp.fulfilment.flows import picking

        task = self.frappe.get_doc("Pick Task", self.one_of("Pick Task", status="Picking"))
        picking.report_short(task.name, self.random.choice(task.items).name)

    def do_check(self) -> None:
        from ec_erp.fulfilment.flows import checking

        note = self.draft_of("Picked", "Picking")
        for line in checking.lines_of(note):
            left, sku = line.qty - line.checked, line.sku
            if left <= 0:
                continue
            here = self.pieces(sku, status="In Stock", warehouse=WAVES, grade="Good")[: int(left)]
            for serial in here:
                checking.scan(note, sku, Decimal(1), serial)
            if not here:
                checking.scan(note, sku, left)
            if self.chance(0.1):
                break

    def do_check_again(self) -> None:
        from ec_erp.fulfilment.flows import checking

        checking.restart(self.draft_of("Checked", "Picked"))

    # parcels

    def do_pack(self) -> None:
        from ec_erp.fulfilment import api

        api.pack([self.draft_of("Checked")])

    def do_fetch_waybills(self) -> None:
        from ec_erp.fulfilment import api

        api.fetch_waybills([self.draft_of("Packed")])

    def do_weigh(self) -> None:
        from ec_erp.fulfilment.flows import packing

        parcel = self.frappe.get_doc("Parcel", self.one_of("Parcel", status=("in", ("Packed", "Held"))))
        heavier = self.random.choice((1, 1, 1, 3))
        packing.weigh(parcel.name, Decimal(str(parcel.expected_weight_g)) * heavier)

    def do_accept_weight(self) -> None:
        from ec_erp.fulfilment.flows import packing

        packing.accept_weight(self.one_of("Parcel", status="Held"))

    def do_hand_over(self) -> None:
        from ec_erp.fulfilment.flows import packing

        packing.hand_over_parcel(self.one_of("Parcel", status=("in", ("Packed", "Weighed"))))

    def do_ship(self) -> None:
        from ec_erp.fulfilment import api

        self.remember("Delivery Note", *api.ship([self.draft_of("Packed")]))

    def do_submit_draft(self) -> None:
        note = self.frappe.get_doc("Delivery Note", self.draft_of("To Wave", "To Pick", "Picked", "Checked"))
        for row in note.items:
            if row.sku in PIECES:
                row.serials = "\n".join(
                    self.pieces(row.sku, status="In Stock", warehouse=WAVES, grade="Good")[: int(row.qty)]
                )
        self.remember("Delivery Note", note.submit().name)

    # putting back

    def do_recall_released(self) -> None:
        from ec_erp.orders import api

        api.recall_orders([self.order_of("To Ship", "Picking", "Packed")])

    def do_unblock_released(self) -> None:
        from ec_erp.orders import api

        api.unblock_orders([self.one_of("Sales Order", warehouse=WAVES, is_blocked=1, docstatus=1)])

    def do_put_back(self) -> None:
        from ec_erp.fulfilment import api

        api.put_back([self.draft_of("To Put Back")])

    def do_put_some_back(self) -> None:
        from ec_erp.fulfilment.flows import recalling

        task = self.frappe.get_doc("Put Back Task", self.one_of("Put Back Task", status="To Put Back"))
        row = self.random.choice(task.items)
        if self.chance(0.2):
            recalling.report_missing(task.name, row.name)
        else:
            recalling.put(
                task.name, row.sku, Decimal(self.qty(int(row.qty))), self.random.choice((row.bin, *self.places)) or ""
            )

    def do_finish_putting_back(self) -> None:
        from ec_erp.fulfilment import api

        api.finish_putting_back([self.one_of("Put Back Task", status="To Put Back")])

    def do_delete_draft(self) -> None:
        self.frappe.delete_doc("Delivery Note", self.draft_of("To Wave", "To Pick", "Checked"))

    # bins

    def do_move_between_bins(self) -> None:
        filters = {"warehouse": WAVES, "on_hand": (">", 0), "grade": "Good", "sku": ("in", PLAIN + WITH_BATCH)}
        place = self.frappe.get_doc("Bin Balance", self.one_of("Bin Balance", **filters))
        row = {"sku": place.sku, "qty": self.qty(int(place.on_hand)), "bin": place.bin, "batch": place.batch,
               "to_bin": self.random.choice(self.places)}  # fmt: skip
        self.submit("Bin Move", warehouse=WAVES, items=[row])

    def do_cancel_bin_move(self) -> None:
        self.any("Bin Move", newest=10).cancel()

    def do_switch_batch(self) -> None:
        batch = self.frappe.get_doc("Batch", self.one_of("Batch", sku=("in", WITH_BATCH)))
        batch.disabled = int(not batch.disabled and self.chance(0.3))
        batch.save()
