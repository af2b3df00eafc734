"""Calling other programs and other commands from a command.

Invariant: a program that fails is never taken for one that worked.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import click

from frappe_engine.context.errors import CommandFailedError


def popen(
    command: str | Sequence[str],
    *,
    cwd: str | None = None,
    env: Mapping[str, str] | None = None,
    output: bool = True,
    raise_err: bool = False,
    shell: bool = True,
    stdin: Any = None,
) -> int:
    """Run a program to its end and give its exit status; `output` shows what it prints.

    Raises `CommandFailedError` when it fails and `raise_err` is set.
    """
    as_shell_text = isinstance(command, str) and shell
    where = None if output else subprocess.DEVNULL
    finished = subprocess.run(
        command if as_shell_text or not isinstance(command, str) else command.split(),
        shell=as_shell_text,
        cwd=cwd,
        env={**os.environ, **env} if env else None,
        stdin=stdin,
        stdout=where,
        stderr=where,
        check=False,
    )
    if finished.returncode and raise_err:
        raise CommandFailedError(f"{command!r} ended with status {finished.returncode}")
    return finished.returncode


def call_command(command: click.Command, context: Mapping[str, Any]) -> Any:
    """Run a click command with the options of another one (`sites`, `force` …) and no words of its own."""
    with command.make_context(str(command.name), [], obj=context) as entered:
        return command.invoke(entered)
