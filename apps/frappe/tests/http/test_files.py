"""Files: uploads, who may read what, static files with their headers."""

from __future__ import annotations

import gzip
import os
from io import BytesIO
from typing import Any

import pytest

from .conftest import ADMIN, MANAGER, TESTER, Web

UPLOAD = "/api/method/upload_file"


def _upload(web: Web, name: str = "note.txt", content: bytes = b"hello", auth: str = TESTER, **fields: Any) -> Any:
    return web.post(
        UPLOAD, data={"file": (BytesIO(content), name), **fields}, auth=auth, content_type="multipart/form-data"
    )


def _new_doc(web: Web) -> str:
    return str(web.post("/api/resource/HP Doc", json={"title": "with files"}, auth=ADMIN).json["data"]["name"])


def test_a_public_file_is_served_to_everybody(web: Web, other_web: Web) -> None:
    made = _upload(web, content=b"hello").json["message"]
    assert (made["file_name"], made["is_private"], made["file_size"]) == ("note.txt", 0, 5)
    answer = other_web.get(made["file_url"])
    assert (answer.status_code, answer.data) == (200, b"hello")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_private_file_is_its_owners(web: Web) -> None:
    url = _upload(web, "secret.txt", b"mine", is_private="1").json["message"]["file_url"]
    assert url.startswith("/private/files/")
    assert web.get(url, auth=TESTER).data == b"mine"
    assert web.get(url).status_code == 403
    assert web.get(url, auth="token plainkey:plainsecret").status_code == 403
    assert web.get(url, auth=MANAGER).status_code == 200


def test_a_private_file_follows_the_document_it_is_attached_to(web: Web) -> None:
    shared = {"is_private": "1", "doctype": "HP Doc", "docname": _new_doc(web)}
    url = _upload(web, "shared.txt", b"ours", auth=ADMIN, **shared).json["message"]["file_url"]
    assert web.get(url, auth=TESTER).data == b"ours"
    assert web.get(url, auth="token plainkey:plainsecret").status_code == 403


def test_only_who_may_write_a_document_attaches_to_it(web: Web) -> None:
    answer = _upload(web, auth="token plainkey:plainsecret", doctype="HP Doc", docname=_new_doc(web))
    assert (answer.status_code, answer.json["exc_type"]) == (403, "PermissionError")


def test_nobody_gets_at_bytes_by_attaching_their_url(web: Web) -> None:
    url = _upload(web, "theirs.txt", b"not yours", auth=ADMIN, is_private="1").json["message"]["file_url"]
    answer = web.post(UPLOAD, data={"file_url": url}, auth=TESTER)
    assert answer.status_code == 403
    body = {"doctype": "File", "file_url": url, "file_name": "x.txt"}
    assert web.post("/api/resource/File", json=body, auth=TESTER).status_code == 403


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd", "half\ud800.txt", "..\\..\\boot.ini", "a/b\x00.txt", "<script>.txt", 'x"\r\nX-Evil: 1.txt'],
)
def test_names_of_files_lead_nowhere(web: Web, name: str) -> None:
    made = web.post("/api/method/frappe.client.attach_file", json={
        "filename": name, "filedata": "x", "doctype": "HP Doc", "docname": _new_doc(web), "is_private": 1,
    }, auth=ADMIN)  # fmt: skip
    assert made.status_code == 200, made.text
    assert not set(made.json["message"]["file_name"]) & set('/\\<>"\x00\r\n')
    folder = os.path.join(web.site.folder, "private", "files")
    assert os.path.basename(made.json["message"]["file_url"]) in os.listdir(folder)


@pytest.mark.parametrize("path", [
    "/files/../site_config.json", "/files/..%2f..%2fsite_config.json", "/files/%2e%2e/%2e%2e/site_config.json",
    "/private/files/../../site_config.json", "/private/files/..%2f..%2fsite_config.json", "/assets/../apps.txt",
    "/assets/frappe/../../../apps.txt", "/assets/frappe/..%2f__init__.py", "/files//etc/passwd", "/backups/../../site_config.json",
])  # fmt: skip
def test_paths_do_not_leave_their_folder(web: Web, path: str) -> None:
    answer = web.get(path, auth=ADMIN)
    assert answer.status_code in (403, 404)
    assert b"db_name" not in answer.data


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "data.xml"])
def test_mark_up_that_was_uploaded_does_not_run(web: Web, name: str) -> None:
    public = _upload(web, name, b"<svg onload='alert(1)'/>").json["message"]["file_url"]
    assert web.get(public).headers["Content-Security-Policy"].startswith("sandbox")
    private = _upload(web, name, b"<svg onload='alert(1)'/>", is_private="1").json["message"]["file_url"]
    assert web.get(private, auth=TESTER).headers["Content-Disposition"].startswith("attachment")


def test_the_same_content_is_kept_once_and_goes_with_its_last_file(web: Web) -> None:
    first = _upload(web, "twice.txt", b"twice").json["message"]
    second = _upload(web, "twice.txt", b"twice").json["message"]
    assert first["file_url"] == second["file_url"]
    web.delete(f"/api/resource/File/{first['name']}", auth=TESTER)
    assert web.get(first["file_url"]).status_code == 200
    web.delete(f"/api/resource/File/{second['name']}", auth=TESTER)
    assert web.get(first["file_url"]).status_code == 404


def test_a_file_that_becomes_private_moves(web: Web) -> None:
    made = _upload(web, "moves.txt", b"moves").json["message"]
    moved = web.put(f"/api/resource/File/{made['name']}", json={"is_private": 1}, auth=TESTER).json["data"]
    assert moved["file_url"].startswith("/private/files/")
    assert web.get(made["file_url"]).status_code == 404
    assert web.get(moved["file_url"], auth=TESTER).data == b"moves"


