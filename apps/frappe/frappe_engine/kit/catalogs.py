"""Catalogues of translations as translators write them (PO) and as programs read them (MO).

Invariant: an MO file that is read is never older than the PO file that it was made of; half of one is never seen.
"""

from __future__ import annotations

import gettext
import logging
import os
import tempfile

LOG = logging.getLogger("frappe.translations")
CONTEXT_END = "\x04"  # stands between context and text in an MO file


def messages_of_catalog(po_path: str, mo_path: str) -> dict[str, str]:
    """Give the translations of a PO file by their text ("text:context" with a context); empty when there is none.

    They are read from the MO file, which is made first where it is missing or older: that takes a hundred times longer.
    """
    if not os.path.exists(po_path) and not os.path.exists(mo_path):
        return {}
    if is_outdated(po_path, mo_path):
        try:
            compile_catalog(po_path, mo_path)
        except OSError:
            LOG.warning("%s can't be written, its source is read instead", mo_path)
            return _messages(_compiled(po_path))
    with open(mo_path, "rb") as file:
        return _messages(file.read())


def is_outdated(po_path: str, mo_path: str) -> bool:
    """Tell whether an MO file is missing or older than its PO file."""
    if not os.path.exists(po_path):
        return False
    return not os.path.exists(mo_path) or os.path.getmtime(mo_path) < os.path.getmtime(po_path)


def compile_catalog(po_path: str, mo_path: str) -> None:
    """Write an MO file. Raises `OSError` where that can't be done."""
    folder = os.path.dirname(mo_path)
    os.makedirs(folder, exist_ok=True)
    compiled = _compiled(po_path)
    descriptor, part = tempfile.mkstemp(dir=folder, suffix=".part")
    with os.fdopen(descriptor, "wb") as file:
        file.write(compiled)
    os.chmod(part, 0o644)
    os.replace(part, mo_path)


def _compiled(po_path: str) -> bytes:
    import io

    from babel.messages.mofile import write_mo  # slow to load, and needed only for files that changed
    from babel.messages.pofile import read_po

    with open(po_path, "rb") as file:
        catalog = read_po(file)
    target = io.BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def _messages(compiled: bytes) -> dict[str, str]:
    import io

    entries = gettext.GNUTranslations(io.BytesIO(compiled))._catalog  # type: ignore[attr-defined]
    found: dict[str, str] = {}
    for key, translation in entries.items():
        if not key or not isinstance(key, str):  # the header; forms for numbers, which nothing here asks for
            continue
        context, separator, text = key.partition(CONTEXT_END)
        found[f"{text}:{context}" if separator else key] = translation
    return found
