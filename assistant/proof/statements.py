"""A text made ready to be compared: its words, what it states, what it denies."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.proof import paraphrases
from assistant.proof.claims import Claim, Kind, read
from assistant.question.languages import language
from index.french.analysis import fold, sentences, stem
from index.french.numbers import canonical


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a word stands: its sentence, whether in brackets, how far along.

    `place` counts words, and more across a comma or « et »: what a comma parts is far away.
    """

    sentence: int
    bracketed: bool
    place: float

    def distance(self, other: Spot) -> float:
        apart = _BRACKET if self.bracketed != other.bracketed else 0.0
        return abs(self.place - other.place) + apart


@dataclass(frozen=True, slots=True)
class Word:
    """`root` as paraphrases; `plain`: it says something; `polarity`: 1 said, -1 denied,
    0 neither (asked, supposed, or beside a denial)."""

    folded: str
    lemma: str
    root: str
    start: int
    spot: Spot
    plain: bool
    polarity: int


@dataclass(frozen=True, slots=True)
class Key:
    """What a place can be known by: a root, or a figure. Figures tell more."""

    name: str
    weight: float
    spot: Spot


@dataclass(frozen=True, slots=True)
class Statement:
    """A text, read.

    `claims` go with `spots`, one for one; `around` gives the keys of a sentence by its number;
    `asked` numbers the sentences that are questions, as headings often are.
    """

    text: str
    language: str
    words: tuple[Word, ...]
    claims: tuple[Claim, ...]
    spots: tuple[Spot, ...]
    keys: tuple[Key, ...]
    around: Mapping[int, tuple[Key, ...]]
    asked: frozenset[int]
    roots: frozenset[str]
    folded: frozenset[str]
    lemmas: frozenset[str]


_TOKEN = re.compile(r"[^\W_]+|(?P<mark>[,:()])")
_SEMICOLON = re.compile(r";(?=\s)")
# How far a mark or a word puts what follows, in words.
_FAR = {",": 8.0, ":": 4.0}
_NEXT = 20.0  # another sentence
_JOINS = dict.fromkeys("et ou mais puis contre dont tandis alors and or but".split(), 3.0)
_BRACKET = 6.0
_FIGURE = 3.0  # a figure tells as much as three words
# What is left of « jusqu'à », « aujourd'hui » once cut at the apostrophe.
_PIECES = frozenset("jusqu aujourd hui lorsqu puisqu quoiqu".split())


@lru_cache(maxsize=512)
def tongue_of_passage(text: str) -> str:
    """The tongue of a passage; that of the same one is found once."""
    return tongue(text)


def tongue(text: str) -> str:
    """ "en" or "fr": a French town's texts are French unless they are plainly English."""
    return "en" if language(text) == "en" else "fr"


@lru_cache(maxsize=512)  # the passages of an answer come back with each of its sentences
def of_passage(text: str) -> Statement:
    """Read a passage; the same one is read once."""
    return statement(text)


def statement(text: str) -> Statement:
    """Read a sentence that was written: it may hold a resident's words, and is not kept."""
    code = tongue(text)
    text = canonical(text, code)
    claims = tuple(read(text))
    words = tuple(_words(text, claims, code))
    starts = [word.start for word in words]
    last = words[-1].spot if words else Spot(0, False, 0.0)
    found = (bisect(starts, claim.start - 1) for claim in claims)
    spots = tuple(words[n].spot if n < len(words) else last for n in found)
    keys = tuple(_keys(words, claims, spots))
    around: dict[int, list[Key]] = {}
    for key in keys:
        around.setdefault(key.spot.sentence, []).append(key)
    return Statement(
        text=text,
        language=code,
        words=words,
        claims=claims,
        spots=spots,
        keys=keys,
        around={number: tuple(found) for number, found in around.items()},
        asked=frozenset(_asked(text, words)),
        roots=frozenset(word.root for word in words),
        folded=frozenset(word.folded for word in words),
        lemmas=frozenset(word.lemma for word in words),
    )


def names_of(claim: Claim) -> tuple[str, ...]:
    """The names of a claim's keys: the parts of a date, or a figure in its unit."""
    if claim.value is None:
        return tuple(claim.parts)
    return (f"={claim.value}{'' if claim.kind is Kind.NUMBER else claim.unit}",)


def _words(text: str, claims: tuple[Claim, ...], code: str) -> Iterator[Word]:
    denied = _polarities(text)
    starts = [start for start, _ in sentences(text)]
    starts = sorted({0, *starts, *(mark.end() for mark in _SEMICOLON.finditer(text))})
    inside = [(claim.start, claim.end, claim.kind is Kind.NAME) for claim in claims]
    place, sentence, opened = 0.0, 0, list[float]()
    for token in _TOKEN.finditer(text):
        within = [named for start, end, named in inside if start <= token.start() < end]
        if mark := token["mark"]:
            if within:
                continue
            if mark == "(":
                opened.append(place)
            elif mark == ")":
                place = (opened.pop() if opened else place) + 1
            elif mark in _FAR:
                place += _FAR[mark]
            continue
        number = bisect(starts, token.start()) - 1
        if number != sentence:
            sentence, opened, place = number, [], place + _NEXT
        folded = fold(token[0])
        place += 1 + _JOINS.get(folded, 0.0)
        plain = not paraphrases.is_stop(token[0]) and all(within) and len(folded) > 1
        yield Word(
            folded=folded,
            lemma=fold(paraphrases.lemma(token[0])),
            root=paraphrases.root(token[0]) if code == "fr" else stem(folded),
            start=token.start(),
            spot=Spot(sentence, bool(opened), place),
            plain=plain and folded not in _PIECES,
            polarity=denied.get(token.start(), 1),
        )


