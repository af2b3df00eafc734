"""Customisations hear of ledger entries, and nothing is done where nobody listens."""

from unittest import mock

import frappe

from ec_erp.documents import listeners
from ec_erp.documents.ledger import PostedRow
from ec_erp.testing import TradeCase, make


class TestListeners(TradeCase):
    """Rows that stores write are announced."""

    def heard(self):
        """Receive goods; return which ledger rows were announced."""
        seen = []
        original = PostedRow.run_method

        def listen(row, method, *args, **kwargs):
            seen.append((row.doctype, method, row.voucher_no))
            return original(row, method, *args, **kwargs)

        with mock.patch.object(PostedRow, "run_method", listen):
            receipt = self.buy(self.a, 1, 10)
        return receipt.name, seen

    def test_nobody_listens(self):
        listeners.forget()
        assert self.heard()[1] == []

    def test_a_hook_of_an_app(self):
        hooks = {"GL Entry": {"after_insert": ["some.app.method"]}}
        with mock.patch.object(listeners.frappe, "get_hooks", lambda key: hooks if key == "doc_events" else {}):
            assert listeners.has_listeners("GL Entry")
            assert not listeners.has_listeners("Stock Ledger Entry")

    def test_a_notification_hears_every_row(self):
        fields = {"document_type": "GL Entry", "event": "New", "channel": "System Notification", "subject": "Booked"}
        recipients = [{"receiver_by_role": "System Manager"}]
        make(
            "Notification",
            name=f"N {frappe.generate_hash(length=5)}",
            enabled=1,
            recipients=recipients,
            message="x",
            **fields,
        )
        voucher, seen = self.heard()
        assert seen == [("GL Entry", "after_insert", voucher)] * 2
