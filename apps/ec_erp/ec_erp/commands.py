"""Commands of the app on the bench: ``bench --site S verify-ledgers | replay-documents | import-orders | ec-demo``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import frappe
from frappe.commands import get_site, pass_context


@click.command("verify-ledgers")
@pass_context
def verify_ledgers(context: Any) -> None:
    """Prove the ledgers of a site; exit with status 1 where something does not agree."""
    from ec_erp.posting.flows import verify  # needs a site, which the command line has not when it loads commands

    with _Site(context):
        faults = verify.verify_ledgers(lambda stage: click.echo(f"proving {stage} …"))
    for fault in faults:
        click.secho(f"{fault.where}: {fault.what}", fg="red", err=True)
    if faults:
        click.secho(f"{len(faults)} faults", fg="red", err=True)
        sys.exit(1)
    click.secho("the ledgers agree", fg="green")


@click.command("replay-documents")
@pass_context
def replay_documents(context: Any) -> None:
    """Rebuild balances, reservations, statuses and books of a site from its ledgers and documents and compare; change nothing.

    Exits with status 1 where something comes out differently.
    """
    from ec_erp.replay import flows as replay  # needs a site

    count = 0
    with _Site(context):
        for difference in replay.replay(lambda stage: click.echo(f"replaying {stage} …")):
            click.secho(str(difference), fg="red", err=True)
            count += 1
    if count:
        click.secho(f"{count} differences", fg="red", err=True)
        sys.exit(1)
    click.secho("everything comes out as it is stored", fg="green")


@click.command("import-orders")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path, resolve_path=True))
@click.option("--format", "file_format", required=True, help="Format of the file: online-retail")
@click.option("--company", help="Company whose books take the orders; one for the format is made when missing")
@pass_context
def import_orders(context: Any, file: Path, file_format: str, company: str | None) -> None:
    """Import a file of orders: SKUs, buyers, opening stock, orders, deliveries, returns, write-offs."""
    from ec_erp.channels.flows import importing  # needs a site

    with _Site(context):
        summary = importing.Summary()
        source = importing.source_for(file_format, company)
        for step in importing.import_file(file, file_format, source, summary):
            frappe.db.commit()
            _show(step)
    _show_summary(summary)


@click.command("ec-demo")
@click.option("--date", "until", help="Last day of the demo's month (YYYY-MM-DD); today when left out")
@pass_context
def ec_demo(context: Any, until: str | None) -> None:
    """Fill a site with a small demo seller; running it again changes nothing."""
    from ec_erp.demo import flows as demo  # needs a site

    with _Site(context):
        for step in demo.create(frappe.utils.getdate(until) if until else frappe.utils.getdate()):
            frappe.db.commit()
            click.echo(step)


class _Site:
    """Connects to the site named on the command line, as Administrator, and lets go of it."""

    def __init__(self, context: Any) -> None:
        self.site = get_site(context)

    def __enter__(self) -> None:
        frappe.init(site=self.site)
        frappe.connect()
        frappe.set_user("Administrator")
        frappe.local.lang = "en"  # what a terminal shows can be searched for, whatever language the site has

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        frappe.destroy()
        if isinstance(error, frappe.ValidationError):
            click.secho(str(error), fg="red", err=True)
            sys.exit(1)


def _show(step: Any) -> None:
    for rejected in step.rejected:
        reason = rejected.reason.format(*rejected.values)
        click.secho(f"line {rejected.row}: {reason}", fg="yellow", err=True)
    of = f" of {step.total}" if step.total else ""
    click.echo(f"{step.stage}: {step.done}{of}")


def _show_summary(summary: Any) -> None:
    lines = {
        "sales": summary.imported.get("sale", 0),
        "returns": summary.imported.get("return", 0),
        "write-offs": summary.imported.get("write-off", 0),
        "found": summary.imported.get("found", 0),
        "known before": summary.known,
        "customers created": summary.customers,
        "SKUs created": summary.skus,
        "units bought as opening stock": summary.units_bought,
        "lines rejected": summary.rejected,
        "documents refused": summary.failed,
    }
    click.secho("Summary", bold=True)
    for label, value in lines.items():
        click.echo(f"  {label}: {value}")


commands = [verify_ledgers, replay_documents, import_orders, ec_demo]
