"""Which paragraphs are headings, and which heading stands under which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.reading.layout.paragraphs import KEYWORD, Paragraph, Print, Table

_MAX_WORDS = 30
_LARGER = 1.12  # than the text
_OUTLINE = 3  # bookmarks found on their pages: fewer say nothing of a file's structure
_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})[.)]?\s*[-–—:]?\s+(?=\S)")
_ROMAN = re.compile(r"[IVXL]{1,5}\s?[.)–—:-]\s*(?=\S)")
_LETTER = re.compile(r"[A-H]\s?[.)–—-]\s+(?=\S)")
_FIGURE = re.compile(r"\d[\d\s.,]*(?:[%€]|[a-zà-ÿ])")  # « 30 000 habitants » in large print
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}")
# Lower stands under higher, at the same size.
_RANKS = {"part": 1, "annex": 1, "chapter": 2, "section": 3, "article": 4}
_ROMAN_RANK, _LETTER_RANK, _DECIMAL_RANK, PLAIN_RANK = 5, 6, 7, 12


@dataclass(frozen=True, slots=True)
class Heading:
    """`rank`: the smaller stands over the larger. `inside`: its paragraph is text as well."""

    text: str
    rank: tuple[int, int]
    paragraph: Paragraph
    inside: bool = False


class Judge:
    """Knows the print of one file, and its bookmarks."""

    def __init__(
        self,
        paragraphs: Sequence[Paragraph],
        print_: Print,
        outline: Sequence[tuple[int, str, int]] = (),
    ) -> None:
        self.print = print_
        self.scanned = any(p.confidence is not None for p in paragraphs)
        self.marks = _marks(paragraphs, outline)
        bold = sum(len(p.text) for p in paragraphs if p.bold)
        self.bold_text = bold * 2 > sum(len(p.text) for p in paragraphs)
        sizes = {p.size for p in paragraphs if p.size > _LARGER * print_.body}
        self.sizes = _levels(sizes, 0.8 if self.scanned else 0.94)

    def heading(self, paragraph: Paragraph, following: Paragraph | Table | None) -> Heading | None:
        """What a paragraph is the heading of; None for text. `following`: what comes next."""
        text = paragraph.text.rstrip(" :\u00a0\u202f")
        words = len(text.split())
        level = self.marks.get(id(paragraph))
        if level is not None:
            return Heading(text, (-1, level), paragraph)
        if paragraph.lines[0].pictured:  # a number plate, a shop's sign
            return None
        keyword = KEYWORD.match(text)
        if keyword is not None and words > _MAX_WORDS:
            # « Article 3 : la commune s'engage à … »: the article begins in the same breath.
            return Heading(keyword[0].strip(), self._rank(paragraph, text), paragraph, True)
        if (
            paragraph.note
            or words > _MAX_WORDS
            or not re.search(r"[^\W\d_]{2}", text)
            or _LEADERS.search(text)
        ):
            return None
        if paragraph.text.rstrip().endswith((";", ",", ".")) and not keyword:
            return None
        if _FIGURE.match(text):
            return None
        if keyword or (self._stands_out(paragraph, text) and not paragraph.item):
            return Heading(text, self._rank(paragraph, text), paragraph)
        if paragraph.item and self._stands_out(paragraph, text) and kind(text) is not None:
            # « 1. Le projet », in bold
            return Heading(text, self._rank(paragraph, text), paragraph)
        if self.scanned and kind(text) is not None and self._alone(paragraph, following):
            return Heading(text, self._rank(paragraph, text), paragraph)
        return None

    def _stands_out(self, paragraph: Paragraph, text: str) -> bool:
        larger = 1.3 if self.scanned else _LARGER
        if paragraph.size > larger * self.print.body:
            return True
        if paragraph.bold and not self.bold_text:
            return True
        letters = [letter for letter in text if letter.isalpha()]
        capitals = len(letters) > 5 and all(letter.isupper() for letter in letters)
        return capitals and len(text.split()) <= 15 and len(text.split()) > 1

    def _alone(self, paragraph: Paragraph, following: Paragraph | Table | None) -> bool:
        """Has it white above, one line, few words, and a table or text that begins under it?"""
        return (
            len(paragraph.lines) == 1
            and len(paragraph.text.split()) <= 12
            and paragraph.after > 1.4 * self.print.lead
            and following is not None
            and (
                isinstance(following, Table)
                or (not following.text[:1].islower() and kind(following.text) is None)
            )
        )

    def _rank(self, paragraph: Paragraph, text: str) -> tuple[int, int]:
        size = next(
            (n for n, (low, high) in enumerate(self.sizes) if low <= paragraph.size <= high),
            len(self.sizes),
        )
        rank = kind(text)
        if self.scanned and rank is not None:  # sizes seen are rough, numbers are not
            return (0, rank)
        return (size, rank if rank is not None else PLAIN_RANK)


def kind(text: str) -> int | None:
    """The rank of a heading by how it is numbered; None when it is not."""
    keyword = KEYWORD.match(text)
    if keyword is not None:
        return next(rank for name, rank in _RANKS.items() if keyword[name])
    if _ROMAN.match(text):
        return _ROMAN_RANK
    if _LETTER.match(text):
        return _LETTER_RANK
    decimal = _DECIMAL.match(text)
    return _DECIMAL_RANK + decimal[1].count(".") if decimal else None


def _levels(sizes: set[float], near: float) -> list[tuple[float, float]]:
    """Sizes larger than the text's, the largest first, those nearly the same together."""
    levels: list[tuple[float, float]] = []
    for size in sorted(sizes, reverse=True):
        if levels and size >= near * levels[-1][1]:
            levels[-1] = (size, levels[-1][1])
        else:
            levels.append((size, size))
    return levels


def _marks(
    paragraphs: Sequence[Paragraph], outline: Sequence[tuple[int, str, int]]
) -> dict[int, int]:
    """The paragraphs that the bookmarks name, by id, and their levels."""
    by_page: dict[int, list[Paragraph]] = {}
    for paragraph in paragraphs:
        by_page.setdefault(paragraph.page, []).append(paragraph)
    found: dict[int, int] = {}
    for level, title, page in outline:
        wanted = _bare(title)
        for paragraph in by_page.get(page, []) if len(wanted) > 2 else []:
            said = _bare(paragraph.text)
            # A bookmark may lack the number that the heading shows, or be cut short.
            if (
                id(paragraph) not in found
                and len(said) < 3 * len(wanted) + 10
                and (
                    said == wanted or said.endswith(wanted) or (len(wanted) > 20 and wanted in said)
                )
            ):
                found[id(paragraph)] = level
                break
    return found if len(found) >= min(_OUTLINE, max(len(outline), 1)) else {}


def _bare(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))
