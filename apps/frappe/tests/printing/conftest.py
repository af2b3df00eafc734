"""Prints are asked for as browsers ask: through the WSGI application."""

from __future__ import annotations

from ..desk.conftest import ADMIN, TESTER, Desk, desk, other_web, served, web

__all__ = ["ADMIN", "TESTER", "Desk", "desk", "other_web", "served", "web"]
