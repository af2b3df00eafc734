"""What is owed to suppliers: prepayments, requests, payments of them, and what is settled otherwise."""

from __future__ import annotations

from typing import Any

from random_base import COMPANY, SUPPLIERS, Nothing, Trader


class Debts(Trader):
    """Purchase orders that are paid in advance or when goods come, and payments for them."""

    def do_order_prepaid(self) -> None:
        rows = [{"sku": sku, "qty": self.qty(20), "rate": self.price(2, 40)} for sku in self.skus()]
        self.submit("Purchase Order", company=COMPANY, supplier=self.random.choice(SUPPLIERS), warehouse=self.warehouse(),
                    items=rows, pay_type=self.random.choice(("Prepayment", "Prepayment", "On Arrival")),
                    prepay_percent=self.random.choice((30, 50, 100)))  # fmt: skip

    def do_pay_requests(self) -> None:
        from ec_erp.purchasing import api

        names = {self.open_request() for _ in range(2)}
        for name in api.make_payments_of_requests(sorted(names)):
            self.frappe.get_doc("Payment Entry", name).submit()
            self.remember("Payment Entry", name)
            self.remember("Paid Supplier", name)

    def do_pay_part_of_request(self) -> None:
        request = self.frappe.get_doc("Payment Request", self.open_request())
        amount = self.price(1, max(2, abs(request.outstanding)))
        self.pay_supplier(request.supplier, amount, reference_doctype="Payment Request", reference_name=request.name)

    def do_pay_for_purchase(self) -> None:
        kind = self.random.choice(("Purchase Order", "Purchase Receipt"))
        document = self.any(kind, newest=40)
        amount = document.grand_total if self.chance(0.4) else self.price(1, max(2, document.grand_total))
        self.pay_supplier(document.supplier, amount, reference_doctype=kind, reference_name=document.name)

    def pay_supplier(self, supplier: str, amount: float, **reference: Any) -> None:
        doc = self.submit("Payment Entry", payment_type="Pay" if self.chance(0.9) else "Receive", company=COMPANY,
                          party_type="Supplier", party=supplier, paid_amount=amount,
                          references=[{**reference, "allocated_amount": amount}])  # fmt: skip
        self.remember("Paid Supplier", doc.name)

    def do_record_payment(self) -> None:
        from ec_erp.purchasing import api

        request = self.frappe.get_doc("Payment Request", self.open_request())
        amount = request.outstanding if self.chance(0.5) else self.price(1, 30)
        api.record_payments({request.name: amount}, None, None)

    def do_cancel_supplier_payment(self) -> None:
        self.frappe.get_doc("Payment Entry", self.any_name("Paid Supplier", newest=20)).cancel()

    def do_close_order(self) -> None:
        from ec_erp.purchasing import api

        api.close_orders([self.any_name("Purchase Order", newest=40)])

    def do_land_costs(self) -> None:
        names = {self.any_name("Purchase Receipt", newest=40) for _ in range(2)}
        charges = [
            {"cost_type": kind, "amount": self.price(-3, 25), "basis": self.random.choice(("Value", "Quantity"))}
            for kind in ("Freight", "Duty")[: self.random.randint(1, 2)]
        ]
        self.submit("Landed Cost", receipts=[{"purchase_receipt": name} for name in sorted(names)], charges=charges,
                    supplier=self.random.choice(SUPPLIERS))  # fmt: skip

    def do_cancel_costs(self) -> None:
        self.any("Landed Cost", newest=20).cancel()

    def open_request(self) -> str:
        filters = {"status": ("in", ("Open", "Part Paid"))}
        names: list[str] = self.frappe.get_all(
            "Payment Request", filters=filters, pluck="name", order_by="name desc", limit=30
        )
        if not names:
            raise Nothing
        return self.random.choice(names)
