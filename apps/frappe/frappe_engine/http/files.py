"""Files over HTTP: the bench's assets, public and private files of a site, backups.

A web server in front may serve `/assets` and `/files` itself; here they are served with caching headers, and compressed
where a compressed copy (`.br`, `.gz`) lies beside the file.

Invariant: what is not below the folder that was asked for is not found; a private file is only sent to who may read
it; mark-up that was uploaded never runs as a page of this site.
"""

from __future__ import annotations

import mimetypes
import os
import re
from importlib.util import find_spec
from typing import Any

from werkzeug.security import safe_join
from werkzeug.utils import send_file
from werkzeug.wrappers import Request, Response

from frappe_engine.access.roles import get_roles
from frappe_engine.context.errors import DoesNotExistError, PermissionError
from frappe_engine.context.hooks import get_all_apps
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents import files
from frappe_engine.http.answers import disposition
from frappe_engine.http.refusals import NotFound

_HASHED = re.compile(r"(?:/assets/[^/]+/(?:desk/assets|dist)/|[.-][A-Za-z0-9_-]{8,}\.[a-z0-9]+\Z)")
ONE_YEAR_S = 31_536_000
# What browsers show without running anything; XML of any kind may hold scripts, and a name like x.html.gz is a page to them.
HARMLESS = ("image/", "audio/", "video/", "font/", "text/", "application/pdf", "application/json")
COMPRESSED = (("br", ".br"), ("gzip", ".gz"))
SANDBOX = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"


def asset(request: Request, sites_path: str) -> Response | None:
    """Give the answer for a path below `/assets`, None for other paths."""
    path = request.path
    if not path.startswith("/assets/") or request.method not in ("GET", "HEAD"):
        return None
    found = _asset_path(path[len("/assets/") :], sites_path)
    if found is None:
        return Response("Not Found", status=404, content_type="text/plain; charset=utf-8")
    forever = bool(_HASHED.search(path))
    return _static(request, found, "public, max-age=31536000, immutable" if forever else "public, no-cache")


def _asset_path(name: str, sites_path: str) -> str | None:
    path = safe_join(os.path.abspath(os.path.join(sites_path, "assets")), name)
    if path is not None and os.path.isfile(path):
        return path
    app, _separator, rest = name.partition("/")
    if not rest or app not in get_all_apps(sites_path=sites_path):
        return None
    spec = find_spec(app)
    folder = os.path.dirname(spec.origin) if spec is not None and spec.origin else None
    own = safe_join(os.path.join(folder, "public"), rest) if folder else None
    return own if own is not None and os.path.isfile(own) else None


def public_file(request: Request) -> Response | None:
    """Give the answer for a path below `/files`, None for other paths and for files that are not there."""
    path = request.path
    if not path.startswith("/files/") or request.method not in ("GET", "HEAD"):
        return None
    found = safe_join(os.path.abspath(files.folder_of(0)), path[len("/files/") :])
    if found is None or not os.path.isfile(found):
        return None
    response = _static(request, found, "public, max-age=3600")
    return _harmless(response, found)


def _static(request: Request, path: str, cache_control: str) -> Response:
    mime = mimetypes.guess_type(path)[0] or "application/octet-stream"
    encoding = None
    for name, suffix in COMPRESSED:
        if request.accept_encodings.quality(name) > 0 and os.path.isfile(path + suffix):
            path, encoding = path + suffix, name
            break
    response = send_file(path, request.environ, mimetype=mime, conditional=True, etag=True)
    response.headers["Cache-Control"] = cache_control
    response.headers["X-Content-Type-Options"] = "nosniff"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _harmless(response: Response, path: str) -> Response:
    """A page or picture that somebody uploaded must not run with this site's rights."""
    if may_run(path):
        response.headers["Content-Security-Policy"] = SANDBOX
    return response


def may_run(name: str) -> bool:
    """Tell whether browsers may run what is in a file of this name when they show it."""
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return "xml" in mime or "html" in mime or not mime.startswith(HARMLESS)


def private_file(request: Request) -> Response:
    """Send a private file to who may read it. Raises `PermissionError`."""
    document = files.readable_file(request.path, current().form_dict.get("fid"))
    if document is None:
        throw(_("You don't have permission to access this file"), PermissionError)
    _note_access(document)
    return send_stored(request, document.file_url, str(document.file_name))


def send_stored(request: Request, file_url: str, name: str, *, attachment: bool = False) -> Response:
    """Send a file of this site by its URL; by the web server in front where it asks for that."""
    path = files.path_of_url(file_url)
    if not os.path.isfile(path):
        raise NotFound
    as_attachment = attachment or may_run(path)
    if request.headers.get("X-Use-X-Accel-Redirect"):
        response = Response(b"")
        relative = os.path.relpath(path, os.path.realpath(current().site_path))
        response.headers["X-Accel-Redirect"] = "/protected/" + relative.encode("utf-8").decode("latin-1")
        response.content_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    else:
        response = send_file(
            path,
            request.environ,
            mimetype=mimetypes.guess_type(path)[0] or "application/octet-stream",
            conditional=True,
        )
    response.headers["Content-Disposition"] = disposition(name or os.path.basename(path), inline=not as_attachment)
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return _harmless(response, path)


def _note_access(document: Any) -> None:
    """Who downloads private files is kept in the Access Log, after the answer."""
    context = current()
    user, name, kind = context.session.user, document.file_url, os.path.splitext(str(document.file_name))[1].lstrip(".")

    def write() -> None:
        from frappe_engine.documents.document import get_doc

        entry = {
            "doctype": "Access Log",
            "user": user,
            "export_from": "File",
            "reference_document": name,
            "file_type": kind[:140],
        }
        get_doc(entry).insert(ignore_permissions=True, ignore_links=True)
        current().db.commit()

    context.after_response.append(write)


def backup(request: Request) -> Response:
    """Send a backup to a System Manager."""
    if "System Manager" not in get_roles():
        throw(_("You need to be a System Manager to download backups."), PermissionError)
    folder = os.path.join(current().site_path, "private", "backups")
    found = safe_join(os.path.abspath(folder), request.path.removeprefix("/backups").lstrip("/"))
    if found is None or not os.path.isfile(found):
        raise DoesNotExistError
    response = send_file(found, request.environ, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = disposition(os.path.basename(found))
    response.headers["Cache-Control"] = "private, no-store"
    return response
