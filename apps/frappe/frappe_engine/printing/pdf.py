"""PDF from HTML, by WeasyPrint.

Invariant: a PDF is made of what this site holds: files the user may read, assets, and data in the page itself. Nothing
is asked of another host, and no file of the machine is opened by its path.
"""

from __future__ import annotations

import io
import logging
import mimetypes
import os
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from frappe_engine.context.errors import ValidationError
from frappe_engine.context.hooks import get_all_apps, get_app_path
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents import files

BASE = "site:///"
SYSTEM_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0"


def pdf_of(html: str) -> bytes:
    """Give the PDF of a page. Raises `ValidationError` where the machine lacks what WeasyPrint needs."""
    library = _weasyprint()
    document = library.HTML(string=html, base_url=BASE, url_fetcher=_fetcher(library))
    made: bytes = document.write_pdf()
    return made


def merged(parts: Iterable[bytes]) -> bytes:
    """Give one PDF of several."""
    from pypdf import PdfWriter  # wanted by few requests

    writer = PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def protected(content: bytes, password: str) -> bytes:
    """Give a PDF that opens with a password alone."""
    from pypdf import PdfReader, PdfWriter  # wanted by few requests

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _weasyprint() -> Any:
    try:
        import weasyprint  # type: ignore[import-untyped]  # a native library, wanted by few requests
    except OSError as error:
        text = _("PDF needs packages that are missing on this server: {0}").format(SYSTEM_PACKAGES)
        throw(f"{text} ({error})", ValidationError)
    # It warns of every rule for screens; what can't be shown is told by the print itself.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return weasyprint


def _fetcher(library: Any) -> Any:
    """Give what WeasyPrint asks for pictures and style sheets; a refusal leaves the place empty."""

    class SiteFetcher(library.urls.URLFetcher):  # type: ignore[misc]
        """Fetches from this site alone."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Give the content of an address of this site. Raises `ValueError` for any other."""
            if url.startswith("data:"):
                return super().fetch(url, headers)
            content, mime = site_content(url)
            return library.urls.URLFetcherResponse(url, content, {"Content-Type": mime})

    return SiteFetcher()


def site_content(url: str) -> tuple[bytes, str]:
    """Give the bytes and the type behind an address of this site. Raises `ValueError` for any other address."""
    path = unquote(_own_path(url))
    if path.startswith("/assets/"):
        found = _asset(path[len("/assets/") :])
    elif path.startswith((files.PUBLIC, files.PRIVATE)):
        found = _stored(path)
    else:
        raise ValueError(f"{url} is not part of this site")
    with open(found, "rb") as file:
        return file.read(), mimetypes.guess_type(found)[0] or "application/octet-stream"


def _own_path(url: str) -> str:
    parts = urlsplit(url)
    request = current().get("request")
    own_hosts = {"", str(current().get("site") or ""), request.host if request is not None else ""}
    if parts.scheme == "site" or (parts.scheme in ("", "http", "https") and parts.netloc in own_hosts):
        return parts.path
    raise ValueError(f"{url} is not part of this site")


def _asset(name: str) -> str:
    app, _slash, rest = name.partition("/")
    if app not in get_all_apps(sites_path=current().sites_path):
        raise ValueError(f"{name} is no asset")
    return _inside(get_app_path(app, "public"), rest)


def _stored(path: str) -> str:
    if files.readable_file(path) is None:
        raise ValueError(f"{path} may not be read")
    return files.path_of_url(path)


def _inside(folder: str, name: str) -> str:
    root, path = os.path.realpath(folder), os.path.realpath(os.path.join(folder, name))
    if not path.startswith(root + os.sep) or not os.path.isfile(path):
        raise ValueError(f"{name} is no asset")
    return path
