"""Makes the bench's virtual environment and keeps it equal to the lock files.

Invariant: only locked, hash-checked packages are installed, by pip, so that a user's own pip settings hold.
"""

import importlib.util
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import debian
from tools.layout import APPS, Bench
from tools.shell import ToolError, output_of, run, say
from tools.stamps import digest_of, read_record, write_record

MINIMUM_PYTHON = (3, 11)
MAIN = "main"
PIP_INSTALL = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
# What WeasyPrint loads to make PDFs, and letters for Chinese; everything else works without them.
PRINT_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "fonts-noto-cjk")
BUILD_PACKAGES = {"services": ("gcc", "libc6-dev", "libmariadb-dev", "python3-dev")}


def ensure(bench: Bench, *layers: str) -> None:
    """Make env/ hold the two apps, the main lock and further layers (names of requirements/*.txt)."""
    ensure_without_apps(bench)
    for layer in layers:
        ensure_layer(bench, layer)
    ensure_apps(bench)


def ensure_without_apps(bench: Bench) -> None:
    """Make env/ hold the main lock."""
    bench.make_folders()
    if not is_usable(bench):
        create(bench)
    ensure_layer(bench, MAIN)


def is_usable(bench: Bench) -> bool:
    """Say whether env/ was made for this very place and its interpreter still runs."""
    made_for = record(bench).get("place", str(bench.env))
    probe = "import sys, pip; print(*sys.version_info[:2])"
    printed = output_of([bench.python, "-c", probe]) if bench.python.exists() else None
    return made_for == str(bench.env) and printed is not None and _version(printed) >= MINIMUM_PYTHON


def create(bench: Bench) -> None:
    """Make an empty env/ in place of a missing or unusable one."""
    if sys.version_info[:2] < MINIMUM_PYTHON:
        raise ToolError(f"Python {'.'.join(map(str, MINIMUM_PYTHON))} or later is needed, this is {sys.version}")
    if importlib.util.find_spec("ensurepip") is None:
        debian.require(venv_packages(), purpose="making a virtual environment")
    say(f"making env/ with Python {sys.version.split()[0]}")
    shutil.rmtree(bench.env, ignore_errors=True)
    run([Path(sys.executable), "-m", "venv", bench.env])
    write_record(_record_file(bench), {"place": str(bench.env)})


def venv_packages() -> list[str]:
    """Return the Debian packages that bring venv to the interpreter in use."""
    major, minor = sys.version_info[:2]
    return ["python3-venv", f"python{major}.{minor}-venv"]


def ensure_layer(bench: Bench, layer: str) -> None:
    """Install one lock file unless env/ holds it already."""
    lock = lock_file(bench, layer)
    digest = digest_of(bench.root, [lock], _interpreter(bench))
    if record(bench).get(layer) == digest:
        return
    if layer in BUILD_PACKAGES and needs_compiler(bench):
        debian.require(BUILD_PACKAGES[layer], purpose="building the MariaDB connector")
    say(f"installing the locked packages of {lock.relative_to(bench.root)}")
    _pip(bench, "--require-hashes", "-r", lock_file(bench, "base"))
    _pip(bench, "--require-hashes", "--no-build-isolation", "-r", lock)
    _remember(bench, layer, digest)


def needs_compiler(bench: Bench) -> bool:
    """Say whether the MariaDB connector, a C extension without wheels for Linux, still has to be built."""
    return output_of([bench.python, "-c", "import mariadb"]) is None


def ensure_apps(bench: Bench) -> None:
    """Install the apps in place, so that a change of their source holds at once."""
    projects = [bench.apps / app / "pyproject.toml" for app in APPS]
    digest = digest_of(bench.root, projects, _interpreter(bench))
    if record(bench).get("apps") == digest:
        return
    say("installing the apps in place")
    editable = [word for app in APPS for word in ("-e", str(bench.apps / app))]
    _pip(bench, "--no-build-isolation", *editable)
    _remember(bench, "apps", digest)


def lock_file(bench: Bench, layer: str) -> Path:
    """Return the path of a lock file."""
    return bench.root / "requirements" / f"{layer}.txt"


def record(bench: Bench) -> dict[str, str]:
    """Return what env/ is known to hold: layer -> digest, and the place it was made for."""
    return read_record(_record_file(bench))


def _record_file(bench: Bench) -> Path:
    return bench.env / "installed.json"


def _remember(bench: Bench, name: str, digest: str) -> None:
    write_record(_record_file(bench), {**record(bench), "place": str(bench.env), name: digest})


def _interpreter(bench: Bench) -> str:
    return str(bench.python.resolve())


def _version(printed: str) -> tuple[int, ...]:
    return tuple(int(part) for part in printed.split())


def _pip(bench: Bench, *words: str | Path) -> None:
    command: Sequence[str | Path] = [bench.python, *PIP_INSTALL, *words]
    run(command, cwd=bench.root, env=bench.environment())
