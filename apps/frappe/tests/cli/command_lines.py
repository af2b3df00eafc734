"""Running commands of the bench within the process of the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frappe
from click.testing import CliRunner, Result
from frappe_engine.cli.group import group
from frappe_engine.testing import TestSite


@dataclass
class Commands:
    """Runs commands of the bench for one site."""

    site: TestSite

    @property
    def folder(self) -> Path:
        """The site's folder."""
        return Path(self.site.folder)

    def __call__(self, *words: str, given: str | None = None, status: int = 0, site: str | None = None) -> str:
        """Run a command for the site and give what it printed; it must end with `status`."""
        result = self.run("--site", site or self.site.name, *words, given=given)
        self.check(result, words, status)
        return result.output

    def bare(self, *words: str, given: str | None = None, status: int = 0) -> str:
        """Run a command without naming a site."""
        result = self.run(*words, given=given)
        self.check(result, words, status)
        return result.output

    @staticmethod
    def run(*words: str, given: str | None = None) -> Result:
        """Run a command line; gives click's result."""
        return CliRunner().invoke(group, list(words), input=given)

    @staticmethod
    def check(result: Result, words: tuple[str, ...], status: int) -> None:
        """Fail with the command's own words when its status is another one."""
        if result.exit_code != status:
            raise AssertionError(
                f"{' '.join(words)} ended with {result.exit_code}:\n{result.output}"
            ) from result.exception

    def ask(self, question: Callable[[Any], Any]) -> Any:
        """Give what a function finds out on the connected site; it gets `frappe`."""
        with self.site.connected():
            return question(frappe)

    def do(self, act: Callable[[Any], Any]) -> Any:
        """Run a function on the connected site and commit; it gets `frappe`."""
        with self.site.connected():
            answer = act(frappe)
            frappe.db.commit()
            return answer
