"""Signatures of messages between us and outside providers: those of all signed messages. See docs/concepts/outer-warehouse.md."""

from ec_erp.kernel.signing import LONGEST_AGE_S, is_fresh, is_signed, signature

__all__ = ("LONGEST_AGE_S", "is_fresh", "is_signed", "signature")
