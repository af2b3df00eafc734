"""Commands that make a site forget what it remembers, or learn it anew.

Invariant: nothing that is not derived from the database is lost.
"""

from __future__ import annotations

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
    """Index the pages of the website, with all documents, for the search."""
    say(f"Building search index for {current().site}")
    say(f"Indexed {providers('build_search_index')} documents and pages")


@click.command("rebuild-global-search")
@click.option("--static-pages", is_flag=True, help="Accepted for compatibility: pages are documents here.")
@each_site
def rebuild_global_search(static_pages: bool) -> None:
    """Index all documents for the search everywhere."""
    say(f"Indexed {providers('build_search_index')} documents of {current().site}")


commands = [clear_cache, clear_website_cache, build_search_index, rebuild_global_search]
