"""How much of the framework's API, as real apps use it, this runtime has and the tests prove (`make api-coverage`).

The list of names (`api_tiers.csv`: name, tier, number of uses) lies in the folder that `EC_FRAPPE_API` names, else in
`../shared/frappe-api` beside the bench; it is not part of the project.

Invariant: a name counts only when the runtime has it and a test names it.
"""

import csv
import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.layout import Bench
from tools.named_in_tests import names_in, test_files
from tools.shell import ToolError, say

LIST = "api_tiers.csv"
VARIABLE = "EC_FRAPPE_API"
TIERS = {"1": "tier 1", "2": "tier 2", "3": "tier 3", "4": "peripheral"}


@dataclass(frozen=True)
class Name:
    """One name of the list: its tier, how often apps use it, other spellings of the same."""

    text: str
    tier: str
    uses: int
    spellings: tuple[str, ...]


def show(bench: Bench, words: Sequence[str]) -> None:
    """Print the shares per tier, and with `--missing` the names that do not count and why."""
    file = list_file(bench)
    if file is None:
        say(f"{LIST} is not there, nothing to compare with: set {VARIABLE} to the folder that holds it")
        return
    names = read(file)
    there = answers(bench, [name.text for name in names])
    tested = names_in(test_files(bench.root))
    print("\n".join(table(names, there, tested)))
    if "--missing" in words:
        print("\n".join(missing(names, there, tested)))


def list_file(bench: Bench) -> Path | None:
    """Return the file with the list of names, None where it is absent."""
    folder = Path(os.environ.get(VARIABLE) or bench.root.parent / "shared" / "frappe-api")
    return folder / LIST if (folder / LIST).is_file() else None


def read(file: Path) -> list[Name]:
    """Return the names of the list."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            Name(row["name"], row["tier"], int(row["sites_nontest"] or 0), tuple(row["other_spellings"].split()))
            for row in csv.DictReader(lines)
        ]


def answers(bench: Bench, names: Sequence[str]) -> dict[str, str]:
    """Return for each name "yes", or why the runtime does not have it; asks the bench's own Python."""
    words = [str(bench.python), "-m", "tools.api_names"]
    done = subprocess.run(
        words,
        input="\n".join(names),
        capture_output=True,
        text=True,
        check=False,
        cwd=bench.root,
        env=bench.environment(),
    )
    if done.returncode:
        raise ToolError(f"the runtime could not be asked:\n{done.stderr.strip()}")
    return dict(line.split("\t", 1) for line in done.stdout.splitlines() if "\t" in line)


def counts(name: Name, there: dict[str, str], tested: set[str]) -> bool:
    """Tell whether a name is there and named by a test."""
    return there.get(name.text) == "yes" and is_tested(name, tested)


def is_tested(name: Name, tested: set[str]) -> bool:
    """Tell whether a test names it, by any of its spellings."""
    return any(spelling in tested for spelling in (name.text, *name.spellings))


def table(names: Iterable[Name], there: dict[str, str], tested: set[str]) -> list[str]:
    """Return the lines of the table of shares."""
    listed = list(names)
    lines = [f"{'':12} {'names':>12} {'share':>8} {'uses':>17} {'share':>8}"]
    for tier, title in TIERS.items():
        lines.append(_line(title, [name for name in listed if name.tier == tier], there, tested))
    lines.append(_line("1 to 3", [name for name in listed if name.tier in "123"], there, tested))
    lines.append(_line("all", listed, there, tested))
    return lines


def _line(title: str, names: Sequence[Name], there: dict[str, str], tested: set[str]) -> str:
    done = [name for name in names if counts(name, there, tested)]
    uses, all_uses = sum(name.uses for name in done), sum(name.uses for name in names)
    number, used = f"{len(done)} of {len(names)}", f"{uses} of {all_uses}"
    return f"{title:12} {number:>12} {_share(len(done), len(names)):>8} {used:>17} {_share(uses, all_uses):>8}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def missing(names: Iterable[Name], there: dict[str, str], tested: set[str]) -> list[str]:
    """Return a line for each name that does not count: its tier, its uses, and why."""
    return [
        f"{TIERS[name.tier]:12} {name.uses:>6}  {name.text}: {_reason(name, there)}"
        for name in names
        if not counts(name, there, tested)
    ]


def _reason(name: Name, there: dict[str, str]) -> str:
    answer = there.get(name.text, "not asked")
    return "no test names it" if answer == "yes" else f"not there ({answer})"
