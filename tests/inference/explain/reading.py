"""Reads a review page back as a browser would see its tree: what tests hold against the articles."""

import unicodedata
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})

INK = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Number and verse signs: format characters to Unicode, ink to a reader."""

ALLOWED_TAGS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "header", "main", "section", "article", "details", "summary"}
    | {"fieldset", "legend", "div", "p", "span", "b", "code", "h1", "h2", "h3", "dl", "dt", "dd", "ul", "ol", "li"}
    | {"a", "bdi", "mark", "input", "label"}
)


@dataclass(kw_only=True)
class Node:
    """An element with its children, elements and texts in order."""

    tag: str
    attributes: dict[str, str]
    children: list["Node | str"] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        """The element's CSS classes."""
        return set(self.attributes.get("class", "").split())

    def find_all(self, tag: str = "", *, style: str = "") -> list["Node"]:
        """All descendants of that tag and class, in document order."""
        found = []
        for child in self.children:
            if isinstance(child, Node):
                if tag in ("", child.tag) and (not style or style in child.classes):
                    found.append(child)
                found += child.find_all(tag, style=style)
        return found

    def find(self, tag: str = "", *, style: str = "") -> "Node":
        """The first such descendant."""
        return self.find_all(tag, style=style)[0]

    def raw_text(self) -> str:
        """The text as published: named characters are put back, captions of folds left out."""
        if self.tag == "summary":
            return ""
        if "ctl" in self.classes:
            return chr(int(self.attributes["title"].removeprefix("U+"), 16))
        return "".join(child if isinstance(child, str) else child.raw_text() for child in self.children)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node(tag="", attributes={})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> names an attribute twice"
        node = Node(tag=tag, attributes={name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")


def read_page(html: str) -> Node:
    """Parse a page; every element must be closed where it was opened."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder.root is builder._open[-1]
    return builder.root


def find_steering(html: str) -> set[str]:
    """Characters that steer rendering or cannot be encoded; a page must hold none."""
    steering = {c for c in html if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    return steering - INK - {"\n", "\t"}


def read_cards(html: str) -> list[Node]:
    """The articles of a page, in order."""
    return read_page(html).find("main").find_all(style="card")


def read_text(card: Node) -> str:
    """An article's text as published."""
    return card.find("div", style="text").raw_text()


def read_title(card: Node) -> str:
    """An article's title as published."""
    return card.find("h2").raw_text()


def read_marked(card: Node) -> dict[str, str]:
    """What each evidence mark covers, by its anchor; a mark cut in pieces is put together."""
    marked: dict[str, str] = {}
    unclosed: list[tuple[str, set[str]]] = []
    for mark in card.find_all("mark"):
        style = mark.classes - {"opens", "closes"}
        if "id" in mark.attributes:
            unclosed.append((mark.attributes["id"], style))
            marked[mark.attributes["id"]] = ""
        anchor = next(name for name, styles in unclosed if styles == style)
        marked[anchor] += mark.raw_text()
        if "closes" in mark.classes:
            unclosed.remove((anchor, style))
    assert not unclosed
    return marked
