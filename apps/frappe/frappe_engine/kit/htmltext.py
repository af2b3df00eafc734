"""HTML written as Markdown or as plain text.

Invariant: every word a reader sees in the HTML is in the result, in the same order; scripts and styles are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, Tag

_SPACES: Final = re.compile(r"\s+")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_HIDDEN: Final = frozenset({"script", "style", "head", "template"})
_BLOCKS: Final = frozenset({"p", "div", "section", "article", "header", "footer", "main", "figure", "dl", "dd", "dt"})
_BREAKING: Final = frozenset({"ul", "ol", "table", "pre", "blockquote", "li", "tr"})


class TextWriter:
    """Walks a document and writes it as plain text; one instance per document."""

    bold = ""
    italic = ""
    code = ""

    def __init__(self) -> None:
        self._handlers: dict[str, Callable[[Tag], str]] = {
            "br": lambda _tag: "\n",
            "hr": lambda _tag: "\n\n",
            "ul": self.unordered_list,
            "ol": self.ordered_list,
            "table": self.table,
            "a": self.link,
            "img": self.image,
            "pre": self.preformatted,
            "blockquote": self.quotation,
            **dict.fromkeys(("b", "strong"), lambda tag: self.marked(tag, self.bold)),
            **dict.fromkeys(("i", "em"), lambda tag: self.marked(tag, self.italic)),
            **dict.fromkeys(("code", "kbd", "samp"), lambda tag: self.marked(tag, self.code)),
            **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), self.heading),
        }

    def write(self, html: str) -> str:
        """Write a whole document or fragment."""
        text = self.children(BeautifulSoup(html, "html.parser"))
        lines = (line.rstrip(" ") if line.strip() else "" for line in text.split("\n"))
        return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")

    def children(self, tag: Tag) -> str:
        """Write the content of an element."""
        return "".join(self.node(child) for child in tag.children)

    def node(self, node: object) -> str:
        """Write a text or an element."""
        if isinstance(node, Comment):
            return ""
        if isinstance(node, NavigableString):
            text = _SPACES.sub(" ", str(node))
            if text == " " and _beside_a_block(node):
                return ""
            return text.lstrip() if _after_a_break(node) else text
        if not isinstance(node, Tag) or node.name in _HIDDEN:
            return ""
        handler = self._handlers.get(node.name)
        if handler:
            return handler(node)
        text = self.children(node)
        return f"\n\n{text.strip()}\n\n" if node.name in _BLOCKS else text

    def marked(self, tag: Tag, mark: str) -> str:
        """Write emphasis; the mark stands close to the words."""
        text = self.children(tag)
        inner = text.strip()
        if not mark or not inner:
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}{mark}{inner}{mark}{after}"

    def heading(self, tag: Tag) -> str:
        """Write a heading as a paragraph of its own."""
        return f"\n\n{self.children(tag).strip()}\n\n"

    def unordered_list(self, tag: Tag) -> str:
        """Write a list with a star before each item."""
        return self._list(tag, lambda _number: "* ")

    def ordered_list(self, tag: Tag) -> str:
        """Write a list with its numbers."""
        return self._list(tag, lambda number: f"{number}. ")

    def _list(self, tag: Tag, mark: Callable[[int], str]) -> str:
        lines = []
        for number, item in enumerate(tag.find_all("li", recursive=False), start=1):
            text = _BLANK_LINES.sub("\n", self.children(item).strip()).replace("\n\n", "\n")
            lines.append(mark(number) + text.replace("\n", "\n  "))
        nested = tag.find_parent(["ul", "ol"]) is not None
        body = "\n".join(lines)
        return f"\n{body}\n" if nested else f"\n\n{body}\n\n"

    def table(self, tag: Tag) -> str:
        """Write a row to a line, cells parted by tabs."""
        rows = ["\t".join(cells) for cells in self.rows(tag)]
        return "\n\n" + "\n".join(rows) + "\n\n"

    def rows(self, tag: Tag) -> list[list[str]]:
        """Give the texts of the cells, row by row."""
        return [
            [_SPACES.sub(" ", self.children(cell)).strip() for cell in row.find_all(["td", "th"])]
            for row in tag.find_all("tr")
        ]

    def link(self, tag: Tag) -> str:
        """Write a link by its words."""
        return self.children(tag)

    def image(self, tag: Tag) -> str:
        """Write an image by its description."""
        return str(tag.get("alt") or "")

    def preformatted(self, tag: Tag) -> str:
        """Write preformatted text as it stands."""
        return f"\n\n{tag.get_text()}\n\n"

    def quotation(self, tag: Tag) -> str:
        """Write a quotation as a paragraph."""
        return f"\n\n{self.children(tag).strip()}\n\n"


class MarkdownWriter(TextWriter):
    """Walks a document and writes it as Markdown."""

    bold = "**"
    italic = "*"
    code = "`"

    def __init__(self) -> None:
        super().__init__()
        self._handlers["br"] = lambda _tag: "  \n"
        self._handlers["hr"] = lambda _tag: "\n\n---\n\n"

    def write(self, html: str) -> str:
        """Write a whole document or fragment; two spaces at the end of a line stay, they break it."""
        text = self.children(BeautifulSoup(html, "html.parser"))
        lines = (line if line.strip() else "" for line in text.split("\n"))
        return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")

    def heading(self, tag: Tag) -> str:
        """Write a heading with as many # as its level."""
        return f"\n\n{'#' * int(tag.name[1])} {self.children(tag).strip()}\n\n"

    def table(self, tag: Tag) -> str:
        """Write a table; its first row is the head."""
        rows = self.rows(tag)
        if not rows:
            return ""
        lines = [f"| {' | '.join(cells)} |" for cells in rows]
        lines.insert(1, "| " + " | ".join("---" for _ in rows[0]) + " |")
        return "\n\n" + "\n".join(lines) + "\n\n"

    def link(self, tag: Tag) -> str:
        """Write a link with its address."""
        text = self.children(tag)
        address = tag.get("href")
        return f"[{text.strip()}]({address})" if address and text.strip() else text

    def image(self, tag: Tag) -> str:
        """Write an image with its description and address."""
        return f"![{tag.get('alt') or ''}]({tag.get('src') or ''})"

    def preformatted(self, tag: Tag) -> str:
        """Write preformatted text between fences."""
        return f"\n\n```\n{tag.get_text().strip(chr(10))}\n```\n\n"

    def quotation(self, tag: Tag) -> str:
        """Write a quotation with > before each line."""
        lines = self.children(tag).strip().split("\n")
        return "\n\n" + "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def _after_a_break(node: NavigableString) -> bool:
    return isinstance(node.previous_sibling, Tag) and node.previous_sibling.name == "br"


def _beside_a_block(node: NavigableString) -> bool:
    for sibling in (node.previous_sibling, node.next_sibling):
        if isinstance(sibling, Tag) and (sibling.name in _BLOCKS or sibling.name in _BREAKING):
            return True
    return False
