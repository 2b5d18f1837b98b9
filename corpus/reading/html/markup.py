"""What a page's markup says beside its words, put as its readers take it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from corpus.text import clean, raised

_WORDS = 40  # of a form: a page that stands in one, as some servers' do, has more
_TYPED = frozenset(("", "text", "number", "date", "time", "month", "week", "tel", "url"))


def settle(root: HtmlElement) -> None:
    """Notes' marks and powers, the values of fields, and a page in a form, in plain elements."""
    etree.strip_tags(root, "ins")
    for mark in list(root.iter("sup")):
        _lower(mark)
    for form in list(root.iter("form")):
        if len("".join(form.itertext()).split()) > _WORDS or next(_values(form), None):
            form.tag = "div"
            for label in form.iter("label", "legend", "fieldset"):
                label.tag = "div" if label.tag == "fieldset" else "span"
            for field, value in list(_values(form)):
                _say(field, value)


def abbreviations(root: HtmlElement) -> Iterator[tuple[HtmlElement, str, str]]:
    """The abbreviations that the page explains to who points at them: (element, short, long)."""
    for element in root.iter("abbr", "acronym"):
        short = clean("".join(element.itertext()))
        long = clean(element.get("title", ""))
        if short and len(long) > len(short) and not short.isdigit():
            yield element, short, long


def _lower(mark: HtmlElement) -> None:
    parent, before = mark.getparent(), mark.getprevious()
    said = (parent.text if before is None else before.tail) or ""
    linked = parent.tag == "a" or next(mark.iter("a"), None) is not None
    if text := raised(said.rstrip(), "".join(mark.itertext()), linked):
        _say(mark, text)
    else:
        mark.clear(keep_tail=True)
        mark.drop_tag()


def _values(form: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The fields that show a value before anyone types, with it.

    Not the text of a large one: it is a draft of what the reader would write.
    """
    for field in form.iter("input", "select"):
        if field.tag == "input":
            typed = field.get("type", "").strip().lower() in _TYPED
            value = field.get("value", "") if typed else ""
        else:
            chosen = (o for o in field.iter("option") if o.get("selected") is not None)
            value = ", ".join(clean("".join(option.itertext())) for option in chosen)
        if clean(value):
            yield field, clean(value)


def _say(element: HtmlElement, words: str) -> None:
    """Make an element its words alone."""
    around = "" if element.tag == "sup" else " "
    for inner in list(element):
        element.remove(inner)
    element.tag, element.text = "span", f"{around}{words}{around}"
