"""Orders are completed before they take their number, unless somebody might tell the difference."""

from contextlib import contextmanager
from unittest import mock

import frappe

from ec_erp.documents import beforehand
from ec_erp.orders.doctype.sales_order.sales_order import SalesOrder
from ec_erp.orders.errors import DuplicateOrder
from ec_erp.testing import TradeCase, make


class TestBeforehand(TradeCase):
    """An order of two cups at 20."""

    @contextmanager
    def watched(self, method="check"):
        """Note which name an order has whenever a method of it runs."""
        names, original = [], getattr(SalesOrder, method)

        def watch(doc):
            names.append(doc.name)
            return original(doc)

        with mock.patch.object(SalesOrder, method, watch):
            yield names

    def draft(self, **fields):
        return self.draft_order((self.a, 2, 20), **fields)

    @contextmanager
    def hooked(self, doctype, event):
        """Let an app listen to an event of a DocType, as far as those can tell who look for listeners."""
        get_hooks, hooks = frappe.get_hooks, {doctype: {event: ["some.app.method"]}}
        answer = lambda *key: hooks if key == ("doc_events",) else get_hooks(*key)  # noqa: E731  shorter here
        with mock.patch.object(frappe, "get_hooks", answer):
            yield

    def test_it_is_completed_and_checked_once_before_it_has_a_number(self):
        with self.watched() as names:
            order = self.draft().insert()
        assert names == [None]
        assert (order.status, order.grand_total, order.items[0].amount) == ("Draft", 40, 40)

    def test_what_other_orders_stand_against_is_looked_up_with_the_number_taken(self):
        with self.watched("check_against_others") as names:
            order = self.draft().insert()
        assert names == [order.name]

    def test_an_order_that_is_there_already_is_refused(self):
        shop = make("Shop", shop_name=f"Shop {frappe.generate_hash(length=5)}", platform="own", company=self.company)
        self.draft(shop=shop.name, platform_order_id="P-1").insert()
        with self.refused(DuplicateOrder, "P-1"):
            self.draft(shop=shop.name, platform_order_id="P-1").insert()

    def test_gaps_are_refused_by_row_before_a_number_is_taken(self):
        order = self.draft()
        order.append("items", {"qty": 1})
        with self.refused(frappe.MandatoryError, "Row 2"):
            order.insert()
        assert not order.name

    def test_what_changes_on_the_way_is_completed_again(self):
        def rename(doc):
            doc.items[0].qty = 5

        with self.watched() as names, mock.patch.object(SalesOrder, "autoname", rename):
            order = self.draft().insert()
        assert names == [None, order.name]
        assert (order.total_qty, order.grand_total) == (5, 100)

    def test_a_line_that_is_added_on_the_way_is_priced(self):
        def rename(doc):
            doc.append("items", {"sku": self.b, "qty": 1, "rate": 7})

        with mock.patch.object(SalesOrder, "autoname", rename):
            assert self.draft().insert().grand_total == 47

    def test_apps_that_listen_see_it_as_it_was_given(self):
        for doctype, event in (
            ("Sales Order", "before_insert"),
            ("Sales Order", "on_submit"),
            ("*", "before_validate"),
        ):
            with self.subTest(doctype=doctype, event=event), self.hooked(doctype, event):
                assert not beforehand.may_complete(self.draft())
        with self.hooked("*", "on_update"):
            assert beforehand.may_complete(self.draft())

    def test_apps_that_listen_to_several_doctypes_at_once_are_seen(self):
        with self.hooked(("Sales Order", "Delivery Note"), "before_insert"):
            assert not beforehand.may_complete(self.draft())

    def test_a_series_with_a_field_takes_the_field_as_it_was_given(self):
        assert not beforehand.may_complete(self.draft(naming_series="SO-.company.-.####"))
        assert beforehand.may_complete(self.draft(naming_series="SO-.YYYY.-.####"))

    def test_a_naming_rule_looks_at_the_order_as_it_was_given(self):
        assert beforehand.may_complete(self.draft())
        rule = make("Document Naming Rule", document_type="Sales Order", prefix="R-", prefix_digits=5)
        assert not beforehand.may_complete(self.draft())
        rule.disabled = 1
        rule.save()
        assert beforehand.may_complete(self.draft())

    def test_a_class_of_another_app_validates_as_it_always_did(self):
        class Theirs(SalesOrder):
            pass

        order = self.draft()
        assert beforehand.may_complete(order)
        order.__class__ = Theirs
        assert not beforehand.may_complete(order)

    def test_what_the_user_may_not_write_is_not_counted_with(self):
        assert not beforehand.may_complete(self.draft(estimated_profit=5))

    def test_validation_that_is_left_out_is_left_out(self):
        order = self.draft()
        order.flags.ignore_validate = True
        assert not beforehand.may_complete(order)

    def test_another_insert_of_it_counts_with_nothing_from_before(self):
        order = self.draft()
        order.flags.completed = beforehand.values_of(order)
        with self.watched() as names:
            order.insert()
        assert names == [None]
