"""What a request that failed answers, and what is kept of it.

The status is that of the exception's class (`http_status_code`), 500 for those without one. JSON where the client wants
JSON, else a page.

Invariant: every answer with status 500 has its cause in the Error Log, written in a transaction of its own; a failure
while answering a failure still gives an answer.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from frappe_engine.context import errors
from frappe_engine.context.local import current
from frappe_engine.context.messages import get_message_log, plain_text
from frappe_engine.context.settings import system_setting
from frappe_engine.context.translate import _
from frappe_engine.documents.errors import log_error
from frappe_engine.http.answers import json_response
from frappe_engine.http.envelopes import error_v1, error_v2, exception_line
from frappe_engine.http.pages import message_page
from frappe_engine.http.sites import UnknownSite
from frappe_engine.kit.dates import InvalidDate
from frappe_engine.kit.numbers import cint

LOG = logging.getLogger("frappe.http")
QUIET = (404, 410)
LOST = (errors.QueryDeadlockError, errors.QueryTimeoutError)


def answer_failure(error: BaseException, request: Request) -> Response:
    """Give the answer to a request that raised `error`."""
    status = status_of(error)
    if isinstance(error, LOST):
        LOG.warning("%s", exception_line(error))  # the Error Log would have to wait for the same lock
    elif status >= 500 and not isinstance(
        error, (errors.SessionStopped, errors.InReadOnlyMode, errors.QueueOverloaded)
    ):
        keep(error)
    if wants_json(request):
        response = _json(error, status)
    else:
        response = _page(error, status)
    if isinstance(error, HTTPException):
        for name, value in error.get_headers():
            if name.lower() not in ("content-type", "content-length"):
                response.headers[name] = value
    return response


def as_refusal(error: BaseException, parameters: Any) -> BaseException:
    """Give the error itself, or a refusal where what the client sent is the cause.

    That is: a text of the request that is no JSON or no date where one was read, or a DocType that does not exist.
    """
    if isinstance(error, ImportError) and isinstance(error.__cause__, errors.DoesNotExistError):
        return error.__cause__
    if isinstance(error, json.JSONDecodeError) and _was_sent(error.doc, parameters):
        message = _("{0} is not valid JSON: {1}").format(
            _shortened(error.doc), f"{error.msg}, {_('position')} {error.pos}"
        )
        return errors.ValidationError(message).with_traceback(error.__traceback__)
    if isinstance(error, InvalidDate) and _was_sent(error.text, parameters):
        message = _("{0} is not a valid date").format(_shortened(error.text))
        return errors.InvalidDateError(message).with_traceback(error.__traceback__)
    return error


def _shortened(text: str | bytes) -> str:
    return repr(text)[:60]


def _was_sent(text: str | bytes, value: Any) -> bool:
    """Tell whether a text is one of the values of a request, or in the JSON of one."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    if isinstance(value, Mapping):
        return any(_was_sent(words, entry) for entry in value.values())
    if isinstance(value, (list, tuple)):
        return any(_was_sent(words, entry) for entry in value)
    if not isinstance(value, str):
        return False
    return words.strip() == value.strip() or (value.lstrip()[:1] in ("{", "[") and json.dumps(words)[1:-1] in value)


def status_of(error: BaseException) -> int:
    """Give the HTTP status of an exception."""
    if isinstance(error, HTTPException):
        return error.code or 500
    return int(getattr(error, "http_status_code", 500))


def wants_json(request: Request) -> bool:
    """Tell whether the client wants JSON: it says so, it is a script, or it asks the API and did not ask for text."""
    accept = request.headers.get("Accept", "")
    if "application/json" in accept or request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return True
    return request.path.startswith("/api/") and not accept.startswith("text")


def _json(error: BaseException, status: int) -> Response:
    context = current()
    _say_why(error, status)
    show = may_show_traceback() and status not in QUIET and not context.get("flags", {}).get("disable_traceback")
    response = context.get("response") or {}
    build = error_v2 if context.get("api_version") == "v2" else error_v1
    return json_response(build(error, response, show_traceback=show), status)


def _say_why(error: BaseException, status: int) -> None:
    """A refusal that showed no message gets the text of its exception; a writer that lost is told what to do."""
    lost = isinstance(error, LOST)
    text = plain_text(str(error))
    if lost:
        text = _("Others are writing the same data. Nothing was changed; please try again in a few seconds.")
    elif status >= 500 or not text or get_message_log() or (current().get("response") or {}).get("message"):
        return
    if isinstance(error, HTTPException):
        return
    entry = {"message": text, "title": _("Message"), "indicator": "red", "raise_exception": 1}
    current().__dict__.setdefault("message_log", []).append(entry)


def may_show_traceback() -> bool:
    """Tell whether the site lets clients see where a failure happened."""
    if current().get("db") is None:
        return False
    try:
        return bool(cint(system_setting("allow_error_traceback")))
    except Exception:  # the database is what failed
        LOG.exception("settings can't be read")
        return False


def keep(error: BaseException) -> None:
    """Keep an error in the Error Log (and in the server's log), in a transaction of its own."""
    context = current()
    LOG.error("%s", exception_line(error), exc_info=error)
    if context.get("db") is None:
        return
    try:
        context.db.rollback()
        log_error(title=exception_line(error)[:140], message=_report(error))
        context.db.commit()
    except Exception:
        LOG.exception("the error could not be kept")
        context.db.rollback()


def _report(error: BaseException) -> str:
    import traceback

    request = current().get("request")
    head = f"{request.method} {request.path}\n\n" if request is not None else ""
    return head + "".join(traceback.format_exception(error))


def _page(error: BaseException, status: int) -> Response:
    context = current()
    messages = get_message_log() if context.get("flags") is not None else []
    if isinstance(error, UnknownSite):
        return message_page(_("Not Found"), _("There is no site of this name here."), status)
    text = str(messages[-1].get("message")) if messages and status < 500 else None
    title, fallback = _words(status)
    detail = (
        exception_line(error) if status >= 500 and context.get("conf") and context.conf.get("developer_mode") else None
    )
    return message_page(title, text or fallback, status, detail=detail)


def _words(status: int) -> tuple[str, str]:
    known: dict[int, tuple[str, str]] = {
        401: (_("Not Permitted"), _("You need to sign in.")),
        403: (_("Not Permitted"), _("You do not have the right to see this page.")),
        404: (_("Not Found"), _("The page you are looking for is not here.")),
        405: (_("Not Permitted"), _("This can't be asked in this way.")),
        413: (_("Too Large"), _("What you sent is larger than this site accepts.")),
        429: (_("Too Many Requests"), _("Please try again in a while.")),
        503: (_("Updating"), _("The system is being updated. Please come back in a few moments.")),
        508: (_("Busy"), _("The system was busy. Please try again.")),
    }
    if status in known:
        return known[status]
    if status >= 500:
        return _("Server Error"), _("Something went wrong. The error was kept for the administrator.")
    return _("Message"), _("This request could not be served.")
