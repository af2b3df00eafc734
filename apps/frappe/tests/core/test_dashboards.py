"""Numbers and charts: what they count, for whom, over time and by groups."""

import datetime
import json
from typing import Any

import pytest
from frappe_engine.kit.series import by_period, top_groups

CARD = "frappe.desk.doctype.number_card.number_card"
CHART = "frappe.desk.doctype.dashboard_chart.dashboard_chart"


@pytest.fixture
def sales(frappe: Any, make_doctype: Any) -> str:
    fields = [
        {"label": "Day", "fieldname": "day", "fieldtype": "Date"},
        {"label": "Amount", "fieldname": "amount", "fieldtype": "Currency"},
        {"label": "Shop", "fieldname": "shop", "fieldtype": "Data"},
    ]
    make_doctype("Sale", fields)
    rows = [("2026-01-05", 10, "A"), ("2026-01-20", 30, "B"), ("2026-03-01", 5, "A"), ("2026-03-02", 0, None)]
    for day, amount, shop in rows:
        frappe.get_doc({"doctype": "Sale", "day": day, "amount": amount, "shop": shop}).insert()
    return "Sale"


def call(frappe: Any, path: str, *given: Any, **named: Any) -> Any:
    return frappe.get_attr(path)(*given, **named)


def card(frappe: Any, **values: Any) -> Any:
    return frappe.get_doc(
        {"doctype": "Number Card", "label": "N", "document_type": "Sale", "type": "Document Type", **values}
    )


@pytest.mark.parametrize(
    ("function", "expected"), [("Count", 4), ("Sum", 45.0), ("Average", 11.25), ("Minimum", 0.0), ("Maximum", 30.0)]
)
def test_numbers(frappe: Any, sales: str, function: str, expected: float) -> None:
    made = card(frappe, function=function, aggregate_function_based_on="amount").insert()
    assert call(frappe, f"{CARD}.get_result", made.as_json(), "[]") == expected


def test_a_number_heeds_filters_as_the_desk_keeps_them(frappe: Any, sales: str) -> None:
    filters = json.dumps([["Sale", "shop", "=", "A", False]])
    assert call(frappe, f"{CARD}.get_result", card(frappe, function="Count").as_dict(), filters) == 2


def test_a_number_counts_what_the_asker_may_see(frappe: Any, sales: str, make_user: Any, acting_as: Any) -> None:
    make_user("x@example.com", "Report Manager")
    given = card(frappe, function="Count").as_dict()
    with acting_as("x@example.com"), pytest.raises(frappe.PermissionError):
        call(frappe, f"{CARD}.get_result", given, "[]")


def test_a_number_takes_no_field_that_is_none(frappe: Any, sales: str) -> None:
    for fieldname in ("amount) from tabUser --", "nothing"):
        with pytest.raises(frappe.ValidationError):
            call(
                frappe,
                f"{CARD}.get_result",
                {**card(frappe, function="Sum").as_dict(), "aggregate_function_based_on": fieldname},
                "[]",
            )


def test_the_change_since_the_day_before(frappe: Any, sales: str) -> None:
    made = card(frappe, function="Count", show_percentage_stats=1, stats_time_interval="Daily").insert()
    assert call(frappe, f"{CARD}.get_percentage_difference", made.as_json(), "[]", 4) is None
    old = frappe.utils.add_to_date(None, days=-2)
    name = frappe.get_all("Sale", pluck="name", limit=1)[0]
    frappe.db.set_value("Sale", name, "creation", old, update_modified=False)
    assert call(frappe, f"{CARD}.get_percentage_difference", made.as_json(), "[]", 4) == 300.0


def chart(frappe: Any, **values: Any) -> Any:
    given = {
        "doctype": "Dashboard Chart", "chart_name": f"C{frappe.generate_hash(length=5)}", "document_type": "Sale",
        "chart_type": "Sum", "based_on": "day", "value_based_on": "amount", "timespan": "Select Date Range",
        "from_date": "2026-01-01", "to_date": "2026-03-31", "time_interval": "Monthly", "type": "Line",
        "filters_json": "[]", **values,
    }  # fmt: skip
    return frappe.get_doc(given).insert()


