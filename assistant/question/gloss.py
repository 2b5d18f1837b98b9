"""A question in English or Breton said in French words, well enough to search French passages.

No translation: a list of ours (vocabulary/*.tsv) gives the French of the words of the field and of
those that ask. What it lacks stays as typed and counts against an answer: nothing supports « a heat
pump in my boat ».
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import simplemma
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.french.analysis import fold

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_ENDING = re.compile(r"['’](?:s|re|ll|d|ve|m)?$", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_SLIPPED = 6  # letters from which a word may hold a slip: « programe », « agrement »
_WHAT = frozenset({"what", "which"})
_BEING = frozenset({"is", "are", "was", "were", "be", "s"})
_PLACING = {"of": "de", "in": "à", "at": "à", "near": "à"}
_NEAR = 2  # words from « what » to the noun it asks for: « what is the ANCT budget »
_TERM = 4  # words of a term: « what is the commercial pre-emption right »


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of a language and their French, "" for those that name nothing.

    `asked`: those that « what is the … » asks for. `base` gives a word's dictionary form.
    """

    french: Mapping[str, str]
    asked: frozenset[str]
    longest: int  # words of the longest entry
    base: Callable[[str], str]

    def __contains__(self, word: str) -> bool:
        return word in self.french or self.base(word) in self.french


_lemmatizer = simplemma.Lemmatizer(cache_max_size=0)  # its cache would keep any word


def _english(word: str) -> str:
    return _lemmatizer.lemmatize(word, lang="en")


def _as_typed(word: str) -> str:
    return word


_FILES: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "en": ("english.tsv", _english),
    "br": ("breton.tsv", _as_typed),  # no dictionary: the file has the mutated forms
}


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of « en » or « br »."""
    name, base = _FILES[language]
    french, asked = {}, set()
    text = (files("assistant.question") / "vocabulary" / name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            word, said, *flag = line.split("\t")
            french[word] = said
            asked |= {word} if flag else set()
    return Vocabulary(french, frozenset(asked), max(w.count(" ") + 1 for w in french), base)


@dataclass(frozen=True, slots=True)
class _Piece:
    """An entry found in a question, and its French; a word that has none is its own."""

    key: str
    french: str
    known: bool


def gloss(text: str, language: str, corpus: Collection[str] = ()) -> str:
    """The French words of a question in « en » or « br »; in another language, the question.

    corpus    folded words of the passages: one of theirs is no slip, and no other town
    """
    if language not in _FILES:
        return text
    pieces = _pieces(text, vocabulary(language), corpus)
    asking = [_asking(pieces, at, vocabulary(language)) for at in range(len(pieces))]
    moved = {at + step for at, (_, step) in enumerate(asking) if step}
    said = [
        words if piece.key in _WHAT else "" if at in moved else _placed(pieces, at, corpus)
        for at, (piece, (words, _)) in enumerate(zip(pieces, asking, strict=True))
    ]
    return " ".join(filter(None, said))


def contents(text: str, language: str) -> str:
    """A question without its words that name nothing, as typed."""
    words = vocabulary(language)
    kept = [w for w in _WORD.findall(text) if words.french.get(_folded(w), w) and not _asks(w)]
    return " ".join(kept)


def _asks(word: str) -> bool:
    return _folded(word) in _WHAT | {"who", "when", "where", "why", "how", "mean", "stand"}


def _folded(word: str) -> str:
    return fold(_ENDING.sub("", word))


def _pieces(text: str, words: Vocabulary, corpus: Collection[str]) -> list[_Piece]:
    typed = _WORD.findall(_THOUSANDS.sub(" ", text))
    folded = [_folded(word) for word in typed]
    pieces, at = [], 0
    while at < len(typed):
        length, key = _match(folded, at, words)
        if not key and folded[at] not in corpus:
            key = _slip(folded[at], words)
        french = words.french[key] if key else typed[at]
        pieces.append(_Piece(key or folded[at], french, bool(key)))
        at += length
    return pieces


def _match(folded: Sequence[str], at: int, words: Vocabulary) -> tuple[int, str]:
    """The longest entry that begins at a word, as typed or in dictionary forms; "" for none."""
    for length in range(min(words.longest, len(folded) - at), 0, -1):
        span = folded[at : at + length]
        for key in (" ".join(span), " ".join(map(words.base, span))):
            if key in words.french:
                return length, key
    return 1, ""


def _slip(word: str, words: Vocabulary) -> str:
    """The entry that a misspelt word is one slip away from; "" for none, or several meanings."""
    if len(word) < _SLIPPED:
        return ""
    near = process.extract(word, words.french.keys(), scorer=OSA.distance, score_cutoff=1)
    meanings = {words.french[str(entry)] for entry, _, _ in near}
    return str(near[0][0]) if len(meanings) == 1 else ""


def _asking(pieces: Sequence[_Piece], at: int, words: Vocabulary) -> tuple[str, int]:
    """What « what » asks in French, with the noun it asks for, and how far after it that was."""
    if pieces[at].key not in _WHAT:
        return "", 0
    after = [(n, p) for n, p in enumerate(pieces[at + 1 :], 1) if p.french]
    for step, piece in after[:_NEAR]:
        if piece.key in words.asked:
            return f"quel est {piece.french}", step
    being = at + 1 < len(pieces) and pieces[at + 1].key in _BEING
    said = sum(p.french.count(" ") + 1 for _, p in after)
    if pieces[at].key == "what" and being and said <= _TERM:
        return "c'est quoi", 0
    return ("quel" if pieces[at].key == "which" else ""), 0


def _placed(pieces: Sequence[_Piece], at: int, corpus: Collection[str]) -> str:
    """A piece's French; « de Nantes » for « of Nantes », a town that no passage names."""
    piece = pieces[at]
    placing = _PLACING.get(pieces[at - 1].key) if at else None
    named = not piece.known and piece.french[0].isupper() and piece.key not in corpus
    return f"{placing} {piece.french}" if named and placing else piece.french
