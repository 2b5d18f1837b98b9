"""French analysis: what a word is, once accents, elisions, endings and typing habits are gone.

The order is measured: folding accents before the stem keeps a question
typed without them from losing 1 to 4 points of nDCG; the other order does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import TypeVar

import Stemmer

from corpus import wordlists
from corpus.conventions import parts
from corpus.text import bare
from index.french.numbers import FIGURES, ranked, spelled

_THESAURUS = Path(__file__).with_name("thesaurus.txt")  # what it holds, its first lines say

# What phones, word processors and Légifrance type for the same sign.
_SAME_SIGN = str.maketrans(
    dict.fromkeys("’‘ʼ´`", "'")
    | dict.fromkeys("\u2010\u2011", "-")
    | dict.fromkeys("\u00a0\u202f\u2009", " ")
    | {"œ": "oe", "æ": "ae"}
)
# An elided word at the start of a word: l', d', qu', jusqu'. The boundary keeps
# "aujourd'hui" and "prud'hommes" whole.
_ELISION = re.compile(r"\b(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)'(?=\w)")
# « O.R.T. », « S.A.R.L »
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
# « 2021–2026 », the dash of word processors
_DASH = re.compile(r"(?<=\d)[–—](?=\d)")
# « L. 303-2 », « l 303-2 », « art. R.752-29-2 », « R.* 302-1 » -> l303-2, r752-29-2, r302-1
_ARTICLE = re.compile(r"\b([lrd])\s*\.?\s*\*?\s*(\d{3,4}(?:-\d+)+)\b")
# « L303 2 », « L. 752.1.1 », as typed without the hyphen; « l 303 200 » is no article.
_SPACED_ARTICLE = re.compile(r"\b([lr])[ .]?[ ]?(\d{3,4})((?:[ .]\d{1,2}){1,2})(?![\d-]|[ .,]\d)")
# « 1 646 » and « 12.000 », but not the year and the count of « en 2020 150 communes ».
_THOUSANDS = re.compile(r"(?<![\d.,-])\d{1,3}(?:(?:[^\S\n]\d{3})+|(?:\.\d{3})+)(?![\d-]|\.\d)")
# « 1er », « 2e », « 3ème » -> 1, 2, 3; « XIXème » -> xixe
_ORDINAL = re.compile(r"\b(\d+)(?:ers?|eres?|nde?s?|i?e(?:me)?s?)\b")
_CENTURY = re.compile(r"\b([ivx]{2,})i?emes?\b")
_PERCENT = re.compile(r"(?<=\d)\s*pour\s?cent\b")
_TODAY = re.compile(r"\baujourd ?hui\b")
_WORD = re.compile(r"[lrd]?\d+(?:-\d+)+|\d+(?:[.,]\d+)?|[a-z]+(?:'[a-z]+)*")

# Words that carry no subject. Question words are here too: they say the kind of answer
# (assistant.quoting.ranking reads them there), not what the passage is about.
STOP_WORDS = frozenset(
    """
    a ai aie aient ait alors apres as au aucun aucune aussi autre autres aux avait avant avec avez
    avoir avons c ca car ce cela celle celles celui ces cet cette ceux chaque ci combien comme
    comment d dans de dedans dehors deja depuis des deux dire dis dit donc du elle elles en encore
    entre es est estce et etaient etait etant ete etes etre eu eux faire fait faites faut font
    hein ici il ils j je jusque la laquelle le lequel les lesquelles lesquels leur leurs lors lui
    m ma mais me meme memes mes moi moins mon n ne ni non nos notre nous on ont ou oui par parce
    pas pendant peu peut peuvent peux plus pour pourquoi pourrait puis puisque qu quand que quel
    quelle quelles quels qui quoi s sa sans se sera serait ses si sinon soit son sont sous suis
    sur t ta te tes toi ton toujours tous tout toute toutes tres tu un une va vais veux veut vers
    voila voudrais vos votre vous vu y bonjour bonsoir merci svp stp savoir dois doit
    bjr slt koi kwa kwoi quoa ki kel kelle kan kand kom koman coment komen pk pkoi pq sa ve vx cb
    combien kombien ds av vs ns tjs tjrs mtn pcq psk fo fau chui jveux jpeux jaimerai jaimerais
    pr ke qd dc tt ts bcp dsl jai ya til yatil ces cest kest keske es ct
    """.split()
)

# The acronyms that every town shares, and what each stands for, folded: a question with one is
# searched with the other. A glossary of the corpus adds its own (index.generation).
ACRONYMS = {
    "pvd": "petites villes de demain",
    "ort": "operation de revitalisation de territoire",
    "anct": "agence nationale de la cohesion des territoires",
    "crte": "contrat de relance et de transition ecologique",
    "opah": "operation programmee d'amelioration de l'habitat",
    "aec": "autorisation d'exploitation commerciale",
    "acv": "action coeur de ville",
    "vir": "vente d'immeuble a renover",
    "diif": "dispositif d'intervention immobiliere et fonciere",
    "zrcv": "zone de revitalisation des centres-villes",
    "cdac": "commission departementale d'amenagement commercial",
    "anah": "agence nationale de l'habitat",
}

# What masking leaves of personal data in a question (assistant.privacy.masking): no word of it.
MASK = re.compile(r"\[[^\[\]]{3,40} masquée?\]")

_PIECE = 1000  # characters

# Snowball's own cache, the second argument, would keep any word.
_stemmer = Stemmer.Stemmer("french", 0)

# What Snowball makes one of: « le maire » is not « la mairie ».
_APART = {"mairie": "mairi", "mairies": "mairi"}

T = TypeVar("T")
_STEMS: dict[str, str] = {}
_KEPT = 65_536  # of each function: a word may be typed with any capitals and accents


def fold(text: str) -> str:
    """Lower case, no accents, straight apostrophes, plain spaces; positions are not kept.

    A mask of personal data, « [téléphone masqué] », is a space.
    """
    if "masqué" in text:
        text = MASK.sub(" ", text)
    text = text.lower().translate(_SAME_SIGN)
    if text.isascii():
        return text
    # Python puts a run of marks in order in a time that grows as its square: by pieces, then, whose
    # ends do not count, since marks go.
    pieces = (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
    return "".join(map(bare, pieces))


def words(text: str) -> list[str]:
    """The words of a text, folded, elisions dropped, numbers and article references whole."""
    folded = _DASH.sub("-", _DOTTED.sub(_letters, fold(ranked(text))))
    folded = _ROMAN.sub(_counted, folded)
    folded = _SPACED_ARTICLE.sub(_hyphenated, spelled(_THOUSANDS.sub(_digits, folded)))
    folded = _ELISION.sub("", _ARTICLE.sub(r"\1\2", folded))
    folded = _CENTURY.sub(r"\1e", _ORDINAL.sub(r"\1", folded))
    folded = _TODAY.sub("aujourd'hui", _PERCENT.sub(" %", folded))
    return [word.replace(",", ".") for word in _WORD.findall(folded)]


# « article IV » is asked for as « article 4 ».
_ROMAN = re.compile(
    r"\b(articles?|chapitre|titre|annexe|section|tranche|phase) ([ivx]{1,5})\b(?![.\s]*\d)"
)


def _counted(part: re.Match[str]) -> str:
    return f"{part[1]} {parts.numbered(part[2].upper())}"


def _letters(acronym: re.Match[str]) -> str:
    return acronym[0].replace(".", "")


def _digits(number: re.Match[str]) -> str:
    return "".join(digit for digit in number[0] if digit.isdigit())


def _hyphenated(article: re.Match[str]) -> str:
    return article[1] + article[2] + re.sub(r"[ .]", "-", article[3])


def is_article(word: str) -> bool:
    """Whether a folded word is a reference to an article of law: l303-2, r752-29-2."""
    return re.fullmatch(r"[lrd]\d+(?:-\d+)+", word) is not None


def stem(word: str) -> str:
    """The Snowball stem of a folded word; a number in figures, « troisième » too."""
    return _STEMS.get(word) or _stem(word)


def _stem(word: str) -> str:
    if word[0].isdigit():
        return word
    return FIGURES.get(word) or _APART.get(word) or _stemmer.stemWord(word)


def learn(vocabulary: Iterable[str]) -> None:
    """Keep the stems of a corpus's folded words. Those that residents type are kept nowhere."""
    _STEMS.clear()
    _STEMS.update((word, _stem(word)) for word in vocabulary)


