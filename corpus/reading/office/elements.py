"""The elements of an office file's XML, by their names without namespace."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree


def local_name(element: etree._Element) -> str:
    """The name of an element, "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def find(element: etree._Element, *path: str) -> Iterator[etree._Element]:
    """The elements at the end of a path of names."""
    for inner in element:
        if local_name(inner) == path[0]:
            if len(path) == 1:
                yield inner
            else:
                yield from find(inner, *path[1:])
