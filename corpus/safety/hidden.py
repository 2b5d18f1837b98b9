"""What a page holds and its reader never sees, or sees struck out: it must not be quoted to them.

Words are hidden from people and not from programs by a forgotten draft, or by who gives orders to
an assistant.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement
from tinycss2.color4 import parse_color

from corpus.safety import styles
from corpus.safety.styles import Styles

# In the file and on nobody's screen.
_NEVER_SHOWN = ("template", "noscript", "dialog")
_PROPERTIES = frozenset(
    """
    background background-color background-image bottom clip clip-path color content-visibility
    display filter font font-size height left margin-left margin-top max-height max-width opacity
    overflow overflow-x overflow-y position right text-decoration
    text-decoration-line text-indent top transform translate visibility
    width -webkit-text-fill-color
    """.split()
)


def drop(root: HtmlElement) -> None:
    """Remove what a reader of the page cannot see, nor make appear, and what is struck out."""
    given = styles.read(root, _PROPERTIES)
    opened = _opened(root)
    for element in [e for e in root.iter() if isinstance(e.tag, str)]:
        own = given.get(element, {})
        hidden = (
            (element.tag in _NEVER_SHOWN and element.get("open") is None)
            or element.get("aria-hidden", "").strip().lower() == "true"
            or ((element.get("hidden") is not None or _closed(own)) and element not in opened)
            or _shrunk(own)
            or _away(own)
            or _struck(element, own)
        )
        if hidden and element.tag not in ("html", "head", "body"):
            if element.getparent() is not None:
                element.drop_tree()
    _erase_blank(root, given)


def _opened(root: HtmlElement) -> frozenset[HtmlElement]:
    """What a button or a link of the page opens: panels of accordions and of tabs."""
    attributes = ("aria-controls", "data-target", "data-bs-target")
    names = {
        name.lstrip("#")
        for opener in root.iter("button", "a", "summary", "input")
        for attribute in attributes
        for name in opener.get(attribute, "").split()
    }
    return frozenset(element for element in root.iter() if element.get("id") in names)


# --- Ways to hide

_SIZE = re.compile(r"(?<![\w#.-])(-?\d*\.?\d+)(px|em|rem|pt|vw|vh|%)?(?![\w.])")
_UNITS = {"em": 16.0, "rem": 16.0, "pt": 1.33, "vw": 10.0, "vh": 10.0, "%": 0.16}
_SMALL = 2.0  # pixels: letters that nobody can read, a box that holds none
_AWAY = -300.0  # pixels: off the screen; layouts play with tens of them


def _sizes(own: Styles, name: str) -> list[float]:
    """The lengths of a value, in pixels; a letter's height is 16."""
    found = _SIZE.findall(own.get(name, ""))
    return [float(number) * _UNITS.get(unit, 1.0) for number, unit in found]


def _closed(own: Styles) -> bool:
    """Not shown, unless a program of the page shows it."""
    return (
        own.get("display") == "none"
        or own.get("visibility") in ("hidden", "collapse")
        or own.get("content-visibility") == "hidden"
        or (_clips(own) and _sizes(own, "max-height")[:1] == [0.0])
    )


def _clips(own: Styles) -> bool:
    names = ("overflow", "overflow-x", "overflow-y")
    return any(word in own.get(name, "") for name in names for word in ("hidden", "clip"))


def _shrunk(own: Styles) -> bool:
    """Too small or too faint to be seen."""
    letters = _sizes(own, "font-size") or _sizes(own, "font")[:1]
    opacity = _SIZE.match(own.get("opacity", ""))
    share = float(opacity[1]) / (100 if opacity[2] else 1) if opacity else 1.0
    box = (_sizes(own, name)[:1] for name in ("height", "width", "max-width"))
    return (
        (bool(letters) and letters[0] <= _SMALL)
        or share < 0.1
        or re.search(r"opacity\(\s*0", own.get("filter", "")) is not None
        or (_clips(own) and any(side and side[0] <= _SMALL for side in box))
    )


