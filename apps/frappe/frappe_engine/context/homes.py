"""Where the answers live that lower layers ask of higher ones, for those whose modules are not imported at start-up.

Invariant: what a process answers does not depend on what it happened to import before; every name that is asked for is
registered by `import frappe`, by a home here, or by the hook `engine_providers`.
"""

from __future__ import annotations

from frappe_engine.context.local import providers

HOMES = {
    "frappe_engine.desk.people": ("add_tag", "remove_tag"),
    "frappe_engine.documents.files": ("attachments_of_deleted", "copy_attachments"),
    "frappe_engine.documents.nestedset": ("get_descendants",),
    "frappe_engine.http.oauth.bearer": ("user_of_access_token",),
    "frappe_engine.http.sessions": ("logout_all_sessions", "start_session"),
    "frappe_engine.jobs.realtime": ("document_saved", "publish_realtime"),
}


def announce() -> None:
    """Let the names be found at their homes."""
    providers.live_in(HOMES)
