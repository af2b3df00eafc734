"""Where a path leads: redirects, then rules that map it to another page.

Invariant: a redirect that the site or an app set is followed once; what it leads to is asked for anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, RequestRedirect, Rule

import frappe

MOST_STEPS = 5  # rules that lead from page to page


class PathResolver:
    """Says which page a path stands for, and what makes it."""

    def __init__(self, path: str, http_status_code: int | None = None) -> None:
        self.path = (path or "").strip("/ ")
        self.http_status_code = http_status_code

    def resolve(self) -> tuple[str, Any]:
        """Give the page (what rules and the home page make of the path) and its renderer.

        Where a redirect counts they are its target and what leads there; where nothing is, what says so.
        """
        from frappe_engine.http.website import renderer_of  # renderers need this module

        from frappe.website.page_renderers.not_found_page import NotFoundPage
        from frappe.website.renderers import Elsewhere, Shell

        page = self.path
        for _step in range(MOST_STEPS):
            renderer = renderer_of(page, self.http_status_code or 200)
            if isinstance(renderer, Elsewhere) and renderer.target is None:
                page = renderer.page
            elif isinstance(renderer, Elsewhere) and not page:
                page = renderer.target[0].strip("/")  # the home page
            elif isinstance(renderer, Elsewhere):
                return renderer.target[0], renderer
            else:
                return (renderer.first if isinstance(renderer, Shell) else page), renderer or NotFoundPage(page)
        return page, NotFoundPage(page)

    def is_valid_path(self) -> bool:
        """Tell whether something is at the path."""
        from frappe.website.page_renderers.not_found_page import NotFoundPage  # it needs this module

        return not isinstance(self.resolve()[1], NotFoundPage)


def redirect_for(path: str, query: str = "") -> tuple[str, int] | None:
    """Give where a path is redirected to, and with which status; None when it is not."""
    wanted = "/" + path.strip("/")
    for rule in redirect_rules():
        source = str(rule.get("source") or "").strip()
        if not source:
            continue
        text = f"{wanted}?{query}" if rule.get("match_with_query_string") and query else wanted
        pattern = source if source.startswith("/") else "/" + source
        try:
            matched = re.fullmatch(pattern.rstrip("/") or "/", text)
        except re.error:
            continue
        if matched:
            return matched.expand(str(rule.get("target") or "/")), int(rule.get("redirect_http_status") or 301)
    return None


def redirect_rules() -> list[Any]:
    """Give the redirects of the site, then those of apps (hook `website_redirects`)."""
    own = frappe.get_all(
        "Website Route Redirect",
        {"parent": "Website Settings"},
        ["source", "target", "redirect_http_status"],
        order_by="idx",
    )
    return [*own, *frappe.get_hooks("website_redirects")]


def resolve_path(path: str) -> str:
    """Give the page a path stands for; what its rule finds in the path goes to the parameters."""
    rules = frappe.get_hooks("website_route_rules")
    if not rules:
        return path
    routes = Map(
        [Rule(str(rule["from_route"]), endpoint=str(rule["to_route"]), defaults=rule.get("defaults")) for rule in rules]
    )
    return _match(routes, path) or path


def evaluate_dynamic_routes(rules: Iterable[Rule], path: str) -> str | None:
    """Give the endpoint of the first rule that a path fits, None when it fits none; parts it names become parameters."""
    return _match(Map(list(rules)), path)


def _match(routes: Map, path: str) -> str | None:
    try:
        target, values = routes.bind("site").match("/" + path.strip("/"))
    except (NotFound, RequestRedirect):
        return None
    frappe.local.form_dict.update(values)
    return str(target)
