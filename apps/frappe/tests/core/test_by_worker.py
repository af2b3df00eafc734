"""What is done in the background, by a real worker: imports, webhooks, mails that the scheduler has sent."""

from typing import Any

import pytest
from frappe_engine.cli.working import surroundings
from frappe_engine.jobs.worker import Worker

from .servers import http_server, mail_server


@pytest.fixture(autouse=True)
def embedded(own_site: Any) -> None:
    """Jobs in the site's own table, whatever services run beside the tests: the worker below takes them from there."""
    own_site.set_config("redis_queue", "")


def work(site: Any) -> int:
    """Do what waits."""
    return Worker(surroundings(site.sites_path), lambda: [site.name], sites_path=site.sites_path, burst=True).run()


def test_an_import_is_done_by_a_worker(own_site: Any) -> None:
    import frappe
    from frappe.core.doctype.data_import import data_import as calls

    with own_site.connected():
        file = frappe.get_doc(
            {"doctype": "File", "file_name": "g.csv", "content": "Gender\n甲\n乙\n", "is_private": 1}
        ).insert()
        values = {"reference_doctype": "Gender", "import_type": "Insert New Records", "import_file": file.file_url}
        name = frappe.get_doc({"doctype": "Data Import", **values}).insert().name
        calls.form_start_import(name)
        frappe.db.commit()
    assert work(own_site) >= 1
    with own_site.connected():
        status = calls.get_import_status(name)
        assert (status["status"], status["success"], status["total_records"], status["running"]) == (
            "Success",
            2,
            2,
            False,
        )
        assert frappe.db.exists("Gender", "乙")


def test_a_webhook_is_called_by_a_worker(own_site: Any) -> None:
    import frappe

    with http_server() as (address, received):
        with own_site.connected():
            hook = {"webhook_doctype": "Note", "webhook_docevent": "after_insert", "request_url": address, "enabled": 1}
            body = {"request_structure": "JSON", "webhook_json": '{"t": "{{ doc.title }}"}'}
            frappe.get_doc({"doctype": "Webhook", "name": "H", **hook, **body}).insert()
            frappe.get_doc({"doctype": "Note", "title": "x"}).insert()
            frappe.db.commit()
        work(own_site)
        assert received.body() == {"t": "x"}
    with own_site.connected():
        assert frappe.get_all("Webhook Request Log", pluck="status") == ["Success"]


def test_the_scheduler_has_waiting_mails_sent(own_site: Any) -> None:
    import frappe
    from frappe_engine.jobs.scheduler import start

    with mail_server() as (port, handler):
        with own_site.connected():
            account = {
                "email_account_name": "S",
                "email_id": "s@example.com",
                "enable_outgoing": 1,
                "default_outgoing": 1,
            }
            server = {"smtp_server": "127.0.0.1", "smtp_port": str(port), "no_smtp_authentication": 1}
            frappe.get_doc({"doctype": "Email Account", **account, **server}).insert()
            frappe.sendmail(["a@example.com"], message="x")
            fields = ["name", "method", "frequency", "server_script"]
            (job,) = frappe.get_all("Scheduled Job Type", {"method": "frappe.email.queue.flush"}, fields)
            start(job)
            frappe.db.commit()
        work(own_site)
        assert handler.to("a@example.com")["from"] == "S <s@example.com>"
    with own_site.connected():
        assert frappe.get_all("Email Queue", pluck="status") == ["Sent"]
