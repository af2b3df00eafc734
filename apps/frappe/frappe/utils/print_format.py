"""Prints as HTML and PDF, one document or many (upstream's names)."""

from __future__ import annotations

import json
from typing import Any

from frappe_engine.kit.numbers import cint
from frappe_engine.printing.page import Wanted, load_for_print, print_document, whole_page
from frappe_engine.printing.pdf import pdf_of, protected

import frappe
from frappe import _
from frappe.utils.pdf import get_file_data_from_writer, get_pdf
from frappe.www.printview import document_of, wanted_from

MOST_DOCUMENTS = 500


def get_print(
    doctype: str | None = None,
    name: str | None = None,
    print_format: str | None = None,
    style: str | None = None,
    as_pdf: bool = False,
    doc: Any = None,
    output: Any = None,
    no_letterhead: Any = 0,
    password: str | None = None,
    pdf_options: dict[str, Any] | None = None,
    letterhead: str | None = None,
    lang: str | None = None,
    pdf_generator: Any = None,
) -> Any:
    """Give the print of a document as a page, or with `as_pdf` as PDF (added to `output`, a `PdfWriter`, when given)."""
    document = document_of(doc) if doc is not None else load_for_print(doctype, name)
    wanted = Wanted(
        print_format=print_format or "",
        style=style or "",
        letterhead=letterhead or "",
        no_letterhead=bool(cint(no_letterhead)),
        language=lang or "",
    )
    page = whole_page([print_document(document, wanted)])
    if not as_pdf:
        return page
    if pdf_options or output is not None:
        return get_pdf(page, {**(pdf_options or {}), **({"password": password} if password else {})}, output)
    content = pdf_of(page)
    return protected(content, password) if password else content


def attach_print(
    doctype: str,
    name: str,
    file_name: str | None = None,
    print_format: str | None = None,
    style: str | None = None,
    html: str | None = None,
    doc: Any = None,
    lang: str | None = None,
    print_letterhead: bool = True,
    password: str | None = None,
    letterhead: str | None = None,
) -> dict[str, Any]:
    """Give a print as an attachment of a mail: `fname` and `fcontent`; HTML where the site doesn't send PDF."""
    from frappe.utils import scrub_urls

    title = (file_name or str(name)).replace(" ", "").replace("/", "-")
    as_pdf = cint(frappe.db.get_single_value("Print Settings", "send_print_as_pdf"))
    if html:
        content: Any = get_pdf(html, {"password": password} if password else None) if as_pdf else html
    else:
        content = get_print(
            doctype,
            name,
            print_format,
            style,
            as_pdf=bool(as_pdf),
            doc=doc,
            no_letterhead=0 if print_letterhead else 1,
            password=password,
            letterhead=letterhead,
            lang=lang,
        )
    if as_pdf:
        return {"fname": f"{title}.pdf", "fcontent": content}
    return {"fname": f"{title}.html", "fcontent": scrub_urls(str(content)).encode()}


@frappe.whitelist(allow_guest=True)
def download_pdf(
    doctype: str,
    name: str,
    format: str | None = None,
    doc: Any = None,
    no_letterhead: Any = None,
    language: str | None = None,
    letterhead: str | None = None,
    pdf_generator: Any = None,
) -> None:
    """Answer with the PDF of a document; `doc` (JSON) is printed as it stands, unsaved changes included."""
    document = document_of(doc) if doc else load_for_print(doctype, name)
    given = frappe._dict(format=format, no_letterhead=no_letterhead, language=language, letterhead=letterhead)
    given.update(settings=frappe.form_dict.get("settings"), style=frappe.form_dict.get("style"))
    _answer(f"{_file_name(name)}.pdf", pdf_of(whole_page([print_document(document, wanted_from(given))])))


def _answer(name: str, content: bytes) -> None:
    frappe.local.response.filename = name
    frappe.local.response.filecontent = content
    frappe.local.response.type = "pdf"


def _file_name(name: Any) -> str:
    return str(name).replace(" ", "-").replace("/", "-")


@frappe.whitelist()
def download_multi_pdf(
    doctype: Any,
    name: Any,
    format: str | None = None,
    no_letterhead: Any = False,
    letterhead: str | None = None,
    options: Any = None,
) -> None:
    """Answer with one PDF of several documents: `name` is a JSON list, or with several DocTypes `{doctype: names}`."""
    content = _many(doctype, name, format, no_letterhead, letterhead, options)
    title = doctype if isinstance(doctype, str) and not doctype.startswith("{") else "documents"
    _answer(f"{_file_name(title)}.pdf", content)


