"""The product's commands, run as a person runs them: output, exit status, and what they leave behind."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from sample_data import online_retail_file

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def bench(site: Any, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the bench on a site, as the `bench` command would."""
    command = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", site.name, *words]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        command, cwd=site.sites_path, capture_output=True, text=True, check=False, env=environment, timeout=300
    )


def test_sound_ledgers_exit_with_zero_and_a_changed_entry_with_one(own_site: Any) -> None:
    assert bench(own_site, "ec-demo", "--date", "2026-11-22").returncode == 0
    proved = bench(own_site, "verify-ledgers")
    assert (proved.returncode, proved.stdout.splitlines()[-1]) == (0, "the ledgers agree"), proved.stderr
    with own_site.connected():
        import frappe

        name = frappe.get_all("GL Entry", pluck="name", limit=1)[0]
        frappe.db.set_value("GL Entry", name, "debit", 12_345)
        frappe.db.commit()
    proved = bench(own_site, "verify-ledgers")
    assert proved.returncode == 1
    assert f"entry {name} has been changed" in proved.stderr


def test_the_demo_fills_every_list_and_adds_nothing_the_second_time(own_site: Any) -> None:
    first = bench(own_site, "ec-demo", "--date", "2026-11-22")
    assert first.returncode == 0, first.stderr
    with own_site.connected():
        counted = counts()
    assert [doctype for doctype, number in counted.items() if not number] == []
    assert (counted["Sales Order"], counted["SKU"], counted["Shop"], counted["Warehouse"]) == (330, 67, 5, 6)
    assert bench(own_site, "ec-demo", "--date", "2026-12-31").returncode == 0
    with own_site.connected():
        assert counts() == counted


def counts() -> dict[str, int]:
    """Return the number of documents of every list of the product."""
    import frappe

    filters = {
        "istable": 0,
        "issingle": 0,
        "module": ("not in", frappe.get_all("Module Def", {"app_name": "frappe"}, pluck="name")),
    }
    doctypes = frappe.get_all("DocType", filters=filters, pluck="name")
    return {doctype: frappe.db.count(doctype) for doctype in doctypes}


def test_import_shows_progress_and_a_summary(own_site: Any) -> None:
    shown = bench(own_site, "import-orders", str(online_retail_file()), "--format", "online-retail")
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert "documents: 418 of 418" in lines
    summary = dict(line.strip().split(": ") for line in lines[lines.index("Summary") + 1 :])
    assert summary["sales"] == "337"
    assert summary["returns"] == "36"
    assert (summary["write-offs"], summary["found"], summary["SKUs created"]) == ("30", "15", "1834")


def test_bad_lines_are_reported_and_stop_nothing(own_site: Any, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    good = "1,A1,CUP,2,12-01-2010 08:26,2.50,7,UK\n"
    file.write_text(HEADER + good + "1,A2,CUP,many,12-01-2010 08:26,2.50,7,UK\n2,,CUP,1,12-01-2010 08:30,2.50,7,UK\n")
    shown = bench(own_site, "import-orders", str(file), "--format", "online-retail")
    assert shown.returncode == 0, shown.stderr
    assert "line 3: Quantity must be a number, not many" in shown.stderr
    assert "line 4: StockCode is missing" in shown.stderr
    assert "  sales: 1" in shown.stdout
    assert "  lines rejected: 2" in shown.stdout


def test_what_can_not_be_imported_at_all_is_said_plainly(own_site: Any, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n")
    for words in ((str(file), "--format", "online-retail"), (str(file), "--format", "nonsense")):
        refused = bench(own_site, "import-orders", *words)
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr
        assert ("columns" in refused.stderr) or ("Unknown format" in refused.stderr)
