"""Commands that make a site forget what it remembers, or learn it anew.

Invariant: nothing that is not derived from the database is lost.
"""

from __future__ import annotations

from typing import Any

import click

from frappe_engine.cli.context import each_site, say
from frappe_engine.context.hooks import forget_hooks, get_attr, get_hooks
from frappe_engine.context.local import current, providers
from frappe_engine.context.translate import forget_translations
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.sync import forget_everything


def clear_site_cache() -> None:
    """Forget everything that processes keep of the connected site."""
    forget_everything()
    forget_hooks()
    forget_translations()
    process_cache_of(current()).clear()
    current().cache_server.flushall()
    current().system_settings = None
    for path in get_hooks("clear_cache"):
        get_attr(path)()


def clear_website_pages() -> None:
    """Forget the pages of the connected site's website."""
    cache = current().cache_server
    cache.delete_keys("website")
    cache.delete_keys("page_cache")
    for path in get_hooks("website_clear_cache"):
        get_attr(path)(None)


@click.command("clear-cache")
@each_site
def clear_cache() -> None:
    """Forget everything that is remembered of the site, its website included."""
    clear_site_cache()
    clear_website_pages()


@click.command("clear-website-cache")
@each_site
def clear_website_cache() -> None:
    """Forget the pages of the website."""
    clear_website_pages()


@click.command("build-search-index")
@each_site
def build_search_index() -> None:
    """Index the pages of the website for its search."""
    if not providers.has("build_search_index"):
        raise click.ClickException("The search of the website is not part of this runtime yet")
    say(f"Building search index for {current().site}")
    providers("build_search_index")


@click.command("rebuild-global-search")
@click.option("--static-pages", is_flag=True, help="Only the pages of the website.")
@each_site
def rebuild_global_search(static_pages: bool) -> None:
    """Index all documents for the search everywhere."""
    if static_pages:
        raise click.ClickException("Static pages have an index of their own: build-search-index")
    say(f"Indexed {index_documents(current().db)} documents of {current().site}")


def index_documents(database: Any) -> int:
    """Fill the table of the search everywhere from all DocTypes that have fields for it; give the number of documents."""
    database.write("DELETE FROM `__global_search`")
    count = 0
    for (doctype,) in database.rows(
        "SELECT `name` FROM `tabDocType` WHERE `issingle` = 0 AND `istable` = 0 AND `is_virtual` = 0"
    ):
        count += _index_doctype(database, str(doctype))
    return count


def _index_doctype(database: Any, doctype: str) -> int:
    meta = providers("meta", doctype)
    names = [
        item.fieldname
        for item in meta.data_fields
        if item.get("in_global_search") and item.fieldname in meta.column_types
    ]
    if not names:
        return 0
    title = meta.get_title_field()
    columns = ", ".join(f"`{name}`" for name in ("name", title, *names))
    labels = [str(meta.get_label(name)) for name in names]
    rows = [
        (doctype, row[0], str(row[1] or row[0])[:140], _content(labels, row[2:]), "", 0)
        for row in database.iterate(f"SELECT {columns} FROM `tab{doctype}`")
    ]
    database.bulk_insert("__global_search", ["doctype", "name", "title", "content", "route", "published"], rows)
    return len(rows)


def _content(labels: list[str], values: tuple[Any, ...]) -> str:
    return " ||| ".join(f"{label} : {value}" for label, value in zip(labels, values, strict=True) if value)


commands = [clear_cache, clear_website_cache, build_search_index, rebuild_global_search]
