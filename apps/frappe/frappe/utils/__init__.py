"""`frappe.utils`: the helpers that apps import, pure ones and those that know the site.

Invariant: everything of `frappe.utils.data` is here too, under the same name.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from importlib import import_module
from typing import Any, Literal
from urllib.parse import quote

from frappe_engine.context.errors import (
    CommandFailedError,
    InvalidEmailAddressError,
    InvalidNameError,
    InvalidPhoneNumberError,
)
from frappe_engine.context.hooks import get_attr, get_hooks, get_installed_apps
from frappe_engine.context.local import current, local
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.kit import files, jsontext, sql, validation
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.html import is_markdown as is_markdown
from frappe_engine.kit.html import sanitize_html as sanitize_html
from frappe_engine.kit.text import create_batches
from frappe_engine.kit.text import random_string as random_string

from frappe._submodules import lazily
from frappe.utils import data
from frappe.utils.data import *  # noqa: F403 - this package is defined as `data` and what follows

# --- people --------------------------------------------------------------------------------------------------------


def get_fullname(user: str | None = None) -> str:
    """Give the full name of a user (of the one who asks by default); the id when there is none."""
    user = user or _session_user()
    known: dict[str, str] = current().__dict__.setdefault("fullnames", {})
    if user not in known:
        known[user] = _user_value(user, "full_name") or user
    return known[user]


def get_email_address(user: str | None = None) -> str | None:
    """Give the e-mail address of a user; None when there is none."""
    return _user_value(user or _session_user(), "email")


def get_formatted_email(user: str, mail: str | None = None) -> str:
    """Give "Full Name <address>" of a user; "" without an address."""
    from email.utils import formataddr  # the mail library is slow to load

    fullname = get_fullname(user)
    address = mail or get_email_address(user) or validate_email_address(user)
    return formataddr((fullname, address)) if address else ""


def _session_user() -> str:
    session = current().get("session")
    return str(session.user) if session else "Guest"


def _user_value(user: str, fieldname: str) -> str | None:
    database = current().get("db")
    return database.get_value("User", user, fieldname) if database is not None else None


def get_gravatar_url(email: str, default: Literal["mm", "404"] = "mm") -> str:
    """Give the address of the picture that gravatar.com has for an e-mail address."""
    import hashlib  # loads OpenSSL

    digest = hashlib.md5(email.strip().lower().encode(), usedforsecurity=False).hexdigest()
    return f"https://secure.gravatar.com/avatar/{digest}?d={default}&s=200"


def has_gravatar(email: str) -> str:
    """Give the address of the picture that gravatar.com has for an e-mail address; "" when it has none.

    Nothing is asked during tests, installation, import and patches, nor in scripts.
    """
    flags = current().get("flags") or {}
    if not email or current().get("request") is None or any(flags.get(name) for name in _OFFLINE_FLAGS):
        return ""
    import requests  # an HTTP client, wanted by few calls

    url = get_gravatar_url(email, "404")
    try:
        return url if requests.get(url, timeout=5).status_code == 200 else ""
    except requests.exceptions.RequestException:
        return ""  # without the outside world there is no picture


_OFFLINE_FLAGS = ("in_import", "in_install", "in_test", "in_migrate", "in_patch")


def get_gravatar(email: str) -> str:
    """Give the address of a picture for an e-mail address, a neutral one where gravatar.com has none."""
    return has_gravatar(email) or get_gravatar_url(email)


# --- e-mail addresses, names, numbers ------------------------------------------------------------------------------


def extract_email_id(email: str) -> str:
    """Give the address of "Name <address>"."""
    return parse_addr(email)[1]


def parse_addr(email_string: str) -> tuple[str | None, str]:
    """Cut "Name <address>" into name and address; a text without an address gives None and the text."""
    return validation.parse_address(email_string)


def split_emails(txt: str | None) -> list[str]:
    """Cut a list of addresses at its commas, not at those inside quotes."""
    return validation.split_emails(txt)


def sanitize_email(emails: str) -> str:
    """Give a list of addresses as "Name <address>, …", parts that are no addresses left out."""
    from email.utils import formataddr  # the mail library is slow to load

    parsed = [parse_addr(part) for part in split_emails(emails) if validation.address_in(part)]
    return ", ".join(formataddr((name or "", address)) for name, address in parsed)


def get_name_from_email_string(email_string: str, email_id: str, name: str) -> str:
    """Give what "Name <address>" says before the address; `name` when it says nothing."""
    found = email_string.replace(email_id, "")
    found = re.sub(r"[^\w\s/']", "", found).strip()
    return found or name


def check_format(email_id: str) -> bool:
    """Tell whether a text holds an e-mail address with a dotted domain."""
    return validation.EMAIL.search(email_id or "") is not None


def get_html_format(print_path: str) -> str | None:
    """Give the template of a print format that an app keeps in a file, with what it includes; None where there is none."""
    from frappe.utils.jinja import with_included_templates  # only who prints needs it

    if not os.path.exists(print_path):
        return None
    with open(print_path, encoding="utf-8") as file:
        return with_included_templates(file.read())


def validate_email_address(email_str: str | None, throw: bool = False) -> str:
    """Give the e-mail addresses in a text, parted by commas; "" when there is none.

    With `throw`, a part that is none raises `frappe.InvalidEmailAddressError`.
    """
    valid, wrong = validation.emails_in(email_str)
    if throw and (wrong or not valid):
        shown = wrong[0] if wrong else email_str or ""
        _throw(_("{0} is not a valid Email Address").format(data.escape_html(shown)), InvalidEmailAddressError)
    return ", ".join(valid)


def validate_phone_number(phone_number: str | None, throw: bool = False) -> bool:
    """Tell whether a text could be a phone number. With `throw`, another text raises `InvalidPhoneNumberError`."""
    if not phone_number:
        return False
    valid = validation.is_phone_number(phone_number)
    if throw and not valid:
        _throw(_("{0} is not a valid Phone Number").format(data.escape_html(phone_number)), InvalidPhoneNumberError)
    return valid


def validate_phone_number_with_country_code(phone_number: str, fieldname: str) -> bool | None:
    """Tell that a number with its country code can exist. Raises `frappe.InvalidPhoneNumberError` when it can't."""
    if not phone_number:
        return None
    field = f"<strong>{data.escape_html(fieldname)}</strong>"
    try:
        if validation.is_valid_number_of_country(phone_number):
            return True
    except validation.MissingCountryCode:
        _throw(_("Please select a country code for field {0}.").format(field), InvalidPhoneNumberError)
    number = f"<strong>{data.escape_html(phone_number)}</strong>"
    message = _("Phone Number {0} set in field {1} is not valid.").format(number, field)
    _throw(message, InvalidPhoneNumberError, title=_("Invalid Phone Number"))


