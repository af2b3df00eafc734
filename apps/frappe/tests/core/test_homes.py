"""What lower layers ask of higher ones is answered in every process, whatever it imported before."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import frappe
import pytest
from frappe_engine.context.homes import HOMES
from frappe_engine.context.local import Providers, providers

ROOT = Path(frappe.__file__).parents[1]
ASKED = re.compile(r"""providers(?:\.has)?\(\s*"([a-z_]+)\"""")
SAVE = """
import frappe
frappe.init(site={site!r}, sites_path={sites_path!r})
frappe.connect()
frappe.get_doc(doctype="ToDo", description="from a process of its own").insert()
print([told[0] for told in frappe.local.realtime_log])
frappe.db.rollback()
"""


def names_asked() -> set[str]:
    files = [*(ROOT / "frappe").rglob("*.py"), *(ROOT / "frappe_engine").rglob("*.py")]
    return {name for file in files for name in ASKED.findall(file.read_text(encoding="utf-8"))}


def test_a_fresh_process_answers_every_question() -> None:
    asked = names_asked()
    assert len(asked) > 20
    code = f"import frappe; from frappe_engine.context.local import providers; print([n for n in {sorted(asked)} if not providers.has(n)])"
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, names in HOMES.items() for name in names])
def test_a_home_registers_its_names(module: str, name: str) -> None:
    fresh = Providers()
    fresh.live_in({module: [name]})
    assert fresh.has(name)
    __import__(module)
    assert providers.has(name)
    assert name in providers._providers


def test_a_name_without_home_is_refused() -> None:
    with pytest.raises(LookupError, match="nobody provides 'nothing'"):
        Providers()("nothing")


def test_a_fresh_process_tells_what_it_saves(site: Any) -> None:
    code = SAVE.format(site=site.name, sites_path=str(site.sites_path))
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert told.strip() == "['saved']"
