"""Waybill numbers that are taken back: used again, voided, told to providers; and accounts that run out."""

from unittest.mock import patch

import frappe

from ec_erp.fulfilment.doctype.wave.test_wave import WarehouseCase
from ec_erp.fulfilment.errors import DeliveryRefused
from ec_erp.fulfilment.flows import packing, waybills
from ec_erp.kernel.problems import problem
from ec_erp.testing import again, make

TOLD = []


def take(_account, parcels):
    """Give numbers as a provider does."""
    return [f"OUT{at}" for at, _ in enumerate(parcels)]


def take_back(_account, numbers):
    """Take numbers back as a provider does, but for those it does not know."""
    TOLD.extend(numbers)
    return [problem("unknown") if number == "OUT-LOST" else None for number in numbers]


class TestWaybillAccount(WarehouseCase):
    """A parcel that was packed and labelled."""

    def call(self, method, **values):
        return frappe.call(f"ec_erp.fulfilment.api.{method}", **values)

    def test_a_number_that_is_given_back_is_used_again(self):
        _, note, parcel = self.packed((self.a, 2, 20))
        assert self.call("cancel_waybills", names=[parcel.name]) == {parcel.name: "To Recycle"}
        shown = again(parcel)
        assert (shown.status, shown.waybill_no, shown.waybill_state) == ("Packed", None, "To Assign")
        assert self.call("fetch_waybills", names=[note]) == {parcel.name: "F000001"}
        kept = frappe.get_all("Parcel", {"delivery_note": note, "status": "Cancelled"}, ["waybill_no", "waybill_state"])
        assert kept == [{"waybill_no": "F000001", "waybill_state": "Recycled"}]

    def test_a_voided_number_is_never_used_again(self):
        order, note, parcel = self.packed((self.a, 2, 20))
        assert self.call("cancel_waybills", names=[parcel.name], void=1) == {parcel.name: "Voided"}
        assert self.call("fetch_waybills", names=[note]) == {parcel.name: "F000002"}
        with self.refused(DeliveryRefused, "no parcel that is here"):
            packing.hand_over_parcel("F000001")
        packing.hand_over_parcel("F000002")
        assert again(order).status == "Shipped"
        with self.refused(DeliveryRefused, "no waybill number"):
            self.call("cancel_waybills", names=[parcel.name])

    def provider(self):
        path = f"{__name__}."
        hooks = {"ec_erp_waybill_providers": f"{path}take", "ec_erp_waybill_recyclers": f"{path}take_back"}
        before = frappe.get_hooks

        def told(hook=None, *args, **kwargs):
            return {"Outside": [hooks[hook]]} if hook in hooks else before(hook, *args, **kwargs)

        return patch.object(frappe, "get_hooks", told)

    def test_a_provider_is_told_and_what_it_refuses_waits_for_a_person(self):
        TOLD.clear()
        with self.provider():
            self.account.provider = "Outside"
            self.account.save()
            _, _, parcel = self.packed((self.a, 2, 20))
            assert self.call("cancel_waybills", names=[parcel.name]) == {parcel.name: "Recycled"}
            frappe.db.set_value(
                "Parcel",
                parcel.name,
                {"waybill_no": "OUT-LOST", "waybill_state": "Assigned", "waybill_account": self.account.name},
            )
            assert self.call("cancel_waybills", names=[parcel.name]) == {parcel.name: "Failed"}
        lost = frappe.get_doc("Parcel", {"waybill_no": "OUT-LOST"})
        assert (TOLD, lost.status, lost.waybill_problem) == (["OUT0", "OUT-LOST"], "Cancelled", "unknown")
        assert self.call("cancel_waybills", names=[lost.name], void=1) == {lost.name: "Voided"}

    def test_an_account_that_runs_out_is_in_the_inbox(self):
        def listed():
            return [row["reference_name"] for row in waybills.running_out()]

        self.account.low_balance = 50
        self.account.save()
        assert self.account.name not in listed()
        make("Waybill Account", account_name="Endless", carrier=self.carrier, prefix="X", low_balance=50)
        self.account.next_number = 52
        self.account.save()
        assert self.account.name in listed()
        assert "Endless" not in listed()
