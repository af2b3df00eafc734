"""Sums of movements give the same answers as the ledger read entry by entry, however far they have come."""

import datetime
import random
from decimal import Decimal

import frappe

from ec_erp.documents.store import insert_rows, lock_rows
from ec_erp.inventory.flows import checking, watching
from ec_erp.inventory.rules.watching import AGE_BOUNDS, age_bucket
from ec_erp.inventory.store import history, movements
from ec_erp.inventory.store.asked import Asked
from ec_erp.testing import TradeCase

TODAY = datetime.date(2026, 11, 20)
TYPES = ("Delivery Note", "Delivery Note", "Purchase Receipt", "Stock Transfer", "Stock Entry")


class TestMovementSum(TradeCase):
    """Random histories of four keys: sales through two shops, receipts, transfers, late entries, cancellations."""

    def setUp(self):
        super().setUp()
        self.shops = {f"{self.company} {name}": name.lower() for name in ("JD", "Taobao")}
        rows = [
            {"name": shop, "shop_name": shop, "platform": name, "company": self.company}
            for shop, name in self.shops.items()
        ]
        insert_rows("Shop", rows)
        self.asked = Asked(self.company)
        self.entries = []

    def live(self, seed):
        """Write a random history; parts of it are put into sums while it goes on."""
        self.random = random.Random(seed)
        for key in ((sku, place) for sku in (self.a, self.b) for place in (self.warehouse, self.other_warehouse)):
            names = []
            own = [self.entry(key, seq, names) for seq in range(1, 60)]
            insert_rows("Delivery Note", [{"name": f"N-{e['name']}", "shop": e.pop("shop")} for e in own])
            self.write(key, own)
            self.entries += own

    def entry(self, key, seq, standing):
        """Return one entry: mostly a movement of the last two years, else the cancellation of an earlier one."""
        sku, place = key
        day = TODAY - datetime.timedelta(days=int(self.random.triangular(0, 700, 0)))
        moment = datetime.datetime.combine(day, datetime.time(self.random.randrange(24), 30))
        row = {"name": f"{sku}-{place}-{seq:04}", "sku": sku, "warehouse": place, "company": self.company, "seq": seq}
        row |= {"posting_datetime": moment, "grade": "Good", "is_reversal": 0, "reverses": None, "qty_after": 0}
        if standing and self.random.random() < 0.2:
            undone = standing.pop(self.random.randrange(len(standing)))
            same = ("voucher_type", "shop", "voucher_no")
            return row | {field: undone[field] for field in same} | {
                "qty_change": -undone["qty_change"], "value_change": round(-undone["value_change"] - 1, 2), "is_reversal": 1,
                "reverses": undone["name"],
            }  # fmt: skip
        kind = self.random.choice(TYPES)
        qty = self.random.randint(1, 9) * (-1 if self.random.random() < (0.9 if kind == TYPES[0] else 0.3) else 1)
        value = round(qty * self.random.choice((1.5, 9.99, 0.01)), 2)
        row |= {"voucher_type": kind, "qty_change": qty, "value_change": value, "voucher_no": f"N-{row['name']}"}
        standing.append(row | {"shop": (shop := self.random.choice([*self.shops, None]))})
        return row | {"shop": shop}

    def write(self, key, own):
        """Write entries in pieces, as postings and the scheduled job would meet."""
        name = "|".join(key)
        on_hand = sum(entry["qty_change"] for entry in own)
        head = {"name": name, "sku": key[0], "warehouse": key[1], "company": self.company, "on_hand": on_hand}
        insert_rows("Stock Balance", [head | {"entry_count": 0, "checkpoint_seq": 0, "value": 0, "available": 0}])
        written = 0
        for upto in [*sorted(self.random.sample(range(1, 59), 3)), len(own)]:
            insert_rows("Stock Ledger Entry", own[written:upto])
            frappe.db.set_value("Stock Balance", name, "entry_count", upto)
            written = upto
            if upto < len(own) or self.random.random() < 0.5:
                history.add_checkpoints([name], self.random.choice((7, 100)))

    def histories(self):
        for seed in range(4):
            frappe.db.savepoint("before_history")
            with self.subTest(seed=seed):
                self.entries = []
                self.live(seed)
                yield
            frappe.db.rollback(save_point="before_history")

    def stands(self):
        """Return the entries that no other one undoes."""
        undone = {entry["reverses"] for entry in self.entries}
        return [entry for entry in self.entries if not entry["is_reversal"] and entry["name"] not in undone]

    def added_up(self, entries, at, amount):
        totals = {}
        for entry in entries:
            totals[at(entry)] = totals.get(at(entry), 0) + Decimal(str(amount(entry)))
        return {key: total for key, total in totals.items() if total}

    def test_sales_and_changes_by_day(self):
        first = TODAY - datetime.timedelta(days=45)
        for _ in self.histories():
            recent = [entry for entry in self.entries if entry["posting_datetime"].date() >= first]
            sold, changes = movements.load_days(self.asked, first)
            by_day = lambda entry: (key_of(entry), entry["posting_datetime"].date())  # noqa: E731  a word for two lines
            assert flat(changes) == self.added_up(recent, by_day, lambda entry: entry["qty_change"])
            assert flat(sold) == self.added_up(filter(is_sale, recent), by_day, lambda entry: -entry["qty_change"])

    def test_what_was_sold_and_when_last(self):
        first = TODAY - datetime.timedelta(days=100)
        for _ in self.histories():
            recent = [e for e in self.entries if is_sale(e) and e["posting_datetime"].date() >= first]
            expected, last = self.added_up(recent, key_of, lambda entry: -entry["qty_change"]), {}
            for entry in self.stands():
                if is_sale(entry) and entry["qty_change"] < 0:
                    day = entry["posting_datetime"].date()
                    last[key_of(entry)] = max(day, last.get(key_of(entry), day))
            found = movements.load_sold(self.asked, first)
            assert {key: qty for key, (qty, _) in found.items() if qty} == expected
            assert {key: day for key, (_, day) in found.items() if day} == last

    def test_receipts_by_age(self):
        for _ in self.histories():
            for by_warehouse in (False, True):
                found = movements.load_received(self.asked, TODAY, by_warehouse=by_warehouse)
                came = [e for e in self.stands() if e["qty_change"] > 0]
                came = [e for e in came if by_warehouse or e["voucher_type"] != "Stock Transfer"]
                at = lambda e: (e["sku"], e["warehouse" if by_warehouse else "company"], age_of(e))  # noqa: E731, B023
                flat_found = {
                    (*place, bucket): qty for place, ages in found.items() for bucket, qty in enumerate(ages) if qty
                }
                assert flat_found == self.added_up(came, at, lambda entry: entry["qty_change"])

    def test_cost_of_sales_by_platform(self):
        first, last = TODAY - datetime.timedelta(days=200), TODAY - datetime.timedelta(days=5)
        for _ in self.histories():
            shops = dict(frappe.get_all("Delivery Note", {"name": ("like", "N-%")}, ["name", "shop"], as_list=True))
            inside = [e for e in self.entries if is_sale(e) and first <= e["posting_datetime"].date() <= last]
            at = lambda e: (key_of(e), self.shops.get(shops.get(e["voucher_no"])))  # noqa: E731, B023
            found = {}
            for row in movements.load_cost_of_sales(self.asked, first, last):
                where = (movements.StockKey(row["sku"], row["warehouse"]), row["platform"])
                found[where] = found.get(where, 0) + row["cost"]
            assert {at: cost for at, cost in found.items() if cost} == self.added_up(
                inside, at, lambda e: -e["value_change"]
            )

    def test_average_values(self):
        samples = watching.sample_days(TODAY - datetime.timedelta(days=150), TODAY - datetime.timedelta(days=3))
        for _ in self.histories():
            found = movements.load_average_values(self.asked, samples)
            expected = self.added_up(
                [e for sample in samples for e in self.entries if e["posting_datetime"].date() <= sample],
                key_of, lambda e: e["value_change"],
            )  # fmt: skip
            assert found == {key: total / len(samples) for key, total in expected.items()}

    def test_the_check_finds_sums_that_do_not_hold_what_they_should(self):
        self.buy(self.a, 5, 10)
        name = f"{self.a}|{self.warehouse}"
        history.add_checkpoints([name], 100)
        assert lock_rows("Stock Balance", [name], ["checkpoint_seq"])[name]["checkpoint_seq"] == 1
        moment = frappe.utils.now_datetime()
        assert checking.check_stock([self.a], moment) == 0
        row = frappe.db.get_value("Movement Sum", {"sku": self.a, "period": "Day"})
        frappe.db.set_value("Movement Sum", row, "qty", 4, update_modified=False)
        assert checking.check_stock([self.a], moment) == 1

    def test_the_replay_finds_the_same_and_what_is_wrong(self):
        self.buy(self.a, 9, 10, posting_datetime="2026-01-31 10:00:00")
        self.deliver(self.order((self.a, 2, 20)), posting_datetime="2026-02-01 10:00:00").cancel()
        history.add_checkpoints([f"{self.a}|{self.warehouse}"], 100)
        replay = frappe.get_attr("ec_erp.replay.flows.stock.stock_differences")
        about = lambda: [str(one) for one in replay() if self.a in one.where]  # noqa: E731
        assert about() == []
        row = frappe.db.get_value("Movement Sum", {"sku": self.a, "period": "Day", "period_start": "2026-02-01"})
        frappe.db.set_value("Movement Sum", row, "left_qty", 2, update_modified=False)
        assert about() == [f"{self.a} in {self.warehouse}, Movement Sum Day 2026-02-01: left_qty is 2, rebuilt 0"]

    def test_asking_costs_a_fixed_number_of_statements(self):
        self.live(1)
        with self.at_most(5):
            watching.slow_movers(self.asked, TODAY, days=90, slow_cover=Decimal(180))
        with self.at_most(4):
            watching.ageing(self.asked, TODAY)


def is_sale(entry):
    return entry["voucher_type"] == "Delivery Note"


def key_of(entry):
    return movements.StockKey(entry["sku"], entry["warehouse"])


def age_of(entry):
    return age_bucket(min((TODAY - entry["posting_datetime"].date()).days, AGE_BOUNDS[-1] + 1))


def flat(days):
    return {(key, day): qty for key, own in days.items() for day, qty in own.items() if qty}
