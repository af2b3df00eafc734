"""HTML is made harmless, taken off, and written as Markdown and text."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from frappe_engine.kit import html
from hypothesis import given
from hypothesis import strategies as st

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='data:text/html,<script>1</script>'>x</a>",
    "<svg onload=alert(1)></svg>",
    "<svg><use href='data:image/svg+xml,x'/></svg>",
    "<iframe src='//evil'></iframe>",
    "<object data='x'></object><embed src='x'>",
    "<form action='javascript:1'><button formaction='javascript:1'>x</button></form>",
    "<p style='background: url(javascript:1); behavior: url(x); -moz-binding: url(x)'>x</p>",
    "<math><mtext><script>1</script></mtext></math>",
    "<style>@import 'x'</style><link rel=stylesheet href=x><meta http-equiv=refresh content=0><base href='//x'>",
    "<!--><script>1</script>-->",
]
LOADING = ("href", "src", "srcset", "action", "formaction", "xlink:href", "background", "poster", "data", "cite")
DANGEROUS = ("script", "iframe", "object", "embed", "style", "link", "meta", "base", "use")


def runs_something(text: str) -> bool:
    soup = BeautifulSoup(text, "html.parser")
    for tag in soup.find_all(True):
        if tag.name in DANGEROUS:
            return True
        for name, value in tag.attrs.items():
            low = str(value).lower()
            if name.startswith("on") or (name in LOADING and any(word in low for word in ("script:", "data:text"))):
                return True
            if name == "style" and any(word in low for word in ("script", "behavior", "binding")):
                return True
    return False


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_taken_out(attack: str) -> None:
    assert not runs_something(html.sanitize_html(attack))
    assert not runs_something(html.sanitize_html(attack, linkify=True))
    assert not runs_something(html.clean_html(attack))


@given(st.lists(st.sampled_from([*ATTACKS, "<b>", "</b>", '<p title="', '">', "<", ">", "x"]), max_size=8))
def test_attacks_in_any_mixture_are_taken_out(parts: list[str]) -> None:
    assert not runs_something(html.sanitize_html("".join(parts)))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("if a<b then", "if a<b then"),
        ("Bob <bob@example.com>", "Bob &lt;bob@example.com&gt;"),
        ("x<y>z", "x&lt;y&gt;z"),
        ("a<b <i>c</i>", "a&lt;b <i>c</i>"),
        ("a <b>c</b>", "a <b>c</b>"),
        ("1 <img src=x onerror=run()", "1 &lt;img src=x onerror=run()"),
        ("a <script", "a &lt;script"),
    ],
)
def test_words_in_angle_brackets_are_kept(given: str, kept: str) -> None:
    assert html.words_in_angles(given) == (kept, "/" in kept)


@given(
    st.lists(
        st.sampled_from([*ATTACKS, "<b", "<x>", "<script", "<img src=x onerror=run()", "<", ">", "x "]), max_size=6
    )
)
def test_words_in_angle_brackets_never_run(parts: list[str]) -> None:
    text, has_tags = html.words_in_angles("".join(parts))
    stored = html.sanitize_html(text) if has_tags else text
    assert not runs_something(stored)
    assert not runs_something(f"<p>{stored}</p><p title='x'>y</p>")


def test_rich_text_stays() -> None:
    rich = '<h1 id="a">T</h1><p class="c" data-x="1">a <b>b</b> <a href="https://x.org" target="_blank">l</a></p>'
    assert html.sanitize_html(rich) == rich


def test_pictures_inside_the_text_stay() -> None:
    picture = '<img src="data:image/png;base64,AAAA">'
    assert html.sanitize_html(picture) == picture


@pytest.mark.parametrize("value", ["plain", "a < b > c", "5 & 6", '{"a": "5 < 6"}', None, 5])
def test_what_is_no_html_comes_back_unchanged(value: object) -> None:
    assert html.sanitize_html(value) == value


@given(st.sampled_from(ATTACKS))
def test_json_stays_the_same_json_and_harmless(attack: str) -> None:
    text = json.dumps({"a": [attack]})
    sanitized = html.sanitize_html(text)
    assert json.loads(sanitized) == {"a": [attack]}
    assert not runs_something(sanitized)


def test_bare_addresses_become_links() -> None:
    linked = html.sanitize_html("<p>see http://x.org/a?b=1.</p><a href='http://y.org'>http://y.org</a>", linkify=True)
    assert 'href="http://x.org/a?b=1"' in linked
    assert linked.count("<a ") == 2


@given(st.text())
def test_escaping_is_undone_by_unescaping(text: str) -> None:
    escaped = html.escape_html(text)
    assert not set(escaped) & set("<>\"'")
    assert html.unescape_html(escaped) == html.unescape_html(html.unescape_html(escaped)) or "&" in text


def test_tags_come_off() -> None:
    assert html.strip_html("<p>para</p><br>line <!-- <b> --> end &lt;") == "paraline  end &lt;"


@pytest.mark.parametrize(
    ("markdown", "rendered"),
    [
        ("# Title", '<h1 id="title">Title</h1>\n'),
        ("**b** _i_ `c`", "<p><strong>b</strong> <em>i</em> <code>c</code></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("[l](http://x.org)", '<p><a href="http://x.org">l</a></p>\n'),
        ("![i](a.png)", '<p><img src="a.png" alt="i" class="screenshot" /></p>\n'),
    ],
)
def test_markdown_is_rendered(markdown: str, rendered: str) -> None:
    assert html.markdown_to_html(markdown) == rendered


def test_markdown_has_tables() -> None:
    assert '<table class="table table-bordered">' in html.markdown_to_html("| a |\n|---|\n| 1 |")


@pytest.mark.parametrize(
    "markdown",
    [
        "# T\n\ntext",
        "**b** *i* `c`",
        "* a\n* b",
        "1. a\n2. b",
        "[l](http://x.org)",
        "```\nx = 1\n```",
        "> q",
        "a  \nb",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
    ],
)
def test_markdown_survives_html(markdown: str) -> None:
    assert html.html_to_markdown(html.markdown_to_html(markdown)) == markdown


def test_nested_lists_are_indented() -> None:
    assert html.html_to_markdown("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>") == "* a\n  * b\n* c"


def test_html_reads_as_text() -> None:
    page = "<head><style>x</style></head><body><h1>T</h1><p>a<br>b</p><ul><li>1</li></ul><script>y</script></body>"
    assert html.html_to_text(page) == "T\n\na\nb\n\n* 1"