def figures(frappe: Any, made: Any, **named: Any) -> dict[str, float]:
    answer = call(frappe, f"{CHART}.get", made.name, **named)
    return dict(zip(answer["labels"], answer["datasets"][0]["values"], strict=True))


@pytest.mark.parametrize(
    ("kind", "values"), [("Sum", [40.0, 0.0, 5.0]), ("Count", [2.0, 0.0, 2.0]), ("Average", [20.0, 0.0, 2.5])]
)
def test_figures_by_month(frappe: Any, sales: str, kind: str, values: list[float]) -> None:
    assert list(figures(frappe, chart(frappe, chart_type=kind)).values()) == values


@pytest.mark.parametrize(("grain", "count"), [("Daily", 90), ("Weekly", 14), ("Quarterly", 1), ("Yearly", 1)])
def test_every_period_is_there(frappe: Any, sales: str, grain: str, count: int) -> None:
    found = figures(frappe, chart(frappe), time_interval=grain)
    assert (len(found), sum(found.values())) == (count, 45.0)


def test_the_last_month_ends_today(frappe: Any, sales: str) -> None:
    frappe.get_doc({"doctype": "Sale", "day": frappe.utils.nowdate(), "amount": 7}).insert()
    made = chart(frappe, timespan="Last Month", time_interval="Daily")
    found = list(figures(frappe, made).values())
    assert (len(found) in (29, 30, 31, 32), found[-1]) == (True, 7.0)


def test_figures_by_group(frappe: Any, sales: str) -> None:
    made = chart(frappe, chart_type="Group By", group_by_based_on="shop", group_by_type="Sum",
                 aggregate_function_based_on="amount", type="Bar")  # fmt: skip
    assert list(figures(frappe, made).items())[:2] == [("B", 30.0), ("A", 15.0)]
    made.number_of_groups = 2
    made.save()
    assert list(figures(frappe, made).values()) == [30.0, 15.0]


def test_a_heat_map_has_days(frappe: Any, sales: str) -> None:
    found = call(frappe, f"{CHART}.get", chart(frappe, type="Heatmap", chart_type="Count").name, heatmap_year=2026)
    day = str(int(datetime.datetime(2026, 1, 20).timestamp()))
    assert (found["dataPoints"][day], len(found["dataPoints"])) == (1.0, 4)


def test_a_chart_is_for_those_who_may_read_what_it_is_about(
    frappe: Any, sales: str, make_user: Any, acting_as: Any
) -> None:
    made = chart(frappe)
    make_user("x@example.com", "Report Manager")
    with acting_as("x@example.com"):
        with pytest.raises(frappe.PermissionError):
            call(frappe, f"{CHART}.get", made.name)
        assert made.name not in frappe.get_list("Dashboard Chart", pluck="name")


def test_charts_that_can_show_nothing_are_refused(frappe: Any, sales: str) -> None:
    for values in ({"based_on": None}, {"value_based_on": None}, {"chart_type": "Group By"}, {"chart_type": "Report"}):
        with pytest.raises(frappe.MandatoryError):
            chart(frappe, **values)


def test_a_dashboard_shows_what_its_reader_may_see(frappe: Any, sales: str) -> None:
    made = chart(frappe)
    frappe.get_doc({"doctype": "Dashboard", "dashboard_name": "Today", "charts": [{"chart": made.name}]}).insert()
    call(
        frappe,
        f"{CARD}.add_card_to_dashboard",
        {"name": card(frappe, function="Count").insert().name, "dashboard": "Today"},
    )
    dashboard = "frappe.desk.doctype.dashboard.dashboard"
    assert [row["chart"] for row in call(frappe, f"{dashboard}.get_permitted_charts", "Today")] == [made.name]
    assert len(call(frappe, f"{dashboard}.get_permitted_cards", "Today")) == 1


def test_figures_belong_to_one_period() -> None:
    days = [(datetime.date(2026, 1, day), 1.0, 1.0) for day in range(1, 32)]
    series = by_period(days, datetime.date(2026, 1, 1), datetime.date(2026, 1, 31), "Weekly", first_day_of_week=0)
    assert sum(value for _day, value in series) == 31
    assert top_groups([("a", 1), ("b", 3), ("c", 2)], 2, "other") == [("b", 3), ("other", 3)]
