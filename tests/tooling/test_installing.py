"""The environment holds what the locks say; what is missing of the system is named."""

import json
import os
import re
import sys
from pathlib import Path

import pytest

from tools import debian, locks, node, python_env
from tools.layout import REPOSITORY, Bench
from tools.shell import ToolError

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def pins(lock: str) -> dict[str, set[str]]:
    """Return each locked package's versions; markers may choose between several."""
    found: dict[str, set[str]] = {}
    for name, version in PINNED.findall((REPOSITORY / "requirements" / f"{lock}.txt").read_text()):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("lock", sorted(locks.LOCKS))
def test_every_locked_package_has_hashes(lock: str) -> None:
    text = (REPOSITORY / "requirements" / f"{lock}.txt").read_text()
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", sorted(locks.LOCKS))
def test_locks_agree_with_the_main_one(lock: str) -> None:
    main = pins("main")
    assert {name: versions for name, versions in pins(lock).items() if versions != main.get(name, versions)} == {}


@pytest.mark.parametrize("app", ["frappe", "ec_erp"])
def test_main_locks_what_the_apps_need(app: str) -> None:
    project = (REPOSITORY / "apps" / app / "pyproject.toml").read_text()
    needed = re.findall(r'"([A-Za-z0-9-]+)', project.partition("dependencies = [")[2].partition("]")[0])
    assert needed
    assert {name.lower() for name in needed} - set(pins("main")) == set()


def test_no_lock_names_a_package_index() -> None:
    for lock in locks.LOCKS:
        assert "index-url" not in (REPOSITORY / "requirements" / f"{lock}.txt").read_text()


@pytest.mark.parametrize(("place", "usable"), [("{root}/env", True), ("/somewhere/else/env", False)])
def test_an_environment_moved_from_elsewhere_is_not_usable(tmp_path: Path, place: str, usable: bool) -> None:
    bench = Bench(tmp_path)
    bench.env.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (bench.env / name).symlink_to(Path(sys.prefix) / name)
    (bench.env / "installed.json").write_text(json.dumps({"place": place.format(root=tmp_path)}))
    assert python_env.is_usable(bench) == usable


def test_a_missing_or_broken_environment_is_not_usable(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    assert not python_env.is_usable(bench)
    bench.python.parent.mkdir(parents=True)
    bench.python.write_text("#!/bin/sh\nexit 1\n")
    bench.python.chmod(0o755)
    assert not python_env.is_usable(bench)


@pytest.mark.parametrize(("printed", "major"), [("v20.20.2\n", 20), ("v18.0.0", 18), ("nonsense", 0), (None, 0)])
def test_node_versions_are_read(printed: str | None, major: int) -> None:
    assert node.major(printed) == major


def test_node_is_taken_from_path_only_when_new_enough(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = bench.root / "programs"
    programs.mkdir()
    bench.env.unlink()
    for name, printed in (("node", "v18.19.0"), ("npm", "10.0.0")):
        (programs / name).write_text(f"#!/bin/sh\necho {printed}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/bin")
    assert not node.is_there(bench)
    (programs / "node").write_text("#!/bin/sh\necho v20.1.0\n")
    assert node.is_there(bench)


def test_missing_packages_are_named_to_a_user_without_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(ToolError, match="sudo apt-get install no-such-package-1 no-such-package-2"):
        debian.require(["no-such-package-1", "no-such-package-2"], purpose="a test")


def test_services_stay_down_during_installation_and_only_then(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    with debian.services_kept_down(policy):
        assert os.access(policy, os.X_OK)
        assert "exit 101" in policy.read_text()
    assert not policy.exists()


def test_a_policy_of_the_system_is_left_alone(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("theirs")
    with debian.services_kept_down(policy):
        assert policy.read_text() == "theirs"
    assert policy.read_text() == "theirs"
