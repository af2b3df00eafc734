"""Templates of the framework that pages of apps include by name."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The public package, connected as Administrator; undone after the test."""
    return frappe_connected


def shown(frappe: Any, path: str, **values: Any) -> str:
    return str(frappe.render_template(f'{{% include "{path}" %}}', values))


def test_the_head_has_styles_of_apps_and_what_the_site_adds(frappe: Any) -> None:
    text = shown(
        frappe, "templates/includes/head.html", web_include_css=["/a.css?x=1&y=2"], head_html="<meta name='own'>"
    )
    assert '<link rel="stylesheet" href="/a.css?x=1&amp;y=2">' in text
    assert "<meta name='own'>" in text


def test_the_menu_beside_a_page_has_groups_and_marks_the_page(frappe: Any) -> None:
    parts = [{"title": "One", "route": "/docs/one"}, {"title": "Two & <b>", "route": "docs/two"}]
    items = [{"group_title": "Group", "group_items": parts}, {"title": "Last", "route": "last"}]
    values = {"sidebar_items": items, "pathname": "docs/one", "sidebar_title": "Menu"}
    text = shown(frappe, "templates/includes/web_sidebar.html", **values)
    assert '<a href="/docs/one" class="active" aria-current="page">One</a>' in text
    assert "<h6>Group</h6>" in text
    assert "Two &amp; &lt;b&gt;" in text
    assert text.count("active") == 1


def test_the_menu_of_pages_leads_in_or_on(frappe: Any) -> None:
    path = "templates/includes/navbar/navbar_login.html"
    assert 'href="/app"' in shown(frappe, path)
    frappe.set_user("Guest")
    assert 'href="/login"' in shown(frappe, path)


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("templates/styles/card_style.css", ".page-card {"),
        ("public/icons/timeless/icons.svg", '<symbol id="icon-search"'),
    ],
)
def test_styles_and_icons_are_included_as_they_are(frappe: Any, path: str, part: str) -> None:
    assert part in shown(frappe, path)
