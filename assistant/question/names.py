"""What a question names: proper names and amounts, which an answer must say; « à Guichen », « pour
9 ans », « l'OPAH », that something else may take the place of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.question import places, subject
from index.french.analysis import STOP_WORDS, fold, tokens, words
from index.french.lexicon import common_words

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BEFORE = frozenset('.!?…:;«"')  # a capital after these begins a sentence


# An amount: with its unit, or too great for a year or a count.
_AMOUNT = re.compile(
    r"(?<![\d.-])(\d+(?:\.\d+)?)(?= (?:%|euros?)(?!\w))|(?<![\d.-])\d{5,}(?![\d-])"
)


def amounts(question: str) -> list[str]:
    """The amounts that it names, in figures: « 9 000 euros », « soixante-quinze pour cent »."""
    said = re.sub(r"%|\bpour ?cent\b|\bpourcents?\b", " PERCENT ", question)
    level = " ".join(words(said.replace("€", " euros "))).replace("percent", "%")
    return [found[0] for found in _AMOUNT.finditer(level)]


def names(question: str) -> list[str]:
    """The tokens of its amounts, and of its proper names and acronyms, of which there are none
    when all is in capitals."""
    found = amounts(question)
    if question == question.upper():
        return found
    for word in _WORD.finditer(question):
        before = question[: word.start()].rstrip()
        begins = not before or before[-1] in _BEFORE
        acronym = len(word[0]) > 1 and word[0].isupper()
        if acronym or (word[0][0].isupper() and not begins):
            found += tokens(word[0])
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """Where a text names something, with the small words before it.

    `kind` is "place" (a proper name), "at" (what stands last after « à »), "term" (of the subject),
    "length" (of time) or "year".
    """

    kind: str
    start: int
    end: int


def level(text: str) -> str:
    """A text folded, each character where it was."""
    return "".join(map(_letter, text)).replace("’", "'")


@lru_cache(maxsize=1024)
def _letter(character: str) -> str:
    return fold(character)[:1] or " "


_LENGTH = re.compile(
    r"\b(?:pendant |pour |sur |for )?(?:\d+|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|"
    r"quinze|vingt|two|three|four|five|six|nine|ten|twelve) (?:ans?|annees?|mois|years?|months?)\b"
)
_YEAR = re.compile(r"\b(?:(?:en|in) )?(?:19|20)\d\d\b")
_PROPER = re.compile(
    r"(?:\b(?:La|Le|Les|Saint|Sainte|St)[ -])?\b[A-ZÀ-Ý][\w-]+"
    r"(?:(?: (?:de|du|des|la|le|les|sur|sous))? ?(?:\b[dl]['’])?[A-ZÀ-Ý][\w-]+)*"
)
# What stands last, after « à »: a place typed without its capital.
_AT = re.compile(
    r"(?:\bà|^a|\b(?:au|aux|en|dans (?:l[ae]s?\b|l')|in))\s(?!qu|deus|partir|laquelle|lequel|which|"
    r"(?:a|ont|est|sont|avez|max\w*|total|tout|place|gros|g[eé]n[eé]ral|juste|mieux|moins|fait|avance|cours)\b)"
    r"[^\W\d][\w'’ -]{2,30}$"
)
_SMALL = re.compile(r"(?:\b(?:a|au|aux|en|dans|de|du|des|la|le|les|in|at|of|the)\s+|\b[ld]')+$")


def spans(text: str) -> list[Span]:
    """What a text names, in order."""
    flat = level(text)
    found: list[Span] = []
    for kind, start, end in _named(text, flat):
        before = _SMALL.search(flat[:start]) if kind in ("place", "term", "at") else None
        span = Span(kind, before.start() if before else start, end)
        if not any(span.start < other.end and other.start < span.end for other in found):
            found.append(span)
    return list(_together(sorted(found, key=lambda span: span.start), flat))


def _together(found: Sequence[Span], flat: str) -> Iterator[Span]:
    """The spans, places that only a sign parts being one: « guipry messac »."""
    held: Span | None = None
    for span in found:
        places = held is not None and held.kind == span.kind == "place"
        if held is not None and places and flat[held.end : span.start] in (" ", "-", ""):
            held = Span("place", held.start, span.end)
            continue
        if held is not None:
            yield held
        held = span
    if held is not None:
        yield held


def _named(text: str, flat: str) -> Iterator[tuple[str, int, int]]:
    """What is named, the surest first."""
    for kind, pattern in (("length", _LENGTH), ("year", _YEAR)):
        for found in pattern.finditer(flat):
            yield kind, *found.span()
    for found in subject.named(flat):
        yield "place" if found["town"] else "term", *found.span()
    for name in _PROPER.finditer(text):
        word = fold(name[0])
        usual = word in STOP_WORDS or word in common_words()
        if " " in name[0] or "-" in name[0] or not usual:
            if name.start() or len(tokens(name[0])) > 1 or word in places.named(text):
                yield "place", *name.span()
    for place in places.named(text):
        if at := re.search(r"\W+".join(map(re.escape, place.split())), flat):
            yield "place", *at.span()
    if at := _AT.search(text.lower().rstrip(" ?!.")):
        yield "at", *at.span()


def rest(text: str, named: Sequence[Span]) -> list[str]:
    """The tokens of a text besides what it names."""
    for span in reversed(named):
        text = f"{text[: span.start]} {text[span.end :]}"
    return tokens(text)


def spelled(text: str, correct: Callable[[str], str]) -> str:
    """A text whose names are spelled as the corpus spells them, « le denormendie », its other words
    as they were typed.

    correct    a folded word -> how the corpus spells it (index.french.spelling)
    """
    found: list[tuple[re.Match[str], str]] = []
    for word in _LETTERS.finditer(text):
        folded = fold(word[0])
        latin = len(folded) >= _SHORTEST and folded.isascii()
        meant = correct(folded) if latin else folded
        if meant != folded:
            typed = word[0]
            found.append((word, meant.upper() if typed.isupper() else meant))
    if found:  # « L'Isle-Jourdain » is a name already: no slip
        named = _spelled_names(text)
        found = [(word, meant) for word, meant in found if not named(word.start(), word.end())]
    if not found:
        return text
    named = _spelled_names(_put(text, found))
    kept, shift = [], 0
    for word, meant in found:
        start = word.start() + shift
        shift += len(meant) - len(word[0])
        if named(start, start + len(meant)):
            kept.append((word, meant))
    return _put(text, kept)


def _spelled_names(text: str) -> Callable[[int, int], bool]:
    """Whether a stretch of a text is of a name that is spelled: of a term or a place."""
    found = [span for span in spans(text) if span.kind in ("term", "place")]
    return lambda start, end: any(span.start < end and start < span.end for span in found)


def _put(text: str, found: Sequence[tuple[re.Match[str], str]]) -> str:
    for word, meant in reversed(found):
        text = text[: word.start()] + meant + text[word.end() :]
    return text


_LETTERS, _SHORTEST = re.compile(r"[^\W\d_]+"), 5  # letters: « cété » is no « CRTE »
_LED = re.compile(r"(?:a|au|aux|en|dans|pour|pr|chez|avec|sans|si|de|du|des|d'|for|in|at|of)\b")
_FROM, _TO = re.compile(r"d[eu']|des"), re.compile(r"(?:a|au|aux|en|dans)\b")
_CONTRACTED = {"de le ": "du ", "de les ": "des ", "à le ": "au ", "à les ": "aux "}


def put(text: str, span: Span, said: str) -> str:
    """A text in which words take the place of others, whose preposition they keep if they have
    none: « du Denormandie » for « de l'OPAH »."""
    said, old = said.rstrip(" ?!."), level(text)[span.start : span.end]
    if not _LED.match(level(said)):
        vowel = level(said)[:1] in "aeiouh"
        lead = ("d'" if vowel else "de ") if _FROM.match(old) else "à " if _TO.match(old) else ""
        if english := re.match(r"(?:in|at|of) ", old):
            lead = english[0]
        said = lead + said
        for apart, one in _CONTRACTED.items():
            said = one + said[len(apart) :] if said.lower().startswith(apart) else said
    return text[: span.start] + said + text[span.end :]
