"""Passwords."""

from frappe_engine.documents.passwords import (
    check_password,
    decrypt,
    delete_all_passwords_for,
    encrypt,
    get_decrypted_password,
    get_encryption_key,
    remove_encrypted_password,
    rename_password_field,
    set_encrypted_password,
    update_password,
)

__all__ = [
    "check_password",
    "decrypt",
    "delete_all_passwords_for",
    "encrypt",
    "get_decrypted_password",
    "get_encryption_key",
    "remove_encrypted_password",
    "rename_password_field",
    "set_encrypted_password",
    "update_password",
]