def _away(own: Styles) -> bool:
    """Off the screen, or cut out of it."""
    moved = ["text-indent", "margin-left", "margin-top", "transform", "translate"]
    if own.get("position") in ("absolute", "fixed", "relative"):
        moved += ["left", "right", "top", "bottom"]
    clip, path = own.get("clip", ""), own.get("clip-path", "")
    return (
        any(size <= _AWAY for name in moved for size in _sizes(own, name))
        or re.search(r"scale[xy]?\(\s*0\s*[,)]", own.get("transform", "")) is not None
        or (clip.startswith("rect") and max(_sizes(own, "clip"), default=0.0) <= _SMALL)
        or re.match(r"inset\(\s*(?:50|100)%|circle\(\s*0|polygon\(\s*0 0\s*[,)]", path) is not None
    )


def _struck(element: HtmlElement, own: Styles) -> bool:
    """Crossed out: read beside the words that replace it, an old amount would be a second one."""
    drawn = own.get("text-decoration", "") + own.get("text-decoration-line", "")
    return element.tag in ("del", "s", "strike") or "line-through" in drawn


# --- Letters of the colour of what is behind them

_RGB = tuple[float, float, float]
_WHITE, _BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
_ALIKE = 0.08  # of the 0..1 of a channel: pale grey on white (#eee) is still told apart
# Names of classes that give a background, in a style sheet that we do not fetch.
_BACKED = re.compile(
    r"bg|back|fond|dark|hero|banner|bandeau|btn|button|bouton|cover|badge|label|primary|secondary|"
    r"success|danger|warning|info|inverse|head|foot|overlay|slide|caption|card|tile|block",
    re.IGNORECASE,
)


def _erase_blank(root: HtmlElement, given: dict[HtmlElement, Styles]) -> None:
    """Erase the words that have the colour of their background, or none.

    White words stay where something may give them a background that this page does not say.
    """
    seen: dict[HtmlElement, tuple[_RGB | None, _RGB | None]] = {}
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        own = given.get(element, {})
        color, behind = seen.get(element.getparent(), (_BLACK, _WHITE))
        behind = _behind(element, own, behind)
        color = _color(element, own, color)
        seen[element] = (color, behind)
        if color is None or (behind is not None and _alike(color, behind)):
            element.text = None
            for child in element:
                child.tail = None


def _behind(element: HtmlElement, own: Styles, inherited: _RGB | None) -> _RGB | None:
    """The colour of a background; None when it cannot be known."""
    said = " ".join(own.get(n, "") for n in ("background", "background-color", "background-image"))
    said = f"{said} {element.get('bgcolor', '')}".strip()
    if re.search(r"url\(|gradient|var\(", said):
        return None
    for word in re.findall(r"#?\w+(?:\([^)]*\))?", said):
        if (found := _rgb(word)) is not None and found[1] > 0.1:
            return found[0]
    if inherited == _WHITE and element.tag != "body" and _BACKED.search(element.get("class", "")):
        return None
    return inherited


def _color(element: HtmlElement, own: Styles, inherited: _RGB | None) -> _RGB | None:
    """The colour of letters; None when they have none."""
    said = own.get("-webkit-text-fill-color") or own.get("color") or element.get("color")
    found = _rgb(said) if said else None
    if found is None:
        return inherited
    return found[0] if found[1] > 0.1 else None


def _rgb(word: str) -> tuple[_RGB, float] | None:
    """A colour and its opacity, None when it is no colour."""
    found = parse_color(word)
    if found is None or isinstance(found, str):
        return None
    red, green, blue, opacity = (channel or 0.0 for channel in found.to("srgb"))
    return (red, green, blue), opacity


def _alike(one: _RGB, other: _RGB) -> bool:
    return all(abs(a - b) < _ALIKE for a, b in zip(one, other, strict=True))