@frappe.whitelist()
def download_multi_pdf_async(
    doctype: Any,
    name: Any,
    format: str | None = None,
    no_letterhead: Any = False,
    letterhead: str | None = None,
    options: Any = None,
) -> dict[str, str]:
    """Make one PDF of several documents in the background; its end is told by the event `print_ready` with `file_url`."""
    task = frappe.generate_hash(length=10)
    frappe.enqueue(
        "frappe.utils.print_format.make_many",
        queue="long",
        task_id=task,
        doctype=doctype,
        name=name,
        format=format,
        no_letterhead=no_letterhead,
        letterhead=letterhead,
        options=options,
    )
    return {"task_id": task}


def make_many(
    task_id: str, doctype: Any, name: Any, format: Any, no_letterhead: Any, letterhead: Any, options: Any
) -> str:
    """Make the PDF of several documents as a private file, tell its user, and give its address."""
    content = _many(doctype, name, format, no_letterhead, letterhead, options)
    title = f"{_file_name(doctype if isinstance(doctype, str) else 'documents')}-{task_id}.pdf"
    values = {"doctype": "File", "file_name": title, "content": content, "is_private": 1}
    stored = frappe.get_doc(values).insert(ignore_permissions=True)
    message = {"task_id": task_id, "file_url": stored.file_url}
    frappe.publish_realtime("print_ready", message, user=frappe.session.user, after_commit=True)
    return str(stored.file_url)


def _many(doctype: Any, name: Any, format: Any, no_letterhead: Any, letterhead: Any, options: Any) -> bytes:
    wanted = frappe._dict(format=format, no_letterhead=no_letterhead, letterhead=letterhead)
    wanted.update(_lang=frappe.form_dict.get("_lang"))
    chosen = frappe.parse_json(options) if options else {}
    if isinstance(chosen, dict) and chosen.get("orientation"):
        wanted.orientation = chosen["orientation"]
    prints = [print_document(load_for_print(*each), wanted_from(wanted)) for each in documents_named(doctype, name)]
    if not prints:
        frappe.throw(_("Choose the documents to print"))
    return pdf_of(whole_page(prints))


def documents_named(doctype: Any, name: Any) -> list[tuple[str, str]]:
    """Read (DocType, name) pairs from the parameters of a bulk print. Raises `ValidationError` when they are too many."""
    kinds = frappe.parse_json(doctype) if isinstance(doctype, str) and doctype.startswith("{") else doctype
    if isinstance(kinds, dict):
        pairs = [(str(kind), str(each)) for kind, names in kinds.items() for each in names]
    else:
        names = json.loads(name) if isinstance(name, str) and name.startswith("[") else name
        pairs = [(str(kinds), str(each)) for each in (names if isinstance(names, list) else [names])]
    if len(pairs) > MOST_DOCUMENTS:
        frappe.throw(_("Print at most {0} documents at once").format(MOST_DOCUMENTS))
    return pairs


class BulkPrint:
    """Prints documents of one DocType after the other, and puts all of them into one PDF at the end."""

    def __init__(self, doctype: str, options: dict[str, Any]) -> None:
        self.doctype = doctype
        self.wanted = wanted_from(frappe._dict(options))
        self.prints: list[Any] = []

    def do(self, name: str) -> None:
        """Print one document. Raises as `print_document` does."""
        self.prints.append(print_document(load_for_print(self.doctype, name), self.wanted))

    def end(self) -> dict[str, str]:
        """Store the PDF as a private file; give its `file_url`, nothing when nothing could be printed."""
        if not self.prints:
            return {}
        title = f"{_file_name(self.doctype)}-{frappe.generate_hash(length=6)}.pdf"
        values = {"doctype": "File", "file_name": title, "content": pdf_of(whole_page(self.prints)), "is_private": 1}
        stored = frappe.get_doc(values).insert(ignore_permissions=True)
        return {"file_url": str(stored.file_url)}


@frappe.whitelist()
def report_to_pdf(html: str, orientation: str = "Landscape") -> None:
    """Answer with the PDF of a report's HTML."""
    _answer("report.pdf", get_pdf(frappe.utils.sanitize_html(html, always_sanitize=True), {"orientation": orientation}))


def read_multi_pdf(output: Any) -> bytes:
    """Give the bytes of a `pypdf.PdfWriter`."""
    return get_file_data_from_writer(output)


@frappe.whitelist()
def print_by_server(*_given: Any, **_options: Any) -> None:
    """Printing by a print server is not offered: documents are printed from the browser, or as PDF."""
    frappe.throw(_("This site has no print server: print from the browser, or download the PDF."))
