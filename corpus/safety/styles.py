"""The styles that a page gives its elements: in `<style>`, and on the elements themselves.

Linked style sheets are not fetched, and what depends on the width of the screen, on printing or on
the mouse is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import cast

import tinycss2
from cssselect import HTMLTranslator, SelectorError
from cssselect import parse as parse_selectors
from lxml import etree
from lxml.html import HtmlElement
from tinycss2.ast import AtRule, Declaration, Node, QualifiedRule

Styles = dict[str, str]  # property -> value, both in lower case

_NAMES = re.compile(r"[.#]([\w-]+)")
_SCREENS = frozenset(("", "all", "screen", "only screen"))


def read(root: HtmlElement, properties: frozenset[str]) -> dict[HtmlElement, Styles]:
    """For each element, the values of these properties that win: rules by weight, then its own."""
    given: list[tuple[HtmlElement, list[Declaration]]] = []
    for path, declarations in _rules(root, properties):
        try:
            given += [(element, declarations) for element in _select(root, path)]
        except etree.XPathError:  # a selector that XPath cannot say
            continue
    for element in _select(root, "//*[@style]"):
        given.append((element, _declarations(element.get("style", ""), properties)))
    found: dict[HtmlElement, Styles] = {}
    for important in (False, True):
        for element, declarations in given:
            for declaration in declarations:
                if declaration.important is important:
                    value = tinycss2.serialize(declaration.value).strip().lower()
                    found.setdefault(element, {})[declaration.lower_name] = value
    return found


@lru_cache(maxsize=4096)
def _to_xpath(selector: str) -> str:
    return HTMLTranslator().css_to_xpath(selector)


def _select(root: HtmlElement, path: str) -> list[HtmlElement]:
    return cast(list[HtmlElement], root.xpath(path))


def _rules(
    root: HtmlElement, properties: frozenset[str]
) -> Iterator[tuple[str, list[Declaration]]]:
    """(XPath, declarations) of the rules of `<style>`, the weightiest last."""
    weighed = []
    names = {name for e in root.iter() for name in (*e.get("class", "").split(), e.get("id"))}
    for style in root.iter("style"):
        parsed = tinycss2.parse_stylesheet(style.text or "", True, True)
        for rule in _on_any_screen(parsed):
            declarations = _declarations(rule.content, properties)
            if declarations:
                weighed += [(*where, declarations) for where in _places(rule, names)]
    for _, path, declarations in sorted(weighed, key=lambda rule: rule[0]):
        yield path, declarations


def _places(rule: QualifiedRule, names: set[str | None]) -> list[tuple[tuple[int, int, int], str]]:
    """The weight and the XPath of each selector of a rule that may select something.

    None for « :hover » or « ::after ». Most rules of a site are for its other pages: looking for
    their names first halves the time of a page (60 real ones, 2026-11).
    """
    found = []
    for selector in tinycss2.serialize(rule.prelude).split(","):
        if ":" not in selector and not names.issuperset(_NAMES.findall(selector)):
            continue
        try:
            for parsed in parse_selectors(selector):
                if parsed.pseudo_element is None:
                    found.append((parsed.specificity(), _to_xpath(selector)))
        except SelectorError:
            continue
    return found


def _on_any_screen(nodes: Iterable[Node]) -> Iterator[QualifiedRule]:
    for node in nodes:
        if isinstance(node, QualifiedRule):
            yield node
        elif isinstance(node, AtRule) and node.lower_at_keyword == "media" and node.content:
            if tinycss2.serialize(node.prelude).strip().lower() in _SCREENS:
                yield from _on_any_screen(tinycss2.parse_rule_list(node.content, True, True))


def _declarations(css: str | list[Node], properties: frozenset[str]) -> list[Declaration]:
    parsed = tinycss2.parse_blocks_contents(css, True, True)
    return [d for d in parsed if isinstance(d, Declaration) and d.lower_name in properties]
