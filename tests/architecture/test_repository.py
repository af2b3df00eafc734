"""What is committed is source: no machine's paths, nothing generated, nothing large, no secrets."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LARGEST_BYTES = 512 * 1024
TEXT_LIMIT_BYTES = 2 * 1024 * 1024

# Written in pieces, so that this file does not match itself.
MACHINE_PATHS = re.compile("|".join(("/" + "work/", "/" + r"root/(?!\.)", "/" + "home/[a-z]", "/" + "Users/[A-Za-z]")))
GENERATED = re.compile(
    r"(^|/)(node_modules|dist|__pycache__|[^/]+\.egg-info|\.(mypy|ruff|pytest)_cache|\.hypothesis)/"
    r"|\.(pyc|pyo|db|sqlite3?|log|pid|zip|tar|gz|whl|pem|key)$"
    r"|^(env|sites|logs|archived|\.services)/(?!\.gitkeep$)"
)
SECRETS = re.compile(
    "|".join(
        (
            "-----BEGIN [A-Z ]*" + "PRIVATE KEY-----",
            r"\bAKIA" + r"[0-9A-Z]{16}\b",
            r"\bgh[pousr]_" + r"[A-Za-z0-9]{36}\b",
            r"\bsk-" + r"[A-Za-z0-9]{32,}\b",
            r"\bxox[abp]-" + r"[0-9A-Za-z-]{20,}",
            r"https?://[^/\s:@'\"{}<>$]+:" + r"[^/\s:@'\"{}<>$]{6,}@",
        )
    )
)


def committed() -> list[Path]:
    """Return the files that a commit of this tree would hold, ignored ones left out."""
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout, so it can't be told what would be committed")
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    """Return `file:line: text` of every line of a text file that matches."""
    found = []
    for file in committed():
        content = (ROOT / file).read_bytes()[:TEXT_LIMIT_BYTES]
        if b"\0" in content:
            continue
        lines = content.decode("utf-8", errors="replace").splitlines()
        found += [
            f"{file}:{number}: {line.strip()[:120]}" for number, line in enumerate(lines, 1) if pattern.search(line)
        ]
    return found


def test_no_file_names_a_path_of_some_machine() -> None:
    assert lines_matching(MACHINE_PATHS) == []


def test_no_secret_is_committed() -> None:
    assert lines_matching(SECRETS) == []


def test_nothing_generated_is_committed() -> None:
    assert [str(file) for file in committed() if GENERATED.search(file.as_posix())] == []


def test_no_file_is_large() -> None:
    sizes = {str(file): (ROOT / file).stat().st_size for file in committed()}
    assert {file: size for file, size in sizes.items() if size > LARGEST_BYTES} == {}


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE_PATHS, "see /" + "home/alice/notes"),
        (MACHINE_PATHS, "open('/" + "work/main/x')"),
        (SECRETS, "-----BEGIN RSA " + "PRIVATE KEY-----"),
        (SECRETS, "redis://x; https://bob:" + "hunter22@example.com/"),
        (GENERATED, "apps/frappe/desk/node_modules/vue/index.js"),
        (GENERATED, "sites/ec.localhost/site_config.json"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


@pytest.mark.parametrize("text", ["sites/.gitkeep", "apps/ec_erp/ec_erp/hooks.py", "docs/logs.md"])
def test_sources_do_not_count_as_generated(text: str) -> None:
    assert not GENERATED.search(text)
