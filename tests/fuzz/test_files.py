"""File names and contents nobody should send: files stay in the site's folders, and nothing of the machine comes back."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hostile import TEXTS
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from site_under_fire import CLERK, STAFF, Sent, SiteUnderFire
from werkzeug.datastructures import FileStorage

OPTIONS = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
KINDS = (".png", ".txt", ".html", ".svg", ".php", ".py", "")


def places(site_folder: str) -> set[str]:
    """The files of the whole bench, without those of the site's own places for files and databases."""
    bench = Path(site_folder).parent.parent
    own = tuple(str(Path(site_folder, part)) for part in ("public/files", "private/files", "db", "locks", "logs"))
    return {str(path) for path in bench.rglob("*") if path.is_file() and not str(path).startswith(own)}


@OPTIONS
@example(name="../../../../tmp/x", kind=".txt", private=False)
@example(name="../site_config", kind=".json", private=True)
@given(name=st.sampled_from(TEXTS) | st.text(max_size=30), kind=st.sampled_from(KINDS), private=st.booleans())
def test_uploads_stay_in_the_sites_folders(fire: SiteUnderFire, name: str, kind: str, private: bool) -> None:
    before = places(fire.site.folder)
    file = FileStorage(io.BytesIO(os.urandom(8)), filename=f"{name}{kind}".replace("\r", "").replace("\n", ""))
    data = {"file": file, "is_private": str(int(private)), "folder": "Home", "file_name": f"{name}{kind}"}
    fire.watch.begin()
    answer = fire.client.post("/api/method/upload_file", data=data, headers={"Authorization": STAFF}, buffered=True)
    sent = Sent("POST", "/api/method/upload_file", {}, {"file_name": name + kind}, STAFF)
    assert fire.fault_in(sent, answer) is None
    assert places(fire.site.folder) - before == set()


READERS = ("/files/{}", "/private/files/{}", "/backups/{}", "/assets/{}", "/assets/frappe/{}")
ELSEWHERE = (
    "../../site_config.json", "..%2f..%2fsite_config.json", "....//....//site_config.json", "%2e%2e/%2e%2e/site_config.json",
    "../../../../../../etc/passwd", "..\\..\\site_config.json", "/etc/passwd", "x/../../../site_config.json",
    "\x00", ".%00./site_config.json",
)  # fmt: skip


@pytest.mark.parametrize("door", READERS)
@pytest.mark.parametrize("name", ELSEWHERE)
def test_downloads_come_from_the_sites_folders(fire: SiteUnderFire, door: str, name: str) -> None:
    answer = fire.client.get(door.format(name), headers={"Authorization": CLERK}, buffered=True)
    text = answer.get_data().decode(errors="replace")
    assert (answer.status_code in (301, 302, 308, 400, 403, 404), "db_type" in text, "root:" in text) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize("name", [*ELSEWHERE, "/private/files/../../site_config.json", "/files/../site_config.json"])
def test_the_download_function_gives_files_of_the_site_alone(fire: SiteUnderFire, name: str) -> None:
    for address in (name, f"/private/files/{name}", f"/files/{name}"):
        sent = Sent("GET", "/api/method/download_file", {"file_url": address}, None, CLERK)
        fire.watch.begin()
        answer = fire.ask(sent)
        assert answer.status_code in (403, 404, 417), address
        assert fire.fault_in(sent, answer) is None