def validate_name(name: str | None, throw: bool = False) -> bool:
    """Tell whether a text could be a person's name. With `throw`, another text raises `frappe.InvalidNameError`."""
    if not name:
        return False
    valid = validation.is_person_name(name)
    if throw and not valid:
        _throw(_("{0} is not a valid Name").format(data.escape_html(name)), InvalidNameError)
    return valid


def validate_url(txt: str | None, throw: bool = False, valid_schemes: str | Iterable[str] | None = None) -> bool:
    """Tell whether a text is a URL, of one of `valid_schemes` where given. With `throw`, another text raises."""
    schemes = valid_schemes if isinstance(valid_schemes, str) else tuple(valid_schemes or ())
    valid = validation.is_url(txt, schemes)
    if throw and not valid:
        _throw(_("'{0}' is not a valid URL").format(f"<strong>{data.escape_html(str(txt))}</strong>"))
    return valid


_throw = throw  # several functions here have a parameter of that name


def is_git_url(url: str) -> bool:
    """Tell whether a text names a git repository by URL."""
    return validation.is_git_url(url)


# --- values --------------------------------------------------------------------------------------------------------


def parse_json(val: Any) -> Any:
    """Read JSON text (an object as `frappe._dict`); what is no text comes back unchanged."""
    return jsontext.parse_json(val)


def safe_json_loads(*args: Any) -> Any:
    """Read JSON texts; what is none comes back unchanged. One argument gives one value, several give a list."""
    return squashify([jsontext.safe_json_loads(arg) for arg in args])


def squashify(what: Any) -> Any:
    """Give the only item of a list of one; anything else unchanged."""
    return what[0] if isinstance(what, (list, tuple)) and len(what) == 1 else what


