"""`make start` from a bare clone: ready, logged in by what it prints, quick the second time, gone after Ctrl-C."""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tools.testing import free_port_pair

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(1800)]

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"EC ERP is ready: +(\S+)")
LOGIN = re.compile(r"Log in as: +Administrator / (\S+)")
FIRST_START_LIMIT_S = 1500
SECOND_START_LIMIT_S = 20


@dataclass
class Clone:
    """A bare clone and the ways to start it."""

    root: Path
    mark: str = field(default_factory=lambda: f"EC_TEST_MARK={uuid.uuid4()}")

    @contextlib.contextmanager
    def started(self, *choices: str, limit_s: float) -> Iterator["Started"]:
        """Start it; yields when it says that it is ready; ends it by Ctrl-C."""
        log = self.root.parent / f"start-{uuid.uuid4()}.log"
        env = {**os.environ, **dict([self.mark.split("=")])}
        began = time.monotonic()
        with log.open("wb") as output:
            command = ["make", "start", *choices]
            process = subprocess.Popen(command, cwd=self.root, env=env, stdout=output, stderr=output, process_group=0)
        try:
            yield wait_until_ready(process, log, began, limit_s)
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=60)

    def processes(self) -> list[str]:
        """Return the command lines of the living processes that a start has left."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                if self.mark.encode() in (folder / "environ").read_bytes():
                    found.append((folder / "cmdline").read_text().replace("\0", " "))
        return found


@dataclass(frozen=True)
class Started:
    """What a start printed until it was ready, and how long that took."""

    url: str
    password: str
    printed: str
    took_s: float

    def logs_in(self) -> bool:
        """Say whether the printed login is accepted."""
        form = urllib.parse.urlencode({"usr": "Administrator", "pwd": self.password}).encode()
        with urllib.request.urlopen(f"{self.url}/api/method/login", data=form, timeout=30) as response:
            return bool(json.load(response)["message"] == "Logged In")


def wait_until_ready(process: subprocess.Popen[bytes], log: Path, began: float, limit_s: float) -> Started:
    while process.poll() is None and time.monotonic() - began < limit_s:
        printed = log.read_text(errors="replace")
        ready, login = READY.search(printed), LOGIN.search(printed)
        if ready and login:
            return Started(ready.group(1), login.group(1), printed, time.monotonic() - began)
        time.sleep(0.2)
    raise AssertionError(
        f"not ready after {time.monotonic() - began:.0f} s:\n{log.read_text(errors='replace')[-4000:]}"
    )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """Return a copy of what this tree would commit, without env/, packages or sites."""
    git = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT)]
    listed = subprocess.run(
        [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so there is nothing to clone")
    made = tmp_path_factory.mktemp("clone") / "bench"
    made.mkdir()
    existing = b"\0".join(name for name in listed.stdout.split(b"\0") if name and (ROOT / os.fsdecode(name)).exists())
    archive = ["tar", "--create", f"--directory={ROOT}", "--null", "--files-from=-"]
    packed = subprocess.run(archive, input=existing, capture_output=True, check=True)
    subprocess.run(["tar", "--extract", f"--directory={made}"], input=packed.stdout, check=True)
    return Clone(made)


def test_first_start_prints_a_login_that_works_and_ctrl_c_ends_everything(clone: Clone) -> None:
    port = free_port_pair()
    with clone.started(f"PORT={port}", limit_s=FIRST_START_LIMIT_S) as started:
        assert started.url == f"http://127.0.0.1:{port}"
        assert started.logs_in()
    assert clone.processes() == []


def test_second_start_is_quick_and_keeps_the_password(clone: Clone) -> None:
    with clone.started(f"PORT={free_port_pair()}", limit_s=SECOND_START_LIMIT_S) as started:
        assert "==>" not in started.printed
        assert started.logs_in()
    assert clone.processes() == []


def test_another_site_without_demo_and_with_a_chosen_password(clone: Clone) -> None:
    choices = (f"PORT={free_port_pair()}", "SITE=plain.localhost", "DEMO=0", "ADMIN_PASSWORD=chosen-by-me")
    with clone.started(*choices, limit_s=300) as started:
        assert started.password == "chosen-by-me"
        assert started.logs_in()
        assert "demo company" not in started.printed
