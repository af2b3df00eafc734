"""The module that the `bench` command runs (`python -m frappe.utils.bench_helper`), and asks for commands.

Invariant: `get_app_groups()["frappe"]` is a click group whose `commands` carry their parameters.
"""

from __future__ import annotations

from frappe_engine.cli.main import get_app_groups, get_commands, get_help, main

__all__ = ["get_app_groups", "get_commands", "get_help", "main"]

if __name__ == "__main__":
    main()
