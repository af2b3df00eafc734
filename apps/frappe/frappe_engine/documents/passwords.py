"""Passwords: kept apart from documents, encrypted with the site's key, or hashed where they only have to be checked.

Invariant: a document's own row never holds a password; in memory it is stars once it was stored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import Any

from frappe_engine.context.config import settle_in_json_file
from frappe_engine.context.errors import AuthenticationError, ValidationError
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.database.database import process_cache_of

FERNET_KEY_BYTES = 32


def is_hidden(value: Any) -> bool:
    """Tell whether a value is stars, standing for a password kept elsewhere."""
    return isinstance(value, str) and bool(value) and set(value) == {"*"}


def hide(document: Any, plan: Any) -> None:
    """Keep the passwords of a document that is being stored, and put stars in their place."""
    own = document.__dict__
    ignored = (own.get("flags") or {}).get("ignore_save_passwords") or []
    for field in plan.passwords:
        if ignored is True or field.fieldname in ignored:
            continue
        value = own.get(field.fieldname)
        if not value:
            if not own.get("__islocal"):
                remove_encrypted_password(document.doctype, own["name"], field.fieldname)
        elif not is_hidden(value):
            set_encrypted_password(document.doctype, own["name"], str(value), field.fieldname)
            own[field.fieldname] = "*" * len(str(value))


def set_encrypted_password(doctype: str, name: str, pwd: str, fieldname: str = "password") -> None:
    """Keep a password that can be read again."""
    _store(doctype, name, fieldname, encrypt(pwd), encrypted=1)


def get_decrypted_password(
    doctype: str, name: str, fieldname: str = "password", raise_exception: bool = True
) -> str | None:
    """Give a kept password in plain text. Raises `AuthenticationError` when none is kept, unless told not to."""
    kept = _kept(doctype, name, fieldname)
    if kept:
        return decrypt(kept, f"{doctype}.{name}.{fieldname}")
    if raise_exception:
        throw(_("Password not found for {0} {1} {2}").format(_(doctype), name, fieldname), AuthenticationError)
    return None


def _kept(doctype: str, name: str, fieldname: str) -> str | None:
    row = current().db.row(
        "SELECT `password` FROM `__Auth` WHERE `doctype` = ? AND `name` = ? AND `fieldname` = ? AND `encrypted` = 1",
        (doctype, name, fieldname),
    )
    return row[0] if row is not None else None


def is_kept_password(doctype: str, name: str, fieldname: str, text: str) -> bool:
    """Tell whether a text is the password that is kept, compared in constant time. Raises `ValidationError` as `decrypt`.

    What is kept (encrypted) is asked for once: programs show their secret with every request.
    """
    kept = process_cache_of(current()).get_or_load(_key(doctype, name), lambda: _all_kept(doctype, name)).get(fieldname)
    return bool(kept) and hmac.compare_digest(_digest_of(str(kept), get_encryption_key()), _digest(text))


def _all_kept(doctype: str, name: str) -> dict[str, str]:
    rows = current().db.rows(
        "SELECT `fieldname`, `password` FROM `__Auth` WHERE `doctype` = ? AND `name` = ? AND `encrypted` = 1",
        (doctype, name),
    )
    return {str(fieldname): str(password) for fieldname, password in rows}


def _key(doctype: str, name: str) -> str:
    """Give the key under which a process keeps the encrypted passwords of a document; databases compare names without case."""
    return f"password|{doctype}|{name}".casefold()


def _forget(doctype: str, *names: str) -> None:
    process_cache_of(current()).forget_exactly([_key(doctype, name) for name in names])


def forget_passwords() -> None:
    """Let every process read anew what is kept of any document: it was changed for many, or past this module."""
    process_cache_of(current()).forget_kind("password")


@lru_cache(maxsize=1024)
def _digest_of(encrypted: str, encryption_key: str) -> bytes:
    """Give the hash of an encrypted text; programs send the same secret with every request."""
    return _digest(_decrypted(encrypted, encryption_key))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def remove_encrypted_password(doctype: str, name: str, fieldname: str = "password") -> None:
    """Forget a kept password."""
    current().db.write(
        "DELETE FROM `__Auth` WHERE `doctype` = ? AND `name` = ? AND `fieldname` = ?", (doctype, name, fieldname)
    )
    _forget(doctype, name)


def rename_passwords(doctype: str, old_name: str, new_name: str) -> None:
    """Let the passwords of a renamed document follow it."""
    current().db.write(
        "UPDATE `__Auth` SET `name` = ? WHERE `doctype` = ? AND `name` = ?", (new_name, doctype, old_name)
    )
    _forget(doctype, old_name, new_name)


def rename_password_field(doctype: str, old_fieldname: str, new_fieldname: str) -> None:
    """Let the passwords of a renamed field follow it."""
    current().db.write(
        "UPDATE `__Auth` SET `fieldname` = ? WHERE `doctype` = ? AND `fieldname` = ?",
        (new_fieldname, doctype, old_fieldname),
    )
    forget_passwords()


def delete_all_passwords_for(doctype: str, name: str) -> None:
    """Forget all passwords of a document."""
    current().db.write("DELETE FROM `__Auth` WHERE `doctype` = ? AND `name` = ?", (doctype, name))
    _forget(doctype, name)


def _store(doctype: str, name: str, fieldname: str, value: str, *, encrypted: int) -> None:
    database = current().db
    database.write(
        "INSERT INTO `__Auth` (`doctype`, `name`, `fieldname`, `password`, `encrypted`) VALUES (?, ?, ?, ?, ?)"
        + (
            " ON CONFLICT (`doctype`, `name`, `fieldname`) DO UPDATE SET"
            " `password` = excluded.`password`, `encrypted` = excluded.`encrypted`"
            if database.is_sqlite
            else " ON DUPLICATE KEY UPDATE `password` = VALUES(`password`), `encrypted` = VALUES(`encrypted`)"
        ),
        (doctype, name, fieldname, value, encrypted),
    )
    _forget(doctype, name)


# passwords that are only checked


def update_password(
    user: str, pwd: str, doctype: str = "User", fieldname: str = "password", logout_all_sessions: bool = False
) -> None:
    """Keep the hash of a login password."""
    _store(doctype, user, fieldname, hash_password(pwd), encrypted=0)
    if logout_all_sessions:
        from frappe_engine.context.local import providers  # sessions belong to a higher layer

        providers("logout_all_sessions", user)


def hash_password(pwd: str) -> str:
    """Give the hash of a password (Argon2id, RFC 9106)."""
    from argon2 import PasswordHasher  # only where passwords are set or checked

    return PasswordHasher().hash(pwd)


def check_password(
    user: str, pwd: str, doctype: str = "User", fieldname: str = "password", delete_tracker_cache: bool = True
) -> str:
    """Give the name of the user when the password fits. Raises `AuthenticationError`."""
    row = current().db.row(
        "SELECT `name`, `password` FROM `__Auth` WHERE `doctype` = ? AND `name` = ? AND `fieldname` = ? AND `encrypted` = 0",
        (doctype, user, fieldname),
    )
    if row is None or not verify_password(row[1], pwd):
        raise AuthenticationError(_("Incorrect User or Password"))
    return str(row[0])


def verify_password(hashed: str, pwd: str) -> bool:
    """Tell whether a password has this hash."""
    from argon2 import PasswordHasher  # as above
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(hashed, pwd)
    except (VerificationError, InvalidHashError):
        return False


# encryption


def get_encryption_key() -> str:
    """Give the site's key, made and written to its configuration at first use."""
    context = current()
    key = context.conf.get("encryption_key")
    if not key:
        from cryptography.fernet import Fernet  # only where something is encrypted

        path = f"{context.sites_path}/{context.site}/site_config.json"
        key = settle_in_json_file(path, "encryption_key", lambda: Fernet.generate_key().decode())
        context.conf.encryption_key = key
    return str(key)


def encrypt(txt: str, encryption_key: str | None = None) -> str:
    """Encrypt a text with the site's key (Fernet)."""
    return _cipher(encryption_key).encrypt(txt.encode()).decode()  # type: ignore[no-any-return]


def decrypt(txt: str, encryption_key: str | None = None) -> str:
    """Decrypt a text. Raises `ValidationError` when it was encrypted with another key; `encryption_key` names it in the message."""
    return _decrypted(txt, None, encryption_key)


def _decrypted(text: str, encryption_key: str | None, key: str | None = None) -> str:
    from cryptography.fernet import InvalidToken  # as above

    try:
        return _cipher(encryption_key).decrypt(text.encode()).decode()  # type: ignore[no-any-return]
    except (InvalidToken, ValueError) as error:
        message = _("Encryption key is invalid! Please check site_config.json")
        raise ValidationError(f"{message} ({key})" if key else message) from error


def _cipher(encryption_key: str | None) -> Any:
    from cryptography.fernet import Fernet  # as above

    key = encryption_key or get_encryption_key()
    try:
        return Fernet(key)
    except ValueError:
        derived = hashlib.sha256(key.encode()).digest()[:FERNET_KEY_BYTES]
        return Fernet(base64.urlsafe_b64encode(derived))