def _asked(text: str, words: tuple[Word, ...]) -> Iterator[int]:
    for question in _ASKED.finditer(text):
        for word in words:
            if question.start() <= word.start < question.end():
                yield word.spot.sentence


def _keys(
    words: tuple[Word, ...], claims: tuple[Claim, ...], spots: tuple[Spot, ...]
) -> Iterator[Key]:
    for word in words:
        if word.plain or word.lemma in paraphrases.actors():
            yield Key(word.root, 1.0, word.spot)
    for claim, spot in zip(claims, spots, strict=True):
        if claim.kind is not Kind.NAME:  # its words are keys already
            for name in names_of(claim):
                yield Key(name, _FIGURE, spot)


_CLAUSE = re.compile(r"(?:(?!\b(?:et|mais|ou|donc|car)\b)[^.;:!?…,()\n])+")
_NE = re.compile(
    r"\b(?:ne |n')(?:(?:se |s'|l'|le |la |les |y |en |lui |leur ))*(?P<verb>[\w-]+)", re.IGNORECASE
)
_PAS = re.compile(r"\b(?:pas|plus|jamais|aucune?|guère|nulle?|point|ni)\b")
_QUE = re.compile(r"\b(?:que\b|qu')")
_AUXILIARIES = frozenset("être avoir pouvoir devoir falloir aller faire".split())
_DETERMINER = re.compile(
    r"\b(?:une?|le|la|les|l|des|du|cette|ce|cet|ces|au|aux|à)\W$", re.IGNORECASE
)
# What is denied beside the verb, or without one: « aucune hausse », « pas d'obligation ».
_NO = re.compile(
    r"\b(?:pas (?:d'|de )|aucune? |non |pas )(?:une? |l'|le |la |les )?(?P<what>[\w-]+)",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"\s*(?:si |s')|.*\b(?:ne |n').*\bsans\b", re.IGNORECASE | re.DOTALL)
_WITHOUT = re.compile(
    r"\b(?:sans|contre|absence|échapp\w+ à|évit\w+) "
    r"(?:que |une? |l'|le |la |les |d'|de |devoir )*(?P<what>[\w-]+)"
)
_NO_MORE = re.compile(r"\b(?:mais|et|ou) plus (?:le |la |les |l'|d[eu] |des )+(?P<what>[\w-]+)")
_LEFT_TO_DO = re.compile(r"\brest(?:e|ent|ait|aient) (?:à|encore à)\b")
_ASKED = re.compile(r"[^.!?…\n]*\?")
_LETTERS = re.compile(r"[^\W_]+")


def _polarities(text: str) -> dict[int, int]:
    """Where words that are not plainly said start, with their polarity."""
    found: dict[int, int] = {}
    for clause in _CLAUSE.finditer(text):
        _read_clause(text, clause.start(), clause.end(), found)
    for more in _NO_MORE.finditer(text):
        found[more.start("what")] = -1
    for question in _ASKED.finditer(text):
        found |= dict.fromkeys(_starts(text, question.start(), question.end()), 0)
    return found


def _read_clause(text: str, start: int, end: int, found: dict[int, int]) -> None:
    ne = _NE.search(text, start, end)
    if ne is None:
        for without in _WITHOUT.finditer(text, start, end):
            found[without.start("what")] = 0
        if left := _LEFT_TO_DO.search(text, start, end):
            found |= dict.fromkeys(_starts(text, start, end), 0) | {left.start(): 1}
    else:
        found |= dict.fromkeys(_starts(text, start, end), 0)
        supposed = _SUPPOSED.match(text[start:end])
        denied = None if supposed else _predicate(text, ne, end)
        if denied is not None:
            found[denied] = -1
    for what in _NO.finditer(text, start, end):
        bare = what[0].lower().startswith("pas ") and not re.match(r"pas d[e']", what[0], re.I)
        known = paraphrases.is_stop(what["what"]) or paraphrases.is_light(
            paraphrases.root(what["what"])
        )
        if not known and not (bare and ne):
            found[what.start("what")] = -1


def _predicate(text: str, ne: re.Match[str], end: int) -> int | None:
    """Where what a « ne » denies starts: its verb or, after an auxiliary, what follows « pas »."""
    pas = _PAS.search(text, ne.end("verb"), min(end, ne.end("verb") + 45))
    if pas is None and _QUE.search(text, ne.end("verb"), end):
        return None  # « ne ... que » limits, it does not deny
    if paraphrases.lemma(ne["verb"]) not in _AUXILIARIES:
        return ne.start("verb")
    for word in _LETTERS.finditer(text, pas.end() if pas else ne.end("verb"), end):
        if not paraphrases.is_stop(word[0]) and not word[0].isdigit():
            return None if _DETERMINER.search(text, 0, word.start()) else word.start()
    return None


def _starts(text: str, start: int, end: int) -> list[int]:
    return [word.start() for word in _LETTERS.finditer(text, start, end)]
