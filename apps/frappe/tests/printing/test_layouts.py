"""What a print shows: the DocType's own order, or what somebody drew."""

from __future__ import annotations

import json
from typing import Any

import pytest
from frappe_engine.printing.layout import Layout, default_layout, drawn_layout
from frappe_engine.schema.compile import compile_meta
from frappe_engine.schema.meta import Meta


def meta_of(name: str, *fields: dict[str, Any]) -> Meta:
    """A DocType with these fields."""
    rows = [
        {"label": each["fieldname"].title(), "fieldtype": "Data", "idx": at, **each}
        for at, each in enumerate(fields, 1)
    ]
    return compile_meta({"name": name}, rows)


ROWS = meta_of(
    "Row",
    {"fieldname": "sku", "in_list_view": 1},
    {"fieldname": "note"},
    {"fieldname": "cost", "permlevel": 1, "in_list_view": 1},
)
ORDER = meta_of(
    "Order",
    {"fieldname": "customer"},
    {"fieldname": "secret", "hidden": 1},
    {"fieldname": "two", "fieldtype": "Column Break"},
    {"fieldname": "status", "print_hide": 1},
    {"fieldname": "date", "fieldtype": "Date"},
    {"fieldname": "part", "fieldtype": "Section Break", "label": "Goods"},
    {"fieldname": "items", "fieldtype": "Table", "options": "Row"},
    {"fieldname": "go", "fieldtype": "Button"},
)


def shape(layout: Layout | None) -> list[list[list[str]]]:
    """Field names by section and column."""
    assert layout is not None
    return [
        [[block.fieldname or block.kind for block in column.blocks] for column in section.columns]
        for section in layout.sections
    ]


def anything(*_given: Any) -> bool:
    return True


def below_level_one(_owner: Meta, field: Any) -> bool:
    return not field.get("permlevel")


def test_the_usual_layout_follows_the_form_without_what_is_hidden() -> None:
    layout = default_layout(ORDER, lambda _name: ROWS, anything)
    assert shape(layout) == [[["customer"], ["date"]], [["items"]]]
    assert layout.sections[1].label == "Goods"


def test_columns_of_rows_are_those_of_the_grid_that_the_user_may_see() -> None:
    table = default_layout(ORDER, lambda _name: ROWS, below_level_one).sections[1].columns[0].blocks[0]
    assert [cell.fieldname for cell in table.cells] == ["sku"]


def test_the_classic_builders_list_is_read() -> None:
    drawn = [
        {"fieldname": "print_heading_template", "fieldtype": "Custom HTML", "options": "<h2>{{ doc.name }}</h2>"},
        {"fieldtype": "Section Break", "label": "Head"},
        {"fieldtype": "Column Break"},
        {"fieldname": "date", "label": "Day", "align": "right"},
        {"fieldname": "gone", "label": "No longer there"},
        {"fieldname": "customer", "print_hide": 1},
        {"fieldtype": "Section Break"},
        {
            "fieldname": "items",
            "visible_columns": [{"fieldname": "note", "print_width": "40%"}, {"fieldname": "sku", "print_hide": 1}],
        },
    ]
    layout = drawn_layout(json.dumps(drawn), ORDER, lambda _name: ROWS, anything)
    assert layout is not None
    assert (layout.heading, shape(layout)) == ("<h2>{{ doc.name }}</h2>", [[["date"]], [["items"]]])
    assert layout.sections[0].columns[0].blocks[0].label == "Day"
    assert [(cell.fieldname, cell.width) for cell in layout.sections[1].columns[0].blocks[0].cells] == [("note", 40.0)]


def test_the_object_of_sections_is_read() -> None:
    fields = [
        {"fieldname": "status"},
        {"fieldtype": "HTML", "html": "Hello"},
        {"fieldtype": "QR Code", "fieldname": "name"},
        {"fieldtype": "Divider"},
    ]
    drawn = {
        "sections": [{"label": "A", "page_break": 1, "columns": [{"fields": fields}, {"fields": []}]}],
        "footer": "Thanks",
    }
    layout = drawn_layout(drawn, ORDER, lambda _name: ROWS, anything)
    assert layout is not None
    assert [block.kind for block in layout.sections[0].columns[0].blocks] == ["field", "html", "qr", "divider"]
    assert (layout.sections[0].breaks_page, layout.footer) == (True, "Thanks")


def test_a_drawn_layout_shows_nothing_that_the_user_may_not_see() -> None:
    drawn = {
        "sections": [
            {
                "columns": [
                    {"fields": [{"fieldname": "items", "table_columns": [{"fieldname": "cost"}, {"fieldname": "sku"}]}]}
                ]
            }
        ]
    }
    layout = drawn_layout(drawn, ORDER, lambda _name: ROWS, below_level_one)
    assert layout is not None
    assert [cell.fieldname for cell in layout.sections[0].columns[0].blocks[0].cells] == ["sku"]


@pytest.mark.parametrize("text", ["", None, "[]", "{}", '"words"'])
def test_what_holds_no_layout_is_none(text: Any) -> None:
    assert drawn_layout(text, ORDER, lambda _name: ROWS, anything) is None


def test_text_that_is_no_json_is_an_error() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        drawn_layout("{sections", ORDER, lambda _name: ROWS, anything)
