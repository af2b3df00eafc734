"""Commands that read and write configuration files.

Invariant: a value is stored as the JSON type it reads as, the same for bench and site.
"""

from __future__ import annotations

import ast
import json
import os
from typing import Any

import click

from frappe_engine.cli.context import get_site, pass_context, say
from frappe_engine.cli.tables import as_table
from frappe_engine.context.config import get_site_config, update_json_file
from frappe_engine.context.errors import SiteNotSpecifiedError

PLAIN = {"0": 0, "1": 1, "true": True, "false": False}


def parsed(text: str) -> Any:
    """Give the value of a Python or JSON literal. Raises `click.ClickException` when it is neither."""
    for read in (ast.literal_eval, json.loads):
        try:
            return read(text)
        except (ValueError, SyntaxError):
            continue
    raise click.ClickException(f"{text!r} is neither a Python nor a JSON value")


@click.command("set-config")
@click.argument("key")
@click.argument("value")
@click.option("-g", "--global", "for_all", is_flag=True, help="For all sites of the bench.")
@click.option("-p", "--parse", is_flag=True, help="Read the value as a Python or JSON literal.")
@pass_context
def set_config(context: Any, key: str, value: str, for_all: bool, parse: bool) -> None:
    """Set a key of the site's configuration, or of the bench's."""
    stored = parsed(value) if parse else PLAIN.get(value.lower(), value)
    if for_all:
        update_json_file("common_site_config.json", key, stored)
        return
    if not context.sites:
        raise SiteNotSpecifiedError
    for site in context.sites:
        update_json_file(os.path.join(site, "site_config.json"), key, stored)


@click.command("show-config")
@click.option("--format", "-f", "output", type=click.Choice(["text", "json"]), default="text", help="How to show it.")
@pass_context
def show_config(context: Any, output: str) -> None:
    """Show the configuration of the site, the bench's included."""
    if not context.sites:
        raise SiteNotSpecifiedError
    shown = {site: dict(get_site_config(".", site)) for site in context.sites}
    if output == "json":
        say(json.dumps(shown if len(shown) > 1 else next(iter(shown.values())), indent=1, sort_keys=True, default=str))
        return
    for site, config in shown.items():
        if len(shown) > 1:
            click.secho(f"Site {site}", fg="yellow")
        rows = [(name, _shown(value)) for name, value in _flat(config)]
        say(as_table([("Config", "Value"), *rows]))


def _flat(config: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in config.items():
        if isinstance(value, dict) and value:
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", value))
    return found


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@click.command("set-maintenance-mode")
@click.argument("state", type=click.Choice(["on", "off"]))
@click.option("--site", help="The site, instead of the group's option.")
@pass_context
def set_maintenance_mode(context: Any, state: str, site: str | None) -> None:
    """Close the site for everybody, or open it again."""
    for name in [site] if site else (context.sites or [get_site(context)]):
        update_json_file(os.path.join(str(name), "site_config.json"), "maintenance_mode", int(state == "on"))


commands = [set_config, show_config, set_maintenance_mode]
