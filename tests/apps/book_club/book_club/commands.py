"""Commands of the app."""

import click
import frappe
from frappe.commands import get_site, pass_context


@click.command("club-summary")
@click.option("--title", default="Book Club")
@pass_context
def club_summary(context, title):
    """Print how many books and open loans the club has."""
    site = get_site(context)
    frappe.init(site=site)
    frappe.connect()
    try:
        loans = frappe.db.count("Book Loan", {"docstatus": 1, "status": "Open"})
        click.echo(f"{title}: {frappe.db.count('Book')} books, {loans} open loans")
    finally:
        frappe.destroy()


commands = [club_summary]
