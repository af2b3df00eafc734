"""HTML: taking it off, making it harmless, and converting from and to Markdown.

Invariant: what comes out of `sanitize_html` and `clean_html` runs no script, whatever went in.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from frappe_engine.kit.jsontext import is_json

_TAG: Final = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_ANY_TAG: Final = re.compile(r"<[^>]+>")
_TAG_BEGINS: Final = re.compile(r"<[a-zA-Z/!?]")
_PARAGRAPH: Final = re.compile(r"<(?:p|br)\s*>")
_ESCAPES: Final = str.maketrans({"&": "&amp;", '"': "&quot;", "'": "&apos;", ">": "&gt;", "<": "&lt;"})


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What a careful editor may produce; scripts, frames, objects and styles are left out.
HTML_TAGS: Final = _names(
    """
    a abbr acronym address area article aside audio b bdi bdo big blockquote br button canvas caption center cite
    code col colgroup command data datalist dd del details dfn dialog dir div dl dt em fieldset figcaption figure
    font footer form h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd keygen label legend li main map mark
    menu meter nav noscript ol optgroup option output p picture pre progress q rp rt ruby s samp section select
    small source span strike strong sub summary sup table tbody td textarea tfoot th thead time tr track tt u ul var
    video wbr
    """
)
SVG_TAGS: Final = _names(
    """
    svg circle clippath defs desc ellipse g line lineargradient marker mask path pattern polygon polyline
    radialgradient rect stop switch symbol text title tspan
    """
)
MATHML_TAGS: Final = _names(
    """
    math mfrac mi mn mo mover mrow mroot msqrt msub msup msubsup mtable mtd mtext mtr munder munderover
    """
)
RICH_TAGS: Final = HTML_TAGS | SVG_TAGS | MATHML_TAGS
# What browsers know besides: none of it is left in a text.
RUNNING_TAGS: Final = _names(
    """
    animate animatemotion animatetransform applet base body embed feimage foreignobject frame frameset head html iframe
    image link marquee meta noembed noframes noscript object param plaintext script set slot style template use xmp
    """
)
_ANGLE: Final = re.compile(r"<(?=[a-zA-Z/!])([^<>]*)(>?)")
_TAG_NAME: Final = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]*)(?=[\s/]|\Z)")
RICH_ATTRIBUTES: Final = _names(
    """
    abbr align alt autocomplete bgcolor border cellpadding cellspacing checked cite class color cols colspan
    controls coords cx cy d datetime dir disabled download fill fill-opacity fill-rule font-family font-size
    font-weight for gradienttransform gradientunits headers height href hreflang id kind label lang list loop
    marker-end marker-start maxlength media method min max muted name offset opacity open pattern placeholder points
    poster preload preserveaspectratio r readonly rel required reversed role rows rowspan rx ry scope selected shape
    size span src srclang srcset start step stop-color stop-opacity stroke stroke-dasharray stroke-linecap
    stroke-linejoin stroke-width style summary tabindex target text-anchor title transform type usemap valign value
    version viewbox width wrap x x1 x2 xmlns y y1 y2
    """
)
SVG_ATTRIBUTES: Final = _names(
    """
    cx cy d fill fill-opacity fill-rule font-family font-size font-weight gradienttransform gradientunits height
    marker-end marker-start offset opacity points preserveaspectratio r rx ry stop-color stop-opacity stroke
    stroke-dasharray stroke-linecap stroke-linejoin stroke-width text-anchor transform version viewbox width x x1 x2
    xmlns y y1 y2
    """
)
MATHML_ATTRIBUTES: Final = _names("align columnalign columnspan display rowalign rowspan width xmlns")
_STYLES: Final = _names(
    """
    align-items background background-color border border-bottom border-collapse border-color border-left
    border-radius border-right border-spacing border-style border-top border-width bottom box-shadow caption-side
    clear color cursor direction display flex flex-direction float font font-family font-size font-style
    font-variant font-weight gap height justify-content left letter-spacing line-height list-style list-style-type
    margin margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width opacity order
    outline overflow padding padding-bottom padding-left padding-right padding-top position right table-layout
    text-align text-decoration text-indent text-overflow text-transform top vertical-align visibility white-space
    width word-break word-spacing word-wrap z-index
    """
)
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel", "data", "cid", "ftp", "sms"})
PLAIN_TAGS: Final = _names(
    """
    div p br ul ol li strong b em i u h1 h2 h3 h4 h5 h6 table thead tbody td tr th pre code
    """
)


def strip_html(text: str) -> str:
    """Take tags and comments off; what stands between them stays, entities too."""
    return _TAG.sub("", text)


def escape_html(text: Any) -> Any:
    """Write `& < > " '` as entities; what is no text comes back unchanged."""
    return text.translate(_ESCAPES) if isinstance(text, str) else text


def unescape_html(value: str) -> str:
    """Write entities as the characters they stand for."""
    from html import unescape  # loads the names of all entities

    return unescape(value)


def is_html(text: Any) -> bool:
    """Tell whether a text holds a tag."""
    return isinstance(text, str) and _ANY_TAG.search(text) is not None


def words_in_angles(text: str) -> tuple[str, bool]:
    """Write what stands in angle brackets and is no tag (`Bob <bob@example.com>`) as text; tell whether there are tags.

    A bracket that opens alone and could be nobody's tag stays as it is where there are no tags at all: `a<b`.
    """
    found: list[str] = []

    def written(match: re.Match[str]) -> str:
        inside, closes = match.groups()
        name = _TAG_NAME.match(inside)
        is_known = name is not None and name.group(1).lower() in RICH_TAGS | RUNNING_TAGS
        kind = "tag" if closes and (is_known or inside.startswith("!")) else "words"
        if kind == "words" and not closes and not _could_become_a_tag(inside):
            kind = "bracket"
        found.append(kind)
        return match.group() if kind == "tag" else f"&lt;{inside}{'&gt;' if closes else ''}"

    marked = _ANGLE.sub(written, text)
    return (text if set(found) <= {"bracket"} else marked), "tag" in found


def _could_become_a_tag(inside: str) -> bool:
    """Tell whether an open bracket's text would do something once a page closes it."""
    name = _TAG_NAME.match(inside)
    return bool({"=", "/", "!"} & {*inside}) or (name is not None and name.group(1).lower() in RUNNING_TAGS | SVG_TAGS)


