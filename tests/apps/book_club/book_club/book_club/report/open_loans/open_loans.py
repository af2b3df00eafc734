"""The loans that are open, with the days they are late."""

import frappe
from frappe import _
from frappe.utils import date_diff, getdate, nowdate


def execute(filters=None):
    """Give columns, rows, a message, a chart and a summary."""
    filters = frappe._dict(filters or {})
    rows = loans(filters)
    late = [row for row in rows if row.days_late > 0]
    chart = {
        "data": {
            "labels": [row.member for row in rows],
            "datasets": [{"name": _("Copies"), "values": [row.copies for row in rows]}],
        },
        "type": "bar",
    }
    summary = [{"value": len(late), "label": _("Late"), "datatype": "Int", "indicator": "Red" if late else "Green"}]
    return columns(), rows, None, chart, summary


def columns():
    """Give the columns, in the two forms that reports use."""
    return [
        {"fieldname": "loan", "label": _("Loan"), "fieldtype": "Link", "options": "Book Loan", "width": 160},
        _("Member") + ":Link/User:160",
        {"fieldname": "due_on", "label": _("Due On"), "fieldtype": "Date", "width": 100},
        {"fieldname": "copies", "label": _("Copies"), "fieldtype": "Int", "width": 80},
        {"fieldname": "days_late", "label": _("Days Late"), "fieldtype": "Int", "width": 80},
    ]


def loans(filters):
    """Give the rows."""
    condition = "and l.member = %(member)s" if filters.member else ""
    rows = frappe.db.sql(
        f"""select l.name as loan, l.member, l.due_on, sum(i.copies) as copies
        from `tabBook Loan` l inner join `tabBook Loan Item` i on i.parent = l.name
        where l.docstatus = 1 and ifnull(l.status, '') = 'Open' {condition}
        group by l.name, l.member, l.due_on order by l.due_on, l.name""",
        filters,
        as_dict=True,
    )
    day = getdate(filters.day or nowdate())
    for row in rows:
        row.copies = int(row.copies)
        row.days_late = max(date_diff(day, row.due_on), 0)
    return rows
