"""Commands that build what browsers load.

Invariant: the command fails when any part of the build does.
"""

from __future__ import annotations

import os
import subprocess
import time
from typing import Any

import click

from frappe_engine.cli import assets
from frappe_engine.cli.context import say
from frappe_engine.context.errors import CommandFailedError, ExecutableNotFound
from frappe_engine.context.hooks import get_all_apps

FOLDER = "assets"


def chosen_apps(app: str | None, apps: str | None) -> list[str]:
    """Give the apps to build: those named, or all of the bench."""
    named = [name.strip() for name in f"{app or ''},{apps or ''}".split(",") if name.strip()]
    known = get_all_apps()
    for name in named:
        if name not in known:
            raise click.ClickException(f"App {name} is not in the bench")
    return named or known


@click.command("build")
@click.option("--app", help="Only this app.")
@click.option("--apps", help="Only these apps (comma separated).")
@click.option("--hard-link", is_flag=True, help="Copy public files instead of linking their folders.")
@click.option("--production", is_flag=True, help="Make bundles small (always so without developer mode).")
@click.option("--verbose", is_flag=True, help="Say more.")
@click.option("--force", is_flag=True, help="Accepted; everything is built anew anyway.")
@click.option("--save-metafiles", is_flag=True, help="Accepted; no effect.")
def build(app: str | None, apps: str | None, hard_link: bool, production: bool, **_given: Any) -> None:
    """Build bundles and front ends, and link public files."""
    wanted = chosen_apps(app, apps)
    try:
        build_apps(wanted, copy=hard_link, minify=production or not os.environ.get("DEV_SERVER"))
    except (CommandFailedError, ExecutableNotFound) as error:
        raise click.ClickException(str(error)) from error


def build_apps(apps: list[str], *, copy: bool, minify: bool) -> None:
    """Build apps; front ends first, because they write into the public folders that are linked."""
    made: dict[str, str] = {}
    for name in apps:
        began = time.monotonic()
        parts = []
        for folder in assets.frontends_of(name):
            assets.build_frontend(folder, say=say)
            parts.append(os.path.basename(folder))
        bundles = assets.build_bundles(name, minify=minify)
        made.update(bundles)
        assets.link_public(name, FOLDER, copy=copy)
        what = ", ".join([*parts, *([f"{len(bundles)} bundles"] if bundles else [])]) or "linked"
        say(f"{name}: {what} ({time.monotonic() - began:.1f} s)")
    assets.write_map(FOLDER, made, [name for name in get_all_apps() if name not in apps])


@click.command("watch")
@click.option("--apps", help="Only these apps (comma separated).")
def watch(apps: str | None) -> None:
    """Build again whenever a source changes."""
    wanted = chosen_apps(None, apps)
    running = [
        subprocess.Popen(["npm", "run", "build", "--", "--watch"], cwd=folder)
        for name in wanted
        for folder in assets.frontends_of(name)
    ]
    seen = bundle_times(wanted)
    say(f"Watching {', '.join(wanted)}")
    try:
        while True:
            time.sleep(1)
            now = bundle_times(wanted)
            for name in wanted:
                if now[name] != seen[name]:
                    rebuild(name)
            seen = now
    finally:
        for process in running:
            process.terminate()


def bundle_times(apps: list[str]) -> dict[str, float]:
    """Give the newest change among the public sources of each app with bundles; 0 for apps without."""
    return {name: newest_change(assets.public_folder(name)) if assets.bundles_of(name) else 0.0 for name in apps}


def newest_change(folder: str) -> float:
    """Give the time of the newest change below a folder, built files left out."""
    newest = 0.0
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in ("node_modules", "dist")]
        newest = max([newest, *(os.stat(os.path.join(parent, name)).st_mtime for name in names)])
    return newest


def rebuild(app: str) -> None:
    """Build an app's bundles again; a fault in its sources is shown, not raised."""
    try:
        made = assets.build_bundles(app, minify=False)
    except CommandFailedError as error:
        click.secho(str(error), fg="red", err=True)
        return
    assets.write_map(FOLDER, made, get_all_apps())
    say(f"{app}: {len(made)} bundles")


commands = [build, watch]
