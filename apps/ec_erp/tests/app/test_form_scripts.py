"""The scripts of forms: what one takes from a shared script comes to the browser with it."""

import json
import re
from pathlib import Path

import pytest
from ec_erp import hooks

APP = Path(__file__).resolve().parents[2] / "ec_erp"
SHARED_NAME = r"(window\.ec_erp_\w+|(?<![\w.\"])ec_erp\.[a-z_]+\.[a-z_]+)"
SETTING = re.compile(SHARED_NAME + r" = ")
CALLING = re.compile(SHARED_NAME + r"\(")
FORM_SCRIPTS = sorted(
    path for path in APP.glob("*/doctype/*/*.js") if path.stem == path.parent.name and CALLING.search(path.read_text())
)


def test_forms_take_from_shared_scripts_at_all() -> None:
    assert {"sku", "sales_order", "purchase_order"} <= {path.stem for path in FORM_SCRIPTS}


@pytest.mark.parametrize("script", FORM_SCRIPTS, ids=lambda path: path.stem)
def test_what_a_form_calls_comes_with_it(script: Path) -> None:
    doctype = json.loads(script.with_suffix(".json").read_text(encoding="utf-8"))["name"]
    loaded = [script, *(APP / name for name in hooks.doctype_js.get(doctype, ()))]
    texts = [path.read_text(encoding="utf-8") for path in loaded]
    called = {name for text in texts for name in CALLING.findall(text)}
    assert called - {name for text in texts for name in SETTING.findall(text)} == set()