def test_too_large_a_file_is_refused(web: Web) -> None:
    web.site.set_config("max_file_size", 1000)
    try:
        answer = _upload(web, "big.txt", b"x" * 1500)
        assert answer.status_code == 413
        assert _upload(web, "big.txt", b"x" * 500).status_code == 200
    finally:
        web.site.set_config("max_file_size", None)


def test_guests_do_not_upload_unless_they_may(web: Web) -> None:
    anonymous = {"file": (BytesIO(b"x"), "a.txt")}
    assert web.post(UPLOAD, data=anonymous, content_type="multipart/form-data").status_code == 403
    _setting(web, "allow_guests_to_upload_files", 1)
    try:
        assert _upload_as_guest(web, "a.txt", b"plain").status_code == 200
        assert _upload_as_guest(web, "a.html", b"<html>").status_code == 417
        assert _upload_as_guest(web, "a.txt", b"<script>alert(1)</script>").status_code == 417
        assert _upload_as_guest(web, "a.png", b"no picture").status_code == 417
    finally:
        _setting(web, "allow_guests_to_upload_files", 0)


def _upload_as_guest(web: Web, name: str, content: bytes) -> Any:
    return web.post(UPLOAD, data={"file": (BytesIO(content), name)}, content_type="multipart/form-data")


def _setting(web: Web, name: str, value: Any) -> None:
    with web.site.connected() as context:
        context.db.set_single_value("System Settings", name, value)
        context.db.commit()


def test_backups_are_for_system_managers(web: Web) -> None:
    folder = os.path.join(web.site.folder, "private", "backups")
    with open(os.path.join(folder, "b.sql.gz"), "wb") as file:
        file.write(b"dump")
    assert web.get("/backups/b.sql.gz", auth=MANAGER).data == b"dump"
    assert web.get("/backups/b.sql.gz", auth=TESTER).status_code == 403
    assert web.get("/backups/b.sql.gz").status_code == 403


def test_a_web_server_in_front_may_send_private_files(web: Web) -> None:
    url = _upload(web, "accel.txt", b"x", is_private="1").json["message"]["file_url"]
    answer = web.get(url, auth=TESTER, headers={"X-Use-X-Accel-Redirect": "True"})
    assert answer.headers["X-Accel-Redirect"] == "/protected" + url
    assert answer.data == b""


def test_assets_are_served_compressed_and_kept(web: Web) -> None:
    folder = os.path.join(web.site.sites_path, "assets", "demo", "dist")
    os.makedirs(folder, exist_ok=True)
    for name, content in (("a.js", b"1;"), ("a.js.gz", gzip.compress(b"1;")), ("a.bundle.ABCDEF12.js", b"2;")):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
    answer = web.get("/assets/demo/dist/a.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.content_type.startswith("text/javascript")
    assert "immutable" in web.get("/assets/demo/dist/a.bundle.ABCDEF12.js").headers["Cache-Control"]
    again = web.get(
        "/assets/demo/dist/a.js", headers={"If-None-Match": answer.headers["ETag"], "Accept-Encoding": "gzip"}
    )
    assert again.status_code == 304


def test_a_folder_has_no_bytes_that_its_owner_could_read(web: Web) -> None:
    url = _upload(web, "theirs2.txt", b"not yours", auth=ADMIN, is_private="1").json["message"]["file_url"]
    folder = {"doctype": "File", "is_folder": 1, "file_name": "grab", "is_private": 1, "file_url": url}
    web.post("/api/resource/File", json=folder, auth=TESTER)
    own = _upload(web, "mine.txt", b"mine too", is_private="1").json["message"]["name"]
    changed = web.put(f"/api/resource/File/{own}", json={"is_folder": 1, "file_url": url}, auth=TESTER)
    assert changed.status_code == 417
    for query in ({}, {"fid": "Home/grab"}, {"fid": own}):
        assert web.get(url, params=query, auth=TESTER).status_code == 403


def test_files_are_not_moved_to_documents_that_their_owner_may_not_write(web: Web) -> None:
    target = {"attached_to_doctype": "User", "attached_to_name": "Administrator"}
    body = {"file_name": "x.txt", "content": "x", "is_private": 1}
    made = web.post("/api/resource/File", json=body, auth=TESTER).json["data"]["name"]
    assert web.put(f"/api/resource/File/{made}", json=target, auth=TESTER).status_code == 403
    assert web.post("/api/resource/File", json={**body, **target}, auth=TESTER).status_code == 403


@pytest.mark.parametrize("name", ["page.html.gz", "page.svgz", "page.rdf", "page.xsl", "page.xhtml.bz2", "feed.atom"])
def test_mark_up_under_another_name_does_not_run(web: Web, name: str) -> None:
    page = b"<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>"
    public = _upload(web, name, page).json["message"]["file_url"]
    assert web.get(public).headers["Content-Security-Policy"].startswith("sandbox")
    private = _upload(web, name, page, is_private="1").json["message"]["file_url"]
    assert web.get(private, auth=TESTER).headers["Content-Disposition"].startswith("attachment")


def test_a_long_chinese_name_is_shortened_to_what_a_disk_holds(web: Web) -> None:
    urls = [_upload(web, "库" * 120 + ".txt", content).json["message"]["file_url"] for content in (b"one", b"two")]
    assert [web.get(url).data for url in urls] == [b"one", b"two"]
    assert all(url.endswith(".txt") for url in urls)
