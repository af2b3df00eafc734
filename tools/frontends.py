"""Builds the desk and the other front ends, through `bench build`, when their sources changed.

Invariant: what lies in sites/assets was built from the sources at hand with the locked npm packages.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from tools import configuration, node
from tools.layout import APPS, Bench
from tools.shell import run, say
from tools.stamps import digest_of, files_below, read_record, write_record

FRONTEND_FOLDERS = ("desk", "frontend")


def ensure_built(bench: Bench) -> None:
    """Build all front ends unless the last build was of the same sources and its result is still there."""
    digest = source_digest(bench)
    if read_record(_record_file(bench)) == {"sources": digest, "result": result_digest(bench)}:
        return
    build(bench)
    write_record(_record_file(bench), {"sources": digest, "result": result_digest(bench)})


def build(bench: Bench) -> None:
    """Build all front ends."""
    configuration.introduce(bench)
    folders = frontends(bench)
    if folders:
        node.ensure(bench)
    for folder in folders:
        ensure_packages(bench, folder)
    say("building the desk")
    run([bench.command, "build"], cwd=bench.root, env=bench.environment())


def ensure_packages(bench: Bench, folder: Path) -> None:
    """Install a front end's locked npm packages unless node_modules holds them already."""
    marker = folder / "node_modules" / ".installed.json"
    wanted = {"lock": digest_of(folder, [folder / "package.json", folder / "package-lock.json"])}
    if read_record(marker) == wanted:
        return
    say(f"installing the locked npm packages of {folder.relative_to(bench.root)}")
    run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, env=bench.environment())
    write_record(marker, wanted)


def frontends(bench: Bench) -> list[Path]:
    """Return the folders of the apps that npm builds."""
    folders = (bench.apps / app / name for app in APPS for name in FRONTEND_FOLDERS)
    return [folder for folder in folders if (folder / "package.json").exists()]


def source_digest(bench: Bench) -> str:
    """Return one hash over all that a build reads."""
    return digest_of(bench.apps, _sources(bench))


def result_digest(bench: Bench) -> str:
    """Return one hash over the names below sites/assets; a built file's name carries a hash of its content."""
    names: list[str] = []
    for parent, folders, files in os.walk(bench.sites / "assets", followlinks=True):
        folders.sort()
        names += sorted(str(Path(parent, name).relative_to(bench.sites)) for name in files)
    return digest_of(bench.sites, [], *names)


def _sources(bench: Bench) -> Iterator[Path]:
    for folder in frontends(bench):
        yield from files_below(folder)
    for app in APPS:
        yield from sorted((bench.apps / app / app).glob("public/**/*.bundle.*"))


def _record_file(bench: Bench) -> Path:
    return bench.sites / ".setup" / "assets.json"
