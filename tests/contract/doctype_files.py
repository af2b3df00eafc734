"""Reads what the apps of the bench declare in files: DocTypes, modules, roles, translations.

Invariant: nothing here needs a site or a database; a rule sees files only.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
APPS = ("frappe", "ec_erp")

STANDARD_FIELDS = frozenset(
    {"name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "parent", "parentfield", "parenttype"}
    | {"_user_tags", "_comments", "_assign", "_liked_by", "_seen"}
)
LAYOUT_FIELDS = frozenset(["Section Break", "Column Break", "Tab Break", "Fold"])
NO_VALUE_FIELDS = LAYOUT_FIELDS | {"HTML", "Button", "Heading", "Image"}
TABLE_FIELDS = frozenset(["Table", "Table MultiSelect"])


def scrub(label: str) -> str:
    """Return the folder name of a DocType or module."""
    return label.replace(" ", "_").replace("-", "_").lower()


@dataclass(frozen=True)
class DocTypeFile:
    """One DocType as its app declares it."""

    app: str
    path: Path
    doctype: dict[str, Any]

    @property
    def name(self) -> str:
        """Return the name of the DocType."""
        return str(self.doctype.get("name", self.path.stem))

    @cached_property
    def fields(self) -> dict[str, dict[str, Any]]:
        """Return its fields by fieldname."""
        return {str(row.get("fieldname")): row for row in self.doctype.get("fields", [])}

    @property
    def is_table(self) -> bool:
        """Tell whether its rows live in other documents."""
        return bool(self.doctype.get("istable"))

    @property
    def is_single(self) -> bool:
        """Tell whether there is one document only."""
        return bool(self.doctype.get("issingle"))

    @property
    def controller(self) -> Path:
        """Return the path of its controller."""
        return self.path.with_suffix(".py")

    def has_field(self, fieldname: str) -> bool:
        """Tell whether a fieldname can be addressed, standard ones included."""
        return fieldname in self.fields or fieldname in STANDARD_FIELDS


@dataclass
class Bench:
    """All apps together, as a site that installs them sees them."""

    doctypes: dict[str, DocTypeFile] = field(default_factory=dict)
    modules: dict[str, list[str]] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    translations: set[tuple[str, str]] = field(default_factory=set)

    def is_translated(self, text: str, doctype: str) -> bool:
        """Tell whether a text has a translation, in general or in the context of a DocType."""
        return (text, "") in self.translations or (text, doctype) in self.translations

    @cached_property
    def parents(self) -> dict[str, list[DocTypeFile]]:
        """Return, for each child DocType, the DocTypes that hold its rows."""
        found: dict[str, list[DocTypeFile]] = {}
        for file in self.doctypes.values():
            for row in file.fields.values():
                if row.get("fieldtype") in TABLE_FIELDS:
                    found.setdefault(str(row.get("options")), []).append(file)
        return found

    @cached_property
    def linked(self) -> set[str]:
        """Return the DocTypes that some Link field points to."""
        rows = (row for file in self.doctypes.values() for row in file.fields.values())
        return {str(row.get("options")) for row in rows if row.get("fieldtype") == "Link"}


def package_of(app: str) -> Path:
    """Return the folder of an app's Python package."""
    return REPOSITORY / "apps" / app / app


def doctype_paths(app: str) -> Iterator[Path]:
    """Yield the JSON file of every folder below a `doctype` folder."""
    for folder in sorted(package_of(app).glob("**/doctype/*/")):
        path = folder / f"{folder.name}.json"
        if path.exists():
            yield path


def read_doctypes(app: str) -> Iterator[DocTypeFile]:
    """Yield the DocTypes of an app; a file that is no JSON raises `json.JSONDecodeError` with its path."""
    for path in doctype_paths(app):
        try:
            doctype = json.loads(path.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            error.add_note(f"in {path.relative_to(REPOSITORY)}")
            raise
        yield DocTypeFile(app, path, doctype)


def read_lines(path: Path) -> list[str]:
    """Return the lines of a text file that have content; none where there is no file."""
    if not path.exists():
        return []
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_roles(app: str) -> set[str]:
    """Return the roles that an app brings as fixtures."""
    path = package_of(app) / "fixtures" / "role.json"
    return {role["name"] for role in json.loads(path.read_text(encoding="utf-8"))} if path.exists() else set()


def read_translations(app: str, language: str = "zh") -> list[list[str]]:
    """Return the rows of an app's translation file: source, translation, perhaps context."""
    path = package_of(app) / "translations" / f"{language}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.reader(lines) if row]


def read_bench() -> Bench:
    """Return all that the apps declare."""
    bench = Bench()
    for app in APPS:
        bench.doctypes.update({file.name: file for file in read_doctypes(app)})
        bench.modules[app] = read_lines(package_of(app) / "modules.txt")
        bench.roles |= read_roles(app)
        for row in read_translations(app):
            if len(row) > 1 and row[1]:
                bench.translations.add((row[0], row[2] if len(row) > 2 else ""))
    return bench
