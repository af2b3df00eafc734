"""What users chose for themselves, per DocType: columns, filters, widths, theme. JSON that only the desk reads.

Invariant: a user reads and writes their own settings alone.
"""

from __future__ import annotations

import json
from typing import Any

from frappe_engine.context.errors import ValidationError
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist

LONGEST = 65_535


def load_settings(doctype: str, user: str | None = None) -> str:
    """Give the settings of a user (of the one who asks) for a DocType as JSON text; "{}" when there are none."""
    who = user or current().session.user
    row = current().db.row("SELECT `data` FROM `__UserSettings` WHERE `user` = ? AND `doctype` = ?", (who, doctype))
    return str(row[0]) if row and row[0] else "{}"


def keep_settings(doctype: str, settings: dict[str, Any], user: str | None = None) -> None:
    """Keep the settings of a user for a DocType."""
    who = user or current().session.user
    text = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    if len(text) > LONGEST:
        throw(_("These settings are too large to be kept"), ValidationError)
    database = current().db
    database.write(
        "INSERT INTO `__UserSettings` (`user`, `doctype`, `data`) VALUES (?, ?, ?) "
        + (
            "ON CONFLICT (`user`, `doctype`) DO UPDATE SET `data` = excluded.`data`"
            if database.is_sqlite
            else "ON DUPLICATE KEY UPDATE `data` = VALUES(`data`)"
        ),
        (who, doctype[:180], text),
    )


@whitelist()
def get(doctype: str) -> str:
    """Give the user's settings for a DocType (or a page's name) as JSON text."""
    return load_settings(doctype)


@whitelist()
def save(doctype: str, user_settings: Any) -> dict[str, Any]:
    """Merge settings into the user's own for a DocType; give all of them."""
    if isinstance(user_settings, str):
        try:
            user_settings = json.loads(user_settings or "{}")
        except ValueError:
            throw(_("Parameter {0} is not valid JSON: {1}").format("user_settings", user_settings[:40]))
    if not isinstance(user_settings, dict):
        throw(_("Parameter {0} must be JSON: {1}").format("user_settings", _("object")))
    kept: dict[str, Any] = json.loads(load_settings(doctype))
    kept.update(user_settings)
    keep_settings(doctype, kept)
    current().flags.commit = True
    return kept