def dictify(arg: Any) -> Any:
    """Give dicts, also those inside lists and dicts, as `frappe._dict`."""
    if isinstance(arg, list):
        return [dictify(item) for item in arg]
    if isinstance(arg, dict):
        return _dict({key: dictify(value) for key, value in arg.items()})
    return arg


def create_batch(iterable: Sequence[Any], size: int) -> Generator[Sequence[Any], None, None]:
    """Cut a sequence into parts of `size`; the last may be shorter."""
    yield from create_batches(iterable, size)


def groupby_metric(iterable: dict[str, list[dict[str, Any]]], key: str) -> dict[Any, dict[str, list[Any]]]:
    """Regroup named lists of dicts by the value of `key`: {"a": [{"k": 1}]} becomes {1: {"a": [{"k": 1}]}}."""
    records: dict[Any, dict[str, list[Any]]] = {}
    for name, items in iterable.items():
        for item in items:
            records.setdefault(item[key], {}).setdefault(name, []).append(item)
    return records


def remove_blanks(d: dict[str, Any]) -> dict[str, Any]:
    """Take the entries whose value is false (None, "", 0) out of a dict, and give it back."""
    for key in [key for key, value in d.items() if not value]:
        del d[key]
    return d


def dict_to_str(args: dict[str, Any], sep: str = "&") -> str:
    """Give a dict as a query: a=1&b=x%20y."""
    return sep.join(f"{key}={quote(str(value or ''))}" for key, value in args.items())


def list_to_str(seq: Iterable[Any], sep: str = ", ") -> str:
    """Join items as text; None is left empty."""
    return sep.join("" if item is None else str(item) for item in seq)


def encode_dict(d: dict[Any, Any], encoding: str = "utf-8") -> dict[Any, Any]:
    """Encode the texts among the values of a dict, in place."""
    for key in d:
        if isinstance(d[key], str):
            d[key] = d[key].encode(encoding)
    return d


def decode_dict(d: dict[Any, Any], encoding: str = "utf-8") -> dict[Any, Any]:
    """Decode the bytes among the values of a dict, in place; bytes that are no text stay."""
    for key in d:
        d[key] = files.safe_decode(d[key], encoding)
    return d


def safe_decode(param: Any, encoding: str = "utf-8") -> Any:
    """Decode bytes; what can't be decoded comes back unchanged."""
    return files.safe_decode(param, encoding)


def safe_encode(param: Any, encoding: str = "utf-8") -> Any:
    """Encode text; what is no text comes back unchanged."""
    return param.encode(encoding) if isinstance(param, str) else param


def make_esc(esc_chars: str) -> Callable[[str], str]:
    """Give a function that puts a backslash before each of `esc_chars`."""
    return functools.partial(esc, esc_chars=esc_chars)


def esc(s: str, esc_chars: str) -> str:
    """Put a backslash before each of `esc_chars`, and before backslashes."""
    if not s:
        return ""
    for char in dict.fromkeys("\\" + esc_chars):
        s = s.replace(char, "\\" + char)
    return s


def unesc(s: str, esc_chars: str) -> str:
    """Take the backslash before each of `esc_chars` away."""
    for char in esc_chars:
        s = s.replace("\\" + char, char)
    return s


def strip_html_tags(text: str) -> str:
    """Take tags and comments off; what stands between them stays."""
    return data.strip_html(text)


def markdown(text: str, sanitize: bool = True, linkify: bool = True) -> str:
    """Render Markdown (HTML stays) and make it harmless, unless `sanitize` is off; `linkify` links bare addresses."""
    rendered = text if data.is_html(text) else str(data.md_to_html(text))
    return str(sanitize_html(rendered, linkify=linkify)) if sanitize else rendered


def is_a_property(x: Any) -> bool:
    """Tell whether `x` is a property of a class, cached or not."""
    return isinstance(x, (property, functools.cached_property))


def get_table_name(table_name: str, wrap_in_backticks: bool = False) -> str:
    """Give the table of a DocType: "tabUser"."""
    name = sql.table_name(table_name)
    return f"`{name}`" if wrap_in_backticks else name


def gzip_compress(data: bytes, compresslevel: int = 9) -> bytes:
    """Compress bytes."""
    return files.gzip_compress(data, compresslevel)


def gzip_decompress(data: bytes) -> bytes:
    """Undo `gzip_compress`."""
    return files.gzip_decompress(data)


