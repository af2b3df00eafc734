"""Crossings of bounds are noticed once, told once to those whom rules name, and over when stock is back."""

import frappe

from ec_erp.documents.errors import DocumentRefused
from ec_erp.inventory.flows.alerting import notice_crossings
from ec_erp.testing import TradeCase, make


class TestStockAlert(TradeCase):
    """Ten pieces of A and of B; fewer than five are too few, more than twelve too many."""

    def setUp(self):
        super().setUp()
        for sku in (self.a, self.b):
            self.buy(sku, 10, 10)
        self.anna = self.user("anna", "en")
        self.rule = make("Stock Alert Rule", rule_name=f"R {self.a}", company=self.company, method="Fixed", lower_qty=5,
                         upper_qty=12, recipients=[{"user": self.anna}])  # fmt: skip

    def user(self, name, language, **fields):
        email = f"{name}.{frappe.generate_hash(length=6)}@example.com"
        return make("User", email=email, first_name=name, language=language, send_welcome_email=0, **fields).name

    def look(self):
        notice_crossings(frappe.utils.now_datetime())
        filters = {"company": self.company, "status": "Open"}
        rows = frappe.get_all("Stock Alert", filters=filters, fields=["sku", "state"], order_by="sku asc")
        return [(row.sku, row.state) for row in rows]

    def told(self, user=None):
        fields = ["subject", "document_type", "document_name", "email_content"]
        return frappe.get_all("Notification Log", filters={"for_user": user or self.anna}, fields=fields)

    def sell(self, sku, qty):
        self.deliver(self.order((sku, qty, 20)))

    def test_nothing_outside_is_nothing_to_tell(self):
        assert (self.look(), self.told()) == ([], [])

    def test_a_crossing_is_told_once(self):
        self.sell(self.a, 7)
        assert self.look() == [(self.a, "Below")]
        self.sell(self.a, 1)
        assert self.look() == [(self.a, "Below")]
        (notice,) = self.told()
        assert notice.subject == f"{self.a} Cup in {self.warehouse}: 3 available, 5 to 12 wanted"
        alert = frappe.get_doc("Stock Alert", notice.document_name)
        assert (notice.document_type, alert.available, alert.rule) == ("Stock Alert", 2, self.rule.name)

    def test_back_within_and_out_again_is_another_crossing(self):
        self.sell(self.a, 7)
        self.look()
        self.buy(self.a, 5, 10)
        assert self.look() == []
        self.sell(self.a, 4)
        self.look()
        assert len(self.told()) == 2

    def test_from_one_side_to_the_other(self):
        self.sell(self.a, 7)
        self.look()
        self.buy(self.a, 20, 10)
        assert self.look() == [(self.a, "Above")]
        assert len(self.told()) == 2

    def test_several_crossings_are_one_notice(self):
        self.sell(self.a, 7)
        self.sell(self.b, 7)
        self.look()
        (notice,) = self.told()
        assert (notice.subject, notice.document_name) == ("2 SKUs are below their lower bound", self.rule.name)
        assert [sku for sku in (self.a, self.b) if sku not in notice.email_content] == []

    def test_members_of_a_role_are_told_in_their_language_and_nobody_twice(self):
        role = make("Role", role_name=f"Watcher {self.a}").name
        li = self.user("li", "zh", roles=[{"role": role}])
        gone = self.user("gone", "en", enabled=0, roles=[{"role": role}])
        for row in ({"role": role}, {"user": li}, {"user": gone}):
            self.rule.append("recipients", row)
        self.rule.save()
        self.sell(self.a, 7)
        self.look()
        (notice,) = self.told(li)
        assert "可用 3" in notice.subject
        assert (len(self.told()), self.told(gone)) == (1, [])

    def test_by_mail_too(self):
        sent = []
        self.rule.by_mail = 1
        self.rule.save()
        self.sell(self.a, 7)
        original, frappe.sendmail = frappe.sendmail, lambda **mail: sent.append(mail)
        try:
            self.look()
        finally:
            frappe.sendmail = original
        assert [mail["recipients"] for mail in sent] == [[frappe.db.get_value("User", self.anna, "email")]]
        assert "3 available" in sent[0]["subject"]

    def test_without_a_mail_account_people_are_told_in_the_desk(self):
        def no_account(**mail):
            raise frappe.OutgoingEmailError

        self.rule.by_mail = 1
        self.rule.save()
        self.sell(self.a, 7)
        original, frappe.sendmail = frappe.sendmail, no_account
        try:
            self.look()
        finally:
            frappe.sendmail = original
        assert len(self.told()) == 1

    def test_a_recipient_is_somebody(self):
        self.rule.append("recipients", {})
        with self.refused(DocumentRefused, "which role or user"):
            self.rule.save()

    def test_a_rule_can_go_and_what_it_noticed_stays(self):
        self.sell(self.a, 7)
        self.look()
        frappe.delete_doc("Stock Alert Rule", self.rule.name)
        assert frappe.get_all("Stock Alert", filters={"sku": self.a}, pluck="rule") == [None]
