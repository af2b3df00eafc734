"""Controller of the DocType Google Settings."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document


class GoogleSettings(Document):
    """How this site is known to Google."""


@frappe.whitelist()
def get_file_picker_settings() -> dict[str, Any]:
    """Tell the desk how to let users pick files at Google; an empty dict where they may not."""
    settings = frappe.get_single("Google Settings")
    if not (settings.enable and settings.google_drive_picker_enabled):
        return {}
    return {"enabled": True, "appId": settings.app_id, "developerKey": settings.api_key, "clientId": settings.client_id}
