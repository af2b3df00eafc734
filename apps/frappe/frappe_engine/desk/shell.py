"""The HTML page the desk runs in: its data as JSON, and the files of the built front end.

Invariant: no script stands in the page itself, and nothing in the data can end the element it stands in.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from html import escape
from typing import Any

from frappe_engine.context.hooks import get_app_path
from frappe_engine.kit.jsontext import json_default

ENTRY = "src/main.ts"
BASE = "/assets/frappe/desk/"
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32'"
    " rx='8' fill='%231769aa'/%3E%3Ctext x='16' y='21' font-size='13' font-family='sans-serif' font-weight='700'"
    " fill='white' text-anchor='middle'%3EEC%3C/text%3E%3C/svg%3E"
)

# What makes the page an app that can be installed.
APP_TAGS = (
    '<link rel="manifest" href="/manifest.webmanifest"><meta name="theme-color" content="#1769aa">'
    '<link rel="apple-touch-icon" href="/assets/frappe/images/desk-192.png">'
)


def page(boot: Any, *, logged_in: bool) -> str | None:
    """Give the page for a start, None when the front end was not built."""
    manifest = read_manifest()
    if manifest is None:
        return None
    boot["assets_version"] = manifest["file"]
    language = str(boot.get("lang") or "en")
    theme = _theme(boot)
    tags = head_tags(manifest["chunks"], _extra_chunks(language, logged_in=logged_in)) + _messages_tag(boot)
    title = escape(str(boot.get("app_name") or "EC ERP"))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"{theme}><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f'<link rel="icon" href="{ICON}">{APP_TAGS}{tags}</head><body><div id="app"></div>'
        f'<script type="application/json" id="boot">{inline_json(boot)}</script></body></html>'
    )


def inline_json(value: Any) -> str:
    """Write JSON that can stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=json_default)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _messages_tag(boot: Any) -> str:
    """The translations are fetched beside the scripts; the browser keeps them as long as their address stays."""
    address = boot.get("messages_url")
    return f'<link rel="preload" as="fetch" crossorigin href="{escape(address)}">' if address else ""


def _theme(boot: Any) -> str:
    chosen = str((boot.get("user") or {}).get("desk_theme") or "").lower()
    return f' data-theme="{chosen}"' if chosen in ("light", "dark") else ""


def _extra_chunks(language: str, *, logged_in: bool) -> tuple[str, ...]:
    wanted = ["src/app/start.ts" if logged_in else "src/app/LoginPage.vue"]
    if language.startswith("zh"):
        wanted.append("src/locales/zh.ts")
    return tuple(wanted)


def read_manifest() -> dict[str, Any] | None:
    """Give the build's manifest (`chunks`) and the name of its entry (`file`), None when there is none."""
    path = os.path.join(get_app_path("frappe"), "public", "desk", ".vite", "manifest.json")
    try:
        stamp = os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(path, stamp)


@lru_cache(maxsize=2)
def _read(path: str, _stamp: int) -> dict[str, Any] | None:
    with open(path, encoding="utf-8") as file:
        chunks = json.load(file)
    return {"chunks": chunks, "file": chunks[ENTRY]["file"]} if ENTRY in chunks else None


def head_tags(chunks: dict[str, Any], extra: tuple[str, ...]) -> str:
    """Give the tags that load the entry, and those that fetch what it needs at once."""
    entry = chunks[ENTRY]
    needed: dict[str, None] = {}
    styles: dict[str, None] = {}
    for key in (ENTRY, *(key for key in extra if key in chunks)):
        _collect(chunks, key, needed, styles)
    needed.pop(entry["file"], None)
    tags = [f'<link rel="stylesheet" href="{BASE}{name}">' for name in styles]
    tags += [f'<link rel="modulepreload" href="{BASE}{name}">' for name in needed]
    return "".join([*tags, f'<script type="module" src="{BASE}{entry["file"]}"></script>'])


def _collect(chunks: dict[str, Any], key: str, needed: dict[str, None], styles: dict[str, None]) -> None:
    chunk = chunks[key]
    if chunk["file"] in needed:
        return
    needed[chunk["file"]] = None
    for name in chunk.get("css", ()):
        styles[name] = None
    for inner in chunk.get("imports", ()):
        _collect(chunks, inner, needed, styles)
