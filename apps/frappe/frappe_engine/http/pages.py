"""Small pages of the server itself: messages, errors, "signed out".

Invariant: every value is escaped, no script runs in them, and they carry the site's security headers.
"""

from __future__ import annotations

from html import escape

from werkzeug.wrappers import Response

from frappe_engine.context.local import current
from frappe_engine.kit.html import sanitize_html

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:;"
    " connect-src 'self' ws: wss:; font-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self';"
    " frame-ancestors 'self'"
)
_STYLE = (
    "body{font:16px/1.5 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;margin:0;color:#1f272e;"
    "background:#f4f5f6}main{max-width:34rem;margin:14vh auto 0;padding:2rem;background:#fff;border-radius:12px;"
    "box-shadow:0 1px 3px rgba(0,0,0,.12)}h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:.25rem 0}"
    "pre{white-space:pre-wrap;font-size:.8rem;color:#6b7280}a{color:#1769aa}"
    "@media(prefers-color-scheme:dark){body{background:#171717;color:#e5e7eb}main{background:#232323}a{color:#7cc0ff}}"
)


def html_page(title: str, body: str, status: int = 200) -> Response:
    """Give a page; `body` is HTML that the caller vouches for, `title` is text."""
    language = str(current().get("lang") or "en")
    text = (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )
    response = Response(text, status=status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    add_security_headers(response)
    return response


def message_page(
    title: str, message: str, status: int = 200, detail: str | None = None, action: tuple[str, str] | None = None
) -> Response:
    """Give a page with a message (mark-up in it is cleaned) and, for developers, a detail.

    `action` is where the reader can go on, as address and label.
    """
    more = f"<pre>{escape(detail)}</pre>" if detail else ""
    onward = f'<p><a href="{escape(action[0])}">{escape(action[1])}</a></p>' if action else ""
    said = f"<h1>{escape(title)}</h1><p>{sanitize_html(message, always_sanitize=True)}</p>"
    return html_page(title, f"{said}{onward}{more}", status)


def add_security_headers(response: Response) -> None:
    """Tell browsers what a page of ours may do."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "SAMEORIGIN")