# --- bench and site ------------------------------------------------------------------------------------------------


def get_bench_path() -> str:
    """Give the folder of the bench."""
    here = os.path.dirname(os.path.abspath(__file__))
    return os.environ.get("FRAPPE_BENCH_ROOT") or os.path.realpath(os.path.join(here, *[".."] * 4))


def get_bench_id() -> str:
    """Give a name for this bench, made of its path."""
    return str((current().get("conf") or {}).get("bench_id") or get_bench_path().strip("/").replace("/", "-"))


def get_site_id(site: str | None = None) -> str:
    """Give a name for a site that is unique on this machine."""
    return f"{site or current().get('site')}@{get_bench_id()}"


def get_bench_relative_path(file_path: str) -> str:
    """Give the full path of a file named relative to the bench; ends the program when it is not there."""
    full = file_path if os.path.isabs(file_path) else os.path.join(get_bench_path(), file_path)
    if not os.path.exists(full):
        sys.stderr.write(f"Invalid path {file_path}\n")
        raise SystemExit(1)
    return os.path.abspath(full)


def get_site_base_path() -> str:
    """Give the folder of the present site."""
    context = current()
    return str(context.get("site_path") or os.path.join(context.get("sites_path") or ".", str(context.get("site"))))


def get_path(*path: str, **kwargs: Any) -> str:
    """Give a path below the site's folder, or below `base`."""
    return os.path.join(kwargs.get("base") or get_site_base_path(), *path)


def get_site_path(*path: str) -> str:
    """Give a path below the site's folder."""
    return get_path(*path)


def get_files_path(*path: str, **kwargs: Any) -> str:
    """Give a path below the site's folder of public files, or of private ones with `is_private`."""
    return get_site_path("private" if kwargs.get("is_private") else "public", "files", *path)


def get_backups_path() -> str:
    """Give the folder of the site's backups."""
    return get_site_path("private", "backups")


def get_sites(sites_path: str | None = None) -> list[str]:
    """Give the names of the bench's sites, sorted."""
    folder = sites_path or current().get("sites_path") or "."
    return sorted(
        name
        for name in os.listdir(folder)
        if name != "assets" and os.path.isfile(os.path.join(folder, name, "site_config.json"))
    )


def get_request_site_address(full_address: bool = False) -> str:
    """Give the address that the present request came to."""
    return data.get_url(full_address=full_address)


def get_site_url(site: str) -> str:
    """Give the address of a site of this bench, at the port it is served at."""
    config = current().get("conf") or {}
    port = config.get("http_port") or config.get("webserver_port")
    return f"http://{site}:{port}" if port else f"http://{site}"


def get_frappe_version() -> str:
    """Give the version of the framework whose API this is."""
    return str(get_attr("frappe.__version__"))


def get_build_version() -> str:
    """Give a text that changes when the assets are built anew."""
    manifest = os.path.join(current().get("sites_path") or ".", "assets", "assets.json")
    try:
        return str(os.path.getmtime(manifest))
    except OSError:
        return random_string(8)  # nothing was built: nothing may be kept by browsers


def is_cli() -> bool:
    """Tell whether this runs on a terminal, without a request or job."""
    return sys.stdin is not None and sys.stdin.isatty()


def touch_file(path: str) -> str:
    """Create a file, or set the time of its last change to now."""
    with open(path, "a"):
        os.utime(path, None)
    return path


def get_file_timestamp(fn: str) -> str | None:
    """Give the time of a file's last change, in whole seconds; None when it is not there."""
    try:
        return str(int(os.stat(fn).st_mtime))
    except FileNotFoundError:
        return None


def get_file_size(path: str, format: bool = False) -> int | str:
    """Give the size of a file or folder in bytes, or as people read it with `format`."""
    size = files.file_or_folder_size(path)
    return files.size_in_words(size) if format else size


def get_traceback(with_context: bool = False) -> str:
    """Give the traceback of the exception that is being handled; "" outside. `with_context` adds local variables."""
    import traceback  # wanted where something failed

    kind, error, trace = sys.exc_info()
    if kind is None or error is None:
        return ""
    shown = traceback.TracebackException(kind, error, trace, capture_locals=with_context)
    bench = get_bench_path() + "/"
    return "".join(shown.format()).replace(bench, "")