def is_markdown(text: str) -> bool:
    """Tell whether a text is better read as Markdown than as HTML: it has no paragraph and no line break tag."""
    return _PARAGRAPH.search(text) is None


def sanitize_html(html: Any, linkify: bool = False, always_sanitize: bool = False) -> Any:
    """Leave the tags and attributes of rich text, and drop everything that could run or load a program.

    Unless `always_sanitize`, text without tags comes back unchanged, and a JSON object or array comes back as the
    same JSON with its tags written so that no browser sees them. `linkify` turns bare web addresses into links.
    """
    if not isinstance(html, str):
        return html
    if not always_sanitize:
        if _TAG_BEGINS.search(html) is None:
            return html
        if html.lstrip()[:1] in ("{", "[") and is_json(html):
            return html.replace("<", "\\u003c")
    import nh3  # a native library, wanted by few requests

    clean = nh3.clean(
        html,
        tags=set(RICH_TAGS),
        attributes={"*": set(RICH_ATTRIBUTES)},
        generic_attribute_prefixes={"data-", "aria-"},
        url_schemes=set(_SCHEMES),
        filter_style_properties=set(_STYLES),
        attribute_filter=_keep_attribute,
        link_rel=None,
        strip_comments=False,
    )
    return _link_addresses(clean) if linkify else clean


def _keep_attribute(_tag: str, name: str, value: str) -> str | None:
    if value[:5].lower() == "data:" and name in ("href", "src") and value[:11].lower() != "data:image/":
        return None
    return value


def clean_html(html: Any) -> Any:
    """Leave bare structure (paragraphs, lists, headings, tables, emphasis) and no attributes at all."""
    if not isinstance(html, str):
        return html
    import nh3  # a native library, wanted by few requests

    return nh3.clean(html, tags=set(PLAIN_TAGS), attributes={}, link_rel=None)


def clean_script_and_style(html: str) -> str:
    """Drop `script` and `style` elements with their content; the rest stays as it is."""
    from bs4 import BeautifulSoup  # a parser, wanted by few requests

    soup = BeautifulSoup(html, "html.parser")
    for element in soup(["script", "style"]):
        element.decompose()
    return str(soup)


def _link_addresses(text: str) -> str:
    from bs4 import BeautifulSoup  # a parser, wanted by few requests
    from bs4.element import NavigableString

    soup = BeautifulSoup(text, "html.parser")
    for string in list(soup.find_all(string=_ADDRESS)):
        if string.find_parent(["a", "pre", "code"]) is not None or not isinstance(string, NavigableString):
            continue
        linked = _ADDRESS.sub(r'<a href="\g<0>" rel="noopener nofollow">\g<0></a>', escape_html(str(string)))
        string.replace_with(BeautifulSoup(linked, "html.parser"))
    return str(soup)


_ADDRESS: Final = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


# --- Markdown ------------------------------------------------------------------------------------------------------


def markdown_to_html(text: str) -> str:
    """Render Markdown (CommonMark with tables; HTML inside stays as it is). Sanitise what people typed."""
    return str(_markdown_parser().render(text)) or "<p></p>\n"


@lru_cache(maxsize=1)
def _markdown_parser() -> Any:
    from markdown_it import MarkdownIt  # a parser, wanted by few requests

    parser = MarkdownIt("commonmark", {"html": True, "breaks": False}).enable("table")
    parser.add_render_rule("heading_open", _render_heading)
    parser.add_render_rule("table_open", lambda *_args: '<table class="table table-bordered">\n')
    parser.add_render_rule("image", _render_image)
    return parser


def _render_heading(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    title = "".join(child.content for child in tokens[index + 1].children or ())
    tokens[index].attrSet("id", re.sub(r"[^\w-]", "", title.strip().lower().replace(" ", "-")))
    return str(renderer.renderToken(tokens, index, options, env))


def _render_image(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    tokens[index].attrJoin("class", "screenshot")
    return str(type(renderer).image(renderer, tokens, index, options, env))


def html_to_markdown(html: str) -> str:
    """Write HTML as Markdown: headings, lists, links, images, tables, code, emphasis; other tags by their content."""
    from frappe_engine.kit.htmltext import MarkdownWriter  # loads a parser, wanted by few requests

    return MarkdownWriter().write(html)


def html_to_text(text: str) -> str:
    """Write HTML as readable plain text: a line per block, list items marked, links by their words."""
    from frappe_engine.kit.htmltext import TextWriter  # loads a parser, wanted by few requests

    return TextWriter().write(text)