def of_corpus(compute: Callable[[str], T]) -> Callable[[str], T]:
    """A function of a word that keeps what it found, for the words that were learned only."""
    kept: dict[str, T] = {}

    @wraps(compute)
    def looked_up(word: str) -> T:
        if word in kept:
            return kept[word]
        found = compute(word)
        if fold(word) in _STEMS and len(kept) < _KEPT:
            kept[word] = found
        return found

    return looked_up


def stems(words: Sequence[str]) -> list[str]:
    """The Snowball stem of each folded word, none of them a number; a whole vocabulary at once."""
    return [
        FIGURES.get(word) or _APART.get(word, found)
        for word, found in zip(words, _stemmer.stemWords(words), strict=True)
    ]


def tokens(text: str) -> list[str]:
    """The stems that carry the subject of a text, in order, repeated as it repeats them."""
    known = _STEMS.get  # asked thousands of times a question
    return [known(word) or _stem(word) for word in words(text) if word not in STOP_WORDS]


@lru_cache(maxsize=_KEPT)
def published(text: str) -> tuple[str, ...]:
    """The tokens of words of the corpus, kept: those that residents type are kept nowhere."""
    return tuple(tokens(text))


def grams(text: str, size: int = 4) -> list[str]:
    """Character n-grams of each word, its ends marked: « ort » -> _ort, ort_."""
    found = []
    for word in words(text):
        if word in STOP_WORDS:
            continue
        padded = f"_{word}_"
        found += [padded[i : i + size] for i in range(max(len(padded) - size + 1, 1))]
    return found


