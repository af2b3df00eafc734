"""Webhooks."""

from __future__ import annotations

from frappe.model.document import run_webhooks

__all__ = ["run_webhooks"]
