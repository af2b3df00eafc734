"""Building what browsers load: links to the apps' public files, bundles, and the apps' own front ends.

Bundles are files `public/**/*.bundle.{js,ts,css,…}`; esbuild (from npm) turns each into
`dist/<kind>/<name>.bundle.<HASH>.<ext>`, and `sites/assets/assets.json` says which is which. A front end is a folder
whose `package.json` has a `build` script; npm (or yarn, where the app locks with it) runs that.

Invariant: a build that fails leaves the assets of the last one in place.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from frappe_engine.context.errors import CommandFailedError, ExecutableNotFound
from frappe_engine.context.hooks import get_app_path

BUNDLE_KINDS = {
    ".js": "js",
    ".mjs": "js",
    ".ts": "js",
    ".jsx": "js",
    ".tsx": "js",
    ".css": "css",
    ".scss": "css",
    ".less": "css",
}
NEEDING_PREPROCESSOR = {".scss": "sass", ".less": "less", ".vue": "@vue/compiler-sfc"}
FRONTEND_FOLDERS = ("desk", "frontend")
ESBUILD = (
    *("--bundle", "--sourcemap", "--metafile={meta}", "--entry-names=[name].[hash]", "--asset-names=[name].[hash]"),
    *("--target=es2020", "--format=iife", "--loader:.html=text", "--loader:.svg=text", "--log-level=warning"),
)
Say = Callable[[str], None]


def public_folder(app: str) -> str:
    """Give the folder of an app's public files."""
    return get_app_path(app, "public")


def app_root(app: str) -> str:
    """Give the folder that holds an app's package."""
    return os.path.dirname(os.path.realpath(get_app_path(app)))


def link_public(app: str, assets: str, *, copy: bool = False) -> str | None:
    """Let `assets/<app>` be the app's public folder (a copy of it with `copy`); None when it has none."""
    source, target = public_folder(app), os.path.join(assets, app)
    if not os.path.isdir(source):
        return None
    os.makedirs(assets, exist_ok=True)
    if copy:
        if os.path.islink(target):
            os.unlink(target)
        shutil.copytree(source, target, dirs_exist_ok=True)
        return target
    if os.path.islink(target) and os.path.realpath(target) == os.path.realpath(source):
        return target
    _make_room(target)
    draft = f"{target}.{os.getpid()}"
    os.symlink(os.path.realpath(source), draft)
    os.replace(draft, target)
    return target


def _make_room(target: str) -> None:
    if os.path.isdir(target) and not os.path.islink(target):
        shutil.rmtree(target)


# bundles


def bundles_of(app: str) -> list[str]:
    """Give an app's bundle files."""
    found = []
    for parent, folders, names in os.walk(public_folder(app)):
        folders[:] = sorted(name for name in folders if name not in ("node_modules", "dist"))
        for name in sorted(names):
            stem, extension = os.path.splitext(name)
            if stem.endswith(".bundle") and extension in BUNDLE_KINDS:
                found.append(os.path.join(parent, name))
    return found


def build_bundles(app: str, *, minify: bool) -> dict[str, str]:
    """Build an app's bundles; gives what each is served as. Raises `CommandFailedError` with esbuild's words."""
    made: dict[str, str] = {}
    by_kind: dict[str, list[str]] = {}
    for path in bundles_of(app):
        extension = os.path.splitext(path)[1]
        if extension in NEEDING_PREPROCESSOR:
            path = preprocessed(app, path, NEEDING_PREPROCESSOR[extension])
        by_kind.setdefault(BUNDLE_KINDS[extension], []).append(path)
    for kind, paths in by_kind.items():
        made.update(_build_kind(app, kind, paths, minify=minify))
    return made


def _build_kind(app: str, kind: str, paths: Sequence[str], *, minify: bool) -> dict[str, str]:
    folder = os.path.join(public_folder(app), "dist", kind)
    draft = f"{folder}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    os.makedirs(draft)
    meta = os.path.join(draft, ".meta.json")
    words = [word.format(meta=meta) for word in ESBUILD]
    run([esbuild(app), *paths, f"--outdir={draft}", *words, *(["--minify"] if minify else [])], cwd=app_root(app))
    with open(meta, encoding="utf-8") as file:
        outputs = json.load(file)["outputs"]
    os.unlink(meta)
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(draft, folder)
    return dict(_served(app, kind, outputs))


