"""What is said to people outside of controllers has a Chinese translation too."""

import ast
import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2]
SPOKEN = (
    "frappe_engine/schema/checks.py",
    "frappe_engine/documents/definitions.py",
    "frappe/core/doctype/user/api.py",
    "frappe/core/doctype/user/passwords.py",
    "frappe/core/page/permission_manager/permission_manager.py",
)


def translated() -> set[str]:
    found: set[str] = set()
    for path in (APP / "frappe" / "translations").glob("*zh.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            found |= {row[0] for row in csv.reader(lines) if len(row) > 1 and row[1]}
    return found


def spoken_in(path: Path) -> Iterator[str]:
    """Texts given to `_` or to a `Problem`, and those kept in a name `text` before."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_":
            value = node.args[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Problem":
            value = node.args[1]
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "text":
            value = node.value
        else:
            continue
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


@pytest.mark.parametrize("name", SPOKEN)
def test_texts_are_translated(name: str) -> None:
    texts = set(spoken_in(APP / name))
    assert texts
    assert texts - translated() == set()


def test_advice_on_passwords_is_translated() -> None:
    from zxcvbn import feedback

    source = ast.parse(Path(str(feedback.__file__)).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(source) if isinstance(node, ast.Call) and ast.unparse(node.func) == "_"]
    texts = {ast.literal_eval(call.args[0]) for call in calls if isinstance(call.args[0], ast.Constant)}
    assert len(texts) > 20
    assert texts - translated() == set()