@lru_cache(maxsize=1024)
def _spelled(meaning: str) -> tuple[str, ...]:
    return tuple(tokens(meaning))


def expansions(found: Sequence[str], acronyms: Mapping[str, str] = ACRONYMS) -> list[str]:
    """The tokens to search besides `found`: acronyms spelled out, and the other way round.

    A meaning counts as said when all its words are there, whatever their order.
    """
    present = set(found)
    more: list[str] = []
    for acronym, meaning in acronyms.items():
        spelled = _spelled(meaning)
        if acronym in present:
            more += spelled
        elif present.issuperset(spelled):
            more.append(acronym)
    return [token for token in dict.fromkeys(more) if token not in present]


@cache
def thesaurus() -> tuple[str, ...]:
    """Groups of words that residents and publications use for one another, as its file has them.

    Searched and matched as the same thing at a lower weight. Groups do not chain.
    """
    return tuple(entry.text for entry in wordlists.read(_THESAURUS))


@cache
def _alike() -> dict[str, frozenset[str]]:
    alike: dict[str, frozenset[str]] = {}
    for group in map(frozenset, map(tokens, thesaurus())):
        for token in group:
            alike[token] = alike.get(token, frozenset()) | group
    return alike


def synonyms(token: str) -> frozenset[str]:
    """The tokens that mean about the same as this one, itself included."""
    return _alike().get(token, frozenset()) | {token}


# After these a full stop ends nothing: « M. », « art. », « L. 303-2 ». A lone capital before a
# word may end a sentence (« classés A à C. »), so initials are not here.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(«'’])(?:MM?|Mmes?|art|al|av|bd|cf|chap|env|ex|fig|hab|n|no|nos|p|pp|réf|St|Ste|"
    r"tél|vol)\.$",
)
# « Sam. 5 décembre », « 5 déc. 2026 »: a day or a month cut short, before a figure.
_CUT_SHORT = re.compile(
    r"(?:^|[^\w])(?:lun|mar|mer|jeu|ven|sam|dim|janv|févr?|avr|juil|sept|oct|nov|déc)\.$",
    re.IGNORECASE,
)
_ARTICLE_POINT = re.compile(r"\b[LRDA]\.\s*\d")
# « 1. », « b. », « II. » at the head of a line number what follows.
# So do « Article IV. », « Annexe B. », which say nothing alone.
_NUMBER = re.compile(
    r"(?:(?:(?i:article|art\.|chapitre|titre|annexe|section|fiche)\s(?:n°\s?)?)?"
    r"(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-H]|[IVX]{1,5})|(?i:article) (?:premier|1er|unique))\."
)
_FIGURED = re.compile(r"\s+\d")
_END = re.compile(r"[.!?…]+(?:\s*[»”\")]+)?(?=\s+[^\sa-zà-ÿ]|\s*$)")


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence stands, as (start, end) in `text`; together they cover its words.

    A new line ends a sentence, and the dash of a list item belongs to none.
    """
    found = []
    for start, end in _lines(text):
        cursor = start
        for mark in _END.finditer(text, start, end):
            if (
                _ABBREVIATION.search(text[cursor : mark.start() + 1])
                or _ARTICLE_POINT.match(text, mark.start() - 1)
                or (
                    _FIGURED.match(text, mark.end())
                    and _CUT_SHORT.search(text[cursor : mark.end()])
                )
                or (cursor == start and _NUMBER.fullmatch(text, start, mark.start() + 1))
            ):
                continue
            found.append((cursor, mark.end()))
            cursor = mark.end()
            while cursor < end and text[cursor].isspace():
                cursor += 1
        if cursor < end:
            found.append((cursor, end))
    return found


def _lines(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for line in text.split("\n"):
        start, end = position, position + len(line)
        position = end + 1
        if text.startswith("- ", start):
            start += 2
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            yield start, end
