"""What commands of apps build on: the sites they were called for, other programs, other commands.

An app lists its click commands in `commands` of its module `<app>.commands`.
"""

from __future__ import annotations

from frappe_engine.cli.context import get_site, pass_context
from frappe_engine.cli.programs import call_command, popen

__all__ = ["call_command", "get_site", "pass_context", "popen"]
