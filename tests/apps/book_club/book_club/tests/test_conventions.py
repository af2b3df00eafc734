"""What the framework does for an app: hooks, patches, reports, pages, fixtures, commands, the scheduler."""

import frappe
from frappe.tests.utils import FrappeTestCase
from frappe.utils import add_days, nowdate

test_dependencies = ["Book"]


class TestConventions(FrappeTestCase):
    """The app's parts are found and used."""

    def tearDown(self):
        frappe.set_user("Administrator")
        frappe.db.rollback()

    def open_loan(self, **values):
        """Make a submitted loan."""
        items = [{"book": "_T-BIRDS", "copies": 1}]
        return (
            frappe.get_doc({"doctype": "Book Loan", "member": "Administrator", "items": items, **values})
            .insert()
            .submit()
        )

    def test_installing_made_the_first_book(self):
        self.assertTrue(frappe.db.exists("Book", "BK-FIRST"))
        self.assertIn("book_club", frappe.get_installed_apps())

    def test_patches_are_noted_as_done(self):
        for patch in ("book_club.patches.note_before_models", "book_club.patches.fill_shelf #2024-03-01"):
            self.assertTrue(frappe.db.exists("Patch Log", {"patch": patch}), patch)

    def test_a_patch_does_its_work(self):
        from book_club.patches.fill_shelf import execute

        frappe.db.set_value("Book", "_T-ATLAS", "shelf", "")
        execute()
        self.assertEqual(frappe.db.get_value("Book", "_T-ATLAS", "shelf"), "A")

    def test_fixtures_are_there(self):
        self.assertTrue(frappe.db.exists("Role", "Librarian"))
        self.assertTrue(frappe.get_meta("User").has_field("library_card"))
        frappe.db.set_value("User", "Administrator", "library_card", "C-1")
        self.assertEqual(frappe.db.get_value("User", "Administrator", "library_card"), "C-1")

    def test_events_of_other_documents_are_heard(self):
        todo = frappe.get_doc({"doctype": "ToDo", "description": "Loan 5"}).insert()
        self.assertEqual(frappe.db.get_value("ToDo", todo.name, "color"), "#29CD42")
        frappe.flags.club_deleted = 0
        todo.delete()
        self.assertGreaterEqual(frappe.flags.club_deleted, 1)

    def test_the_report_runs(self):
        from frappe.desk.query_report import run

        doc = self.open_loan(lent_on="2024-01-01", due_on="2024-01-10")
        found = run("Open Loans", filters={"day": "2024-01-12", "member": "Administrator"})
        row = next(row for row in found["result"] if isinstance(row, dict) and row.get("loan") == doc.name)
        self.assertEqual((row["copies"], row["days_late"]), (1, 2))
        self.assertEqual(found["report_summary"][0]["value"], 1)
        self.assertEqual([column["fieldname"] for column in found["columns"]][:3], ["loan", "member", "due_on"])

    def test_the_scheduler_knows_the_tasks(self):
        from book_club.tasks import remind_of_open_loans, weekly_summary

        methods = frappe.get_all("Scheduled Job Type", pluck="method")
        self.assertIn("book_club.tasks.remind_of_open_loans", methods)
        self.assertIn("book_club.tasks.weekly_summary", methods)
        self.open_loan(lent_on=add_days(nowdate(), -30), due_on=add_days(nowdate(), -2))
        self.assertEqual((remind_of_open_loans(), remind_of_open_loans()), (1, 0))
        weekly_summary()
        self.assertIsNotNone(frappe.cache.get_value("book_club:week"))

    def test_methods_are_called_by_name(self):
        from book_club.api import number_of_books, search_books

        self.assertEqual([row["available"] for row in search_books("Atlas")], [2])
        self.assertEqual(number_of_books(), frappe.db.count("Book"))
        overrides = frappe.get_hooks("override_whitelisted_methods")
        self.assertEqual(overrides["book_club.api.old_search"][-1], "book_club.api.search_books")

    def test_the_page_shows_the_books(self):
        from frappe.utils import set_request
        from frappe.website.serve import get_response

        set_request(method="GET", path="books")
        page = get_response()
        self.assertEqual(page.status_code, 200)
        text = page.get_data(as_text=True)
        self.assertIn('data-name="_T-ATLAS"', text)
        self.assertIn(f'<p class="count">{frappe.db.count("Book")}</p>', text)

    def test_form_scripts_reach_the_desk(self):
        from frappe.desk.form.meta import get_meta

        self.assertIn("Book Loan", get_meta("Book").get("__js"))
        self.assertIn("library_card", get_meta("User").get("__js"))

    def test_the_command_is_offered(self):
        from book_club.commands import commands

        self.assertEqual([command.name for command in commands], ["club-summary"])

    def test_roles_that_permissions_name_are_made(self):
        self.assertTrue(frappe.db.get_value("Role", "Shelf Keeper", "desk_access"))

    def test_a_doctype_changes_its_table_when_it_is_installed(self):
        self.assertTrue(frappe.db.has_index("tabBook Loan", "member_status_index"))
