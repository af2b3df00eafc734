"""What the `bench` command starts in `sites/`: `python -m frappe.utils.bench_helper …`.

Invariant: the exit status is that of the command, so that `bench` can pass it on.
"""

from __future__ import annotations

import json
import sys

import click

from frappe_engine.cli.group import CommandGroup, group, run


def get_app_groups() -> dict[str, CommandGroup]:
    """Give the command groups by name, every command loaded: `{"frappe": …}`."""
    return {"frappe": group.load_all()}


def get_commands() -> list[str]:
    """Give the names of all commands: the framework's, then those of each app."""
    return group.list_commands(click.Context(group))


def get_help() -> str:
    """Give the help of the group; what follows `Commands:` is the list that `bench --help` shows."""
    return group.get_help(click.Context(group, info_name="bench"))


def main(words: list[str] | None = None) -> None:
    """Run one command line: `frappe …`, `get-frappe-commands` or `get-frappe-help`."""
    given = sys.argv[1:] if words is None else words
    if given == ["get-frappe-commands"]:
        click.echo(json.dumps(get_commands()))
    elif given == ["get-frappe-help"]:
        click.echo(get_help())
    else:
        run(lambda: click.Group(commands={"frappe": group})(args=given, prog_name="bench"))