def execute_in_shell(
    cmd: str, verbose: bool = False, low_priority: bool = False, check_exit_code: bool = False
) -> tuple[bytes, bytes]:
    """Run a command in a shell and give what it wrote to stderr and stdout.

    Raises `frappe.CommandFailedError` for a failure with `check_exit_code`.
    """
    import subprocess  # wanted by few calls

    done = subprocess.run(
        f"nice {cmd}" if low_priority else cmd, shell=True, capture_output=True, executable="/bin/bash", check=False
    )
    if verbose:
        sys.stdout.write(done.stdout.decode(errors="replace"))
        sys.stderr.write(done.stderr.decode(errors="replace"))
    if check_exit_code and done.returncode:
        output, errors = (stream.decode(errors="replace") for stream in (done.stdout, done.stderr))
        raise CommandFailedError(f"Command failed: {cmd}", output, errors)
    return done.stderr, done.stdout


def update_progress_bar(txt: str, i: int, l: int, absolute: bool = False) -> None:  # noqa: E741 - public signature
    """Show on the terminal that step `i` (from 0) of `l` is done. Quiet in tests and outside a terminal."""
    flags = current().get("flags") or {}
    if flags.get("in_test") or not sys.stdout.isatty():
        return
    done = i + 1
    bar = "=" * int(40 * done / l)
    progress = f"{done} of {l}" if absolute else f"{int(100 * done / l)}%"
    sys.stdout.write(f"\r{txt:<35} : [{bar:<40}] {progress}")
    sys.stdout.flush()


def set_request(**kwargs: Any) -> None:
    """Make a request the present one, for tests: `path`, `method`, `data`, `headers` … as werkzeug's builder has."""
    from werkzeug.test import EnvironBuilder  # wanted by tests
    from werkzeug.wrappers import Request

    local.request = Request(EnvironBuilder(**kwargs).get_environ())


def get_html_for_route(route: str) -> str:
    """Give the text of the page at a path, as a request for it would get."""
    from frappe.website.serve import get_response  # wanted by tests

    set_request(method="GET", path=route)
    return str(get_response().get_data(as_text=True))


def get_request_session(max_retries: int = 5) -> Any:
    """Give an HTTP session that tries again, with growing pauses, when a server is busy."""
    from requests import Session  # an HTTP client, wanted by few calls
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    session = Session()
    adapter = HTTPAdapter(max_retries=Retry(total=max_retries, backoff_factor=1, status_forcelist=[500]))
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


# --- hooks ---------------------------------------------------------------------------------------------------------


def get_hook_method(hook_name: str, fallback: Callable[..., Any] | None = None) -> Callable[..., Any] | None:
    """Give the function that the last app hooked to `hook_name`; `fallback` when no app did."""
    methods = get_hooks().get(hook_name) or []
    function: Callable[..., Any] | None = get_attr(methods[-1]) if methods else fallback
    return function


def call_hook_method(hook: str, *args: Any, **kwargs: Any) -> Any:
    """Call all functions hooked to `hook`, and give the first result that is not empty."""
    result = None
    for method in get_hooks(hook) or []:
        result = result or get_attr(method)(*args, **kwargs)
    return result


def call(fn: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function, or the function at a dotted path."""
    return (get_attr(fn) if isinstance(fn, str) else fn)(*args, **kwargs)


def get_installed_apps_info() -> list[dict[str, Any]]:
    """Give name and version of the site's apps."""
    return [
        {"app_name": app, "version": str(getattr(import_module(app), "__version__", "")), "branch": ""}
        for app in get_installed_apps()
    ]


class CallbackManager:
    """A queue of functions to be called once, in order: for what must wait for a commit or a rollback."""

    def __init__(self) -> None:
        self._functions: list[Callable[[], Any]] = []

    def add(self, func: Callable[[], Any]) -> None:
        """Put a function at the end of the queue."""
        self._functions.append(func)

    def __call__(self, func: Callable[[], Any]) -> None:
        """Put a function at the end of the queue."""
        self.add(func)

    def run(self) -> None:
        """Call all functions in order, those added meanwhile too."""
        while self._functions:
            self._functions.pop(0)()

    def reset(self) -> None:
        """Forget all functions."""
        self._functions.clear()


__getattr__ = lazily("frappe.utils")
