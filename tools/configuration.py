"""Writes the files by which the `bench` command knows its folder: configuration, apps, patches.

Invariant: keys that somebody else wrote are kept; only the keys named here are ours.
"""

import os
import pwd
import shutil
from typing import Any

from tools.layout import APPS, Bench
from tools.settings import Settings
from tools.shell import ToolError
from tools.stamps import read_record, write_record


def write(bench: Bench, settings: Settings) -> None:
    """Make the shared configuration say what this start needs; an unchanged file is left alone."""
    file = bench.sites / "common_site_config.json"
    present = read_record(file)
    if file.exists() and file.read_text(encoding="utf-8").strip() and not present:
        raise ToolError(f"{file} is not a JSON object; correct or remove it")
    wanted = {**present, **ours(settings)}
    if wanted != present:
        write_record(file, wanted)
    list_apps(bench)
    record_patches(bench)


def introduce(bench: Bench) -> None:
    """Write what `bench` must know to work here at all, before any site is served; what somebody wrote stays."""
    file = bench.sites / "common_site_config.json"
    present = read_record(file)
    if "frappe_user" not in present:
        write_record(file, {**present, "frappe_user": current_user()})
    list_apps(bench)
    record_patches(bench)


def list_apps(bench: Bench) -> None:
    """Name the apps in sites/apps.txt, from which the framework knows them; apps added by `bench get-app` stay."""
    file = bench.sites / "apps.txt"
    present = file.read_text(encoding="utf-8").split() if file.exists() else []
    wanted = [*APPS, *(app for app in present if app not in APPS)]
    if wanted != present:
        file.write_text("\n".join(wanted) + "\n", encoding="utf-8")


def current_user() -> str:
    """Return the user's name, or the number of a user without one, as containers have."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def record_patches(bench: Bench) -> None:
    """Say that bench's own patches for folders of its early versions are done, as `bench init` does."""
    record = bench.root / "patches.txt"
    shipped = next(bench.env.glob("lib/python*/site-packages/bench/patches/patches.txt"), None)
    if shipped is not None and not record.exists():
        shutil.copyfile(shipped, record)


def ours(settings: Settings) -> dict[str, Any]:
    """Return the keys the tools decide. `frappe_user` must be there, or bench refuses to work for root."""
    return {
        "default_site": settings.site,
        "frappe_user": current_user(),
        "serve_default_site": True,
        "socketio_backend": "python",
        "socketio_port": settings.realtime_port,
        "webserver_port": settings.port,
    }
