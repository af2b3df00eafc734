"""Controller of the DocType Server Script.

Invariant: an enabled script can be read under the policy of scripts; it runs only where the bench says so, and only as
what its type says: on an event, as a method, at set times, or for the conditions of a list.
"""

from __future__ import annotations

import re
from typing import Any

from frappe_engine.database.read_only import check_reading
from frappe_engine.expressions.python import PythonSyntaxError
from frappe_engine.expressions.scripts import check_script

import frappe
from frappe import _
from frappe.core.doctype.server_script.server_script_utils import EVENT_MAP, forget_scripts, rate_limited
from frappe.model.document import Document
from frappe.utils.safe_exec import is_safe_exec_enabled, safe_exec

API_METHOD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*\Z")


class ServerScript(Document):
    """Python that an administrator adds without an app."""

    def validate(self) -> None:
        """Refuse scripts that can't be read or are called by nothing."""
        frappe.only_for("Script Manager", True)
        self.check_script()
        self.check_target()
        if not self.disabled and not is_safe_exec_enabled():
            frappe.msgprint(
                _(
                    "Server Scripts are disabled. An administrator of the bench switches them on in its configuration: {0}"
                ).format("server_script_enabled"),
                title=_("Server Scripts are disabled"),
                indicator="orange",
            )

    def check_script(self) -> None:
        """Raise `ValidationError` with the reason when the script can't be read."""
        try:
            check_script(self.script or "")
        except PythonSyntaxError as error:
            frappe.throw(frappe.utils.escape_html(str(error)), title=_("Compilation warning"))

    def check_target(self) -> None:
        """Raise `ValidationError` when it is not said what the script is for."""
        if self.script_type in ("DocType Event", "Permission Query") and not self.reference_doctype:
            frappe.throw(_("Name the DocType that the script is for"))
        if self.script_type == "DocType Event" and self.doctype_event not in EVENT_MAP.values():
            frappe.throw(_("Name the event on which the script runs"))
        if self.script_type == "API":
            self.check_api_method()
        if self.script_type == "Scheduler Event":
            self.check_schedule()

    def check_api_method(self) -> None:
        """Raise unless the method has a name of its own."""
        self.api_method = (self.api_method or "").strip()
        if not API_METHOD.match(self.api_method):
            frappe.throw(_("The name of a method has letters, digits, points and underscores alone"))
        other = {"script_type": "API", "api_method": self.api_method, "disabled": 0, "name": ["!=", self.name]}
        if not self.disabled and frappe.db.exists("Server Script", other):
            frappe.throw(_("Another script answers to the method {0}").format(self.api_method))

    def check_schedule(self) -> None:
        """Raise unless the times at which the script runs are known."""
        if self.event_frequency == "Cron":
            from croniter import croniter  # only where somebody writes such an expression

            if not self.cron_format or not croniter.is_valid(self.cron_format):
                frappe.throw(_("{0} is not a valid Cron expression.").format(f"<code>{self.cron_format or ''}</code>"))

    def on_update(self) -> None:
        """Let the script run, or run no longer, at once."""
        forget_scripts(self)
        self.sync_scheduled_job()

    def on_trash(self) -> None:
        """Take the scheduled job along."""
        for name in frappe.get_all("Scheduled Job Type", {"server_script": self.name}, pluck="name"):
            frappe.delete_doc("Scheduled Job Type", name, force=True)

    def after_delete(self) -> None:
        """Let nobody run the script any more."""
        forget_scripts(self)

    def after_rename(self, old: str, new: str, merge: bool = False) -> None:
        """Let the script be found under its new name."""
        forget_scripts(self)

    def sync_scheduled_job(self) -> None:
        """Make, change or remove the job that runs the script at set times."""
        present = frappe.db.get_value("Scheduled Job Type", {"server_script": self.name})
        if self.script_type != "Scheduler Event" or self.disabled:
            if present:
                frappe.delete_doc("Scheduled Job Type", present, force=True)
            return
        method = f"{frappe.scrub(self.name)}_{(self.event_frequency or 'all').lower()}"
        values = {
            "method": method,
            "frequency": self.event_frequency,
            "cron_format": self.cron_format if self.event_frequency == "Cron" else None,
            "server_script": self.name,
            "stopped": 0,
        }
        job = frappe.get_doc("Scheduled Job Type", present) if present else frappe.new_doc("Scheduled Job Type")
        job.update(values)
        job.save(ignore_permissions=True)

    # running

    def execute_method(self, **values: Any) -> Any:
        """Run the script as a method, with the request's parameters; give the script's own flags.

        Raises `PermissionError` for guests unless they may, `RateLimitExceededError`.
        """
        if self.script_type != "API" or self.disabled:
            raise frappe.DoesNotExistError
        if frappe.session.user == "Guest" and not self.allow_guest:
            raise frappe.PermissionError
        run = rate_limited(self, lambda: safe_exec(self.script, None, dict(values), script_filename=self.name))
        names, _made = run()
        return names["frappe"].flags

    def execute_doc(self, doc: Any) -> None:
        """Run the script on an event of a document."""
        safe_exec(self.script, None, {"doc": doc}, restrict_commit_rollback=True, script_filename=self.name)

    def execute_scheduled_method(self) -> None:
        """Run the script at its time."""
        if self.script_type == "Scheduler Event" and not self.disabled:
            safe_exec(self.script, script_filename=self.name)

    def get_permission_query_conditions(self, user: str) -> str | None:
        """Give what the script adds to the conditions of its DocType's lists. Raises unless that only reads."""
        names: dict[str, Any] = {"user": user, "conditions": ""}
        safe_exec(self.script, None, names, restrict_commit_rollback=True, script_filename=self.name)
        conditions = names.get("conditions")
        if not conditions:
            return None
        check_reading(f"SELECT 1 FROM `tab{self.reference_doctype}` WHERE ({conditions})")
        return str(conditions)

    @frappe.whitelist()
    def get_autocompletion_items(self) -> list[dict[str, Any]]:
        """Give the names that scripts are lent, for the editor."""
        frappe.only_for("Script Manager")
        from frappe.utils.safe_exec import lent_names

        found: list[dict[str, Any]] = []
        waiting: list[tuple[str, Any]] = [("", lent_names())]
        while waiting:
            prefix, names = waiting.pop()
            for name, value in names.items():
                path = f"{prefix}{name}"
                if isinstance(value, dict) and not name.startswith("form_dict"):
                    waiting.append((f"{path}.", value))
                found.append({"value": path, "score": 1, "meta": "function" if callable(value) else "value"})
        return found


def setup_scheduler_events(script_name: str, frequency: str, cron_format: str | None = None) -> None:
    """Make or bring up to date the job of a script."""
    script = frappe.get_doc("Server Script", script_name)
    script.event_frequency, script.cron_format = frequency, cron_format
    script.sync_scheduled_job()


def execute_api_server_script(script: Any = None, *args: Any, **kwargs: Any) -> Any:
    """Run a script as a method."""
    return script.execute_method(**kwargs)


@frappe.whitelist()
def enabled() -> bool:
    """Tell whether scripts run on this bench; None to those who do not write any."""
    return is_safe_exec_enabled() if frappe.has_permission("Server Script") else None
