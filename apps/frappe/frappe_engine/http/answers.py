"""Answers of every type: JSON, CSV, text, downloads, PDF, pages, redirects.

Invariant: an answer's headers hold no line break from a value, and a redirect built from a parameter stays on this
site (`location` set by code may lead anywhere).
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from werkzeug.wrappers import Response

from frappe_engine.context.local import current
from frappe_engine.http.envelopes import as_json_bytes, success_v1, success_v2
from frappe_engine.kit.files import gzip_compress
from frappe_engine.kit.tables import write_csv

JSON_TYPE = "application/json"
INLINE_REFUSED = ("text/html", "image/svg+xml", "text/xml", "application/xml", "application/xhtml+xml")


def build_response(response_type: str | None = None) -> Response:
    """Give the answer that `frappe.local.response` describes; its `type` says of what kind, JSON by default."""
    described = current().response
    if described.get("docs") is None:
        described.pop("docs", None)
    builder = _BUILDERS.get(str(response_type or described.get("type") or "json"), json_answer)
    return builder(described)


def json_answer(described: Any) -> Response:
    """Give the JSON answer of the API's version that was asked."""
    body = success_v2(described) if current().get("api_version") == "v2" else success_v1(described)
    return json_response(body, int(described.get("http_status_code") or 200))


def json_response(body: Any, status: int = 200) -> Response:
    """Give a JSON answer."""
    return Response(as_json_bytes(body), status=status, content_type=JSON_TYPE)


def compressed(response: Response) -> Response:
    """Send an answer's text compressed where the one who asks takes that."""
    request = current().get("request")
    response.headers["Vary"] = "Accept-Encoding"
    if request is not None and request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip_compress(response.get_data(), level=5))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _csv(described: Any) -> Response:
    text = _csv_text(described.get("result"))
    name = f"{described.get('doctype') or described.get('filename') or 'data'}.csv"
    return _attachment(text.encode("utf-8"), "text/csv; charset=utf-8", name)


def _csv_text(result: Any) -> str:
    return result if isinstance(result, str) else write_csv(result or [])


def _text(described: Any) -> Response:
    name = f"{described.get('doctype') or described.get('filename') or 'data'}.txt"
    return _attachment(str(described.get("result") or "").encode("utf-8"), "text/plain; charset=utf-8", name)


def _download(described: Any) -> Response:
    name = str(described.get("filename") or "download")
    mime = str(described.get("content_type") or mimetypes.guess_type(name)[0] or "application/octet-stream")
    inline = described.get("display_content_as") == "inline" and not mime.startswith(INLINE_REFUSED)
    return _attachment(_bytes(described.get("filecontent")), mime, name, inline=inline)


def _binary(described: Any) -> Response:
    described["content_type"] = "application/octet-stream"
    return _download(described)


def _pdf(described: Any) -> Response:
    name = str(described.get("filename") or "document.pdf")
    return _attachment(_bytes(described.get("filecontent")), "application/pdf", name, inline=True)


def _bytes(content: Any) -> bytes:
    if hasattr(content, "getvalue"):
        content = content.getvalue()
    return content.encode("utf-8") if isinstance(content, str) else bytes(content or b"")


def _attachment(content: bytes, mime: str, name: str, *, inline: bool = False) -> Response:
    response = Response(content, content_type=mime)
    response.headers["Content-Disposition"] = disposition(name, inline=inline)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def disposition(name: str, *, inline: bool = False) -> str:
    """Give the Content-Disposition of a file called `name` (RFC 6266: plain and UTF-8 spelling)."""
    clean = "".join(sign for sign in name if sign.isprintable()).replace("\\", "_").replace('"', "'") or "download"
    kind = "inline" if inline else "attachment"
    plain = clean.encode("ascii", "replace").decode().replace("?", "_")
    if plain == clean:
        return f'{kind}; filename="{clean}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"


def _redirect(described: Any) -> Response:
    return redirect_to(str(described.get("location") or "/"), int(described.get("http_status_code") or 302))


def redirect_to(location: str, status: int = 302) -> Response:
    """Give a redirect; line breaks can't get into its header."""
    target = "".join(sign for sign in location if ord(sign) >= 32)
    response = Response(b"", status=status, content_type="text/html; charset=utf-8")
    response.headers["Location"] = quote(target, safe="~@#$&()*!+=:;,.?/'%-_[]")
    response.headers["Cache-Control"] = "no-store, no-cache, must-revalidate"
    return response


def _page(described: Any) -> Response:
    from frappe_engine.http.website import render_path  # pages are made of answers, and some answers are pages

    return render_path(str(described.get("route") or "message"), int(described.get("http_status_code") or 200))


_BUILDERS: dict[str, Callable[[Any], Response]] = {
    "json": json_answer,
    "csv": _csv,
    "txt": _text,
    "download": _download,
    "binary": _binary,
    "pdf": _pdf,
    "redirect": _redirect,
    "page": _page,
}