def _served(app: str, kind: str, outputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, facts in outputs.items():
        source = facts.get("entryPoint")
        if source:
            stem = os.path.basename(source).rsplit(".", 1)[0]
            yield f"{stem}.{kind}", f"/assets/{app}/dist/{kind}/{os.path.basename(path)}"


def esbuild(app: str) -> str:
    """Give esbuild: the app's own, or the desk's. Raises `ExecutableNotFound`."""
    places = [app_root(app), os.path.join(app_root("frappe"), "desk")]
    for place in places:
        program = os.path.join(place, "node_modules", ".bin", "esbuild")
        if os.path.exists(program):
            return program
    found = shutil.which("esbuild")
    if found:
        return found
    raise ExecutableNotFound(
        f"esbuild is not installed: run `npm ci` in {places[1]}, or add it to {app}'s package.json"
    )


def preprocessed(app: str, path: str, package: str) -> str:
    """Give the path of a style sheet turned into CSS by the app's own Sass or Less. Raises `ExecutableNotFound`."""
    program = os.path.join(app_root(app), "node_modules", ".bin", {"sass": "sass", "less": "lessc"}[package])
    if not os.path.exists(program):
        raise ExecutableNotFound(f"{os.path.basename(path)} needs {package}: add it to {app}'s package.json")
    target = os.path.join(os.path.dirname(path), f".{os.path.splitext(os.path.basename(path))[0]}.css")
    run([program, path, target], cwd=app_root(app))
    return target


def write_map(assets: str, made: Mapping[str, str], kept_apps: Sequence[str] = ()) -> None:
    """Write `assets.json` and `assets-rtl.json`; entries of apps that were not built now stay."""
    path = os.path.join(assets, "assets.json")
    before: dict[str, str] = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            before = json.load(file)
    prefixes = tuple(f"/assets/{app}/" for app in kept_apps)
    merged = {**{name: url for name, url in before.items() if prefixes and url.startswith(prefixes)}, **made}
    os.makedirs(assets, exist_ok=True)
    for name, content in (("assets.json", merged), ("assets-rtl.json", {})):
        draft = os.path.join(assets, f"{name}.{os.getpid()}")
        with open(draft, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1, sort_keys=True)
        os.replace(draft, os.path.join(assets, name))


# front ends


def frontends_of(app: str) -> list[str]:
    """Give the folders of an app whose `package.json` has a build script: its own, or `desk` and `frontend` in it."""
    root = app_root(app)
    if _has_build_script(root):
        return [root]
    return [folder for name in FRONTEND_FOLDERS if _has_build_script(folder := os.path.join(root, name))]


def _has_build_script(folder: str) -> bool:
    path = os.path.join(folder, "package.json")
    if not os.path.exists(path):
        return False
    with open(path, encoding="utf-8") as file:
        return "build" in (json.load(file).get("scripts") or {})


def build_frontend(folder: str, *, say: Say) -> None:
    """Install a front end's locked packages where they are missing, and run its build script."""
    manager = package_manager(folder)
    if not os.path.isdir(os.path.join(folder, "node_modules")):
        say(f"Installing the packages of {os.path.relpath(folder)} …")
        run(install_words(manager, folder), cwd=folder)
    run([manager, "run", "build"], cwd=folder)


def package_manager(folder: str) -> str:
    """Give the program that an app's front end is built with. Raises `ExecutableNotFound`."""
    name = "yarn" if os.path.exists(os.path.join(folder, "yarn.lock")) and shutil.which("yarn") else "npm"
    if shutil.which(name) is None:
        raise ExecutableNotFound(f"{name} is not in PATH: Node.js is needed to build {folder}")
    return name


def install_words(manager: str, folder: str) -> list[str]:
    """Give the command that installs the packages of a front end as they are locked."""
    if manager == "yarn":
        return ["yarn", "install", "--frozen-lockfile"]
    locked = os.path.exists(os.path.join(folder, "package-lock.json"))
    return ["npm", "ci" if locked else "install", "--no-audit", "--no-fund", "--loglevel=error"]


def run(words: Sequence[str], *, cwd: str) -> None:
    """Run a program in a folder. Raises `CommandFailedError` with what it said."""
    done = subprocess.run(list(words), cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        told = (done.stdout + done.stderr).strip()
        raise CommandFailedError(f"{' '.join(words[:3])} … failed in {cwd}:\n{told[-4000:]}", done.stdout, done.stderr)
