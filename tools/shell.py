"""Runs programs and talks to the person at the terminal.

Invariant: a program that fails stops the task, with its exit status and the command in the message.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")


class ToolError(Exception):
    """A task can't go on; the message tells the user what to do."""


def say(message: str) -> None:
    """Print one line of progress at once, also when output goes to a file."""
    print(f"==> {message}", flush=True)


def warn(message: str) -> None:
    """Print one line that needs attention to standard error."""
    print(f"!!  {message}", file=sys.stderr, flush=True)


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
    """Run a program in the foreground; raise ToolError unless it exits with 0."""
    words = [str(word) for word in command]
    try:
        status = subprocess.run(words, env=env, cwd=cwd, check=False).returncode
    except FileNotFoundError as error:
        raise ToolError(f"not found: {error.filename}") from error
    if status:
        raise ToolError(f"exit status {status} from: {shlex.join(words)}")


def output_of(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> str | None:
    """Return what a short program prints, or None when it is missing or fails."""
    words = [str(word) for word in command]
    try:
        finished = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return finished.stdout if finished.returncode == 0 else None


def find_program(*names: str) -> Path | None:
    """Return the first of the programs that is installed; looks in the system folders a user's PATH lacks too."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM_FOLDERS])
    found = (shutil.which(name, path=path) for name in names)
    return next((Path(program) for program in found if program), None)
