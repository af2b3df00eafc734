"""Gives the framework's tests a site of their own; see docs/testing.md."""

from frappe_engine.testing.fixtures import *  # noqa: F403
