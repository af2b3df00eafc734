"""Controller of the DocType OAuth Client."""

from ipaddress import ip_address
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.model.document import Document

ID_LENGTH, SECRET_LENGTH = 20, 40
FORBIDDEN_SCHEMES = frozenset({"javascript", "data", "vbscript", "file", "blob", "about"})


class OAuthClient(Document):
    """A program that users allow to act for them."""

    def autoname(self) -> None:
        """Name a client by the id that it sends, and give it a secret."""
        self.client_id = self.client_id or frappe.generate_hash(length=ID_LENGTH)
        self.client_secret = self.client_secret or frappe.generate_hash(length=SECRET_LENGTH)
        self.name = self.client_id

    def validate(self) -> None:
        """Raise `ValidationError` for grants that do not go together and for addresses no browser may be sent to."""
        pairs = {"Authorization Code": "Code", "Implicit": "Token"}
        if pairs.get(self.grant_type) != self.response_type:
            frappe.throw(
                _("Combination of Grant Type ({0}) and Response Type ({1}) not allowed").format(
                    self.grant_type, self.response_type
                )
            )
        for uri in (*(self.redirect_uris or "").split(), *(self.default_redirect_uri or "").split()):
            problem = problem_of_redirect(uri)
            if problem:
                frappe.throw(f"{uri[:140]}: {problem}")


def problem_of_redirect(uri: str) -> str | None:
    """Say what is wrong with an address to send browsers back to: plain HTTP is for this machine alone."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return _("This is no address")
    if not parts.scheme or parts.fragment or parts.scheme in FORBIDDEN_SCHEMES:
        return _("A redirect address is absolute, without a fragment, and leads to a page or an app")
    if parts.scheme in ("http", "https") and not parts.hostname:
        return _("This is no address")
    if parts.scheme == "http" and not _is_this_machine(parts.hostname or ""):
        return _("A redirect address needs https")
    return None


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
