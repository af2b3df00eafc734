"""Commands that bring a site in line with its apps.

Invariant: two migrations of one site never run at the same time.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click
from filelock import FileLock, Timeout

from frappe_engine.cli.context import connection, each_site, pass_context, say
from frappe_engine.cli.sites import migrate
from frappe_engine.context.errors import SiteNotSpecifiedError
from frappe_engine.context.local import current, providers
from frappe_engine.documents.controllers import load_doctype_module, module_of
from frappe_engine.documents.patches import PatchError, run_patch
from frappe_engine.documents.sync import reload_doc

LOCK_WAIT_S = 1


@click.command("migrate")
@click.option("--skip-failing", is_flag=True, help="Go on after patches that fail.")
@click.option("--skip-search-index", is_flag=True, help="Don't build the search index of the website.")
@pass_context
def migrate_site(context: Any, skip_failing: bool, skip_search_index: bool) -> None:
    """Bring the site in line with its apps: patches, DocTypes, documents, fixtures, jobs."""
    if not context.sites:
        raise SiteNotSpecifiedError
    for site in context.sites:
        say(f"Migrating {site}")
        try:
            with FileLock(os.path.abspath(os.path.join(site, "locks", "bench_migrate.lock")), timeout=LOCK_WAIT_S):
                _migrate(site, skip_failing=skip_failing, build_index=not skip_search_index)
        except Timeout as error:
            raise click.ClickException(f"{site} is being migrated already") from error
        except PatchError as error:
            click.echo(f"{error}", err=True)
            raise


def _migrate(site: str, *, skip_failing: bool, build_index: bool) -> None:
    with connection(site):
        migrate(skip_failing=skip_failing, say=say)
        if build_index:
            providers("build_search_index")
        providers("publish_realtime", "version-update")


@click.command("run-patch")
@click.argument("module")
@click.option("--force", is_flag=True, help="Run it even when it was run before.")
@each_site
def patch(module: str, force: bool) -> None:
    """Run one patch."""
    done = current().db.exists("Patch Log", {"patch": module, "skipped": 0})
    if done and not force and not current().command_options.force:
        say(f"{module} was run on {current().site} before; --force runs it again")
        return
    run_patch(module, log=not done)
    say(f"Executed {module} on {current().site}")


@click.command("reload-doc")
@click.argument("module")
@click.argument("doctype")
@click.argument("docname")
@each_site
def reload_document(module: str, doctype: str, docname: str) -> None:
    """Import a standard document again from its file in an app."""
    reload_doc(module, doctype, docname, force=True)


@click.command("reload-doctype")
@click.argument("doctype")
@each_site
def reload_doctype(doctype: str) -> None:
    """Import a DocType again from its file in an app."""
    load_doctype_module(doctype)
    reload_doc(module_of(doctype), "doctype", doctype, force=True)


@click.command("ready-for-migration")
@click.option("--site", help="The site, instead of the group's option.")
@pass_context
def ready(context: Any, site: str | None) -> None:
    """Say whether background jobs are still to be done: exit status 1 then."""
    sites = [site] if site else context.sites
    if not sites:
        raise SiteNotSpecifiedError
    busy = [name for name in sites if _has_jobs(name)]
    for name in busy:
        say(f"NOT READY for migration: site {name} has pending background jobs")
    if busy:
        sys.exit(1)
    for name in sites:
        say(f"READY for migration: site {name} does not have any background jobs pending")


def _has_jobs(site: str) -> bool:
    with connection(site):
        return bool(import_module("frappe_engine.jobs.queries").pending_jobs())


commands = [migrate_site, patch, reload_document, reload_doctype, ready]
