"""The names of people in what residents type: « je suis jean le goff », « Mme Petit ».

A name is never looked for alone: words around it announce one, and how sure they are says how much
the words themselves must look like one. Whether they do is read from Insee's lists of given and
family names and from a dictionary, capitals being only a sign among others: many type none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz.distance import OSA

from assistant.privacy.identifiers import Text
from assistant.question import places
from assistant.question.places import is_place
from assistant.question.subject import names_subject
from corpus.vocabulary import lexicon
from index.french.analysis import STOP_WORDS, fold
from index.french.verbatim import Verbatim

# Names of over 500 people born in France, folded (benchmarks/people.py; Insee).
GIVEN = Path(__file__).parent / "given.txt"
FAMILY = Path(__file__).parent / "family.txt"
# Between or before the words of a name.
LINKS = frozenset("le la les l de du des d van von der den ben bin el al da dos di mac mc".split())
_OF = frozenset("de du des d".split())

_MOST_WORDS = 5
_WORD = re.compile(r"[^\W\d_]{1,40}(?:['’-][^\W\d_]{1,40}){0,4}")
_GAP = re.compile(r"\.?[ \u00a0,]?[ \u00a0]?|\s")
# « je suis marie », « claire »: without a capital, an adjective as likely.
_ADJECTIVES = frozenset("marie claire clement blanche rose pascale rene maxime benjamine".split())
# Offices: who holds one is not named by it.
_OFFICES = re.compile(
    r"(?:maires?|adjointe?s?|presidente?s?|vice|prefete?s?|ministres?|deputee?s?|senat\w+|"
    r"conseill\w+|direct\w+|secretaire|procureure?|professeure?|docteure?|maitre|cure|chefs?|"
    r"cheffes?|commissaire|recteur|rectrice|agente?|x|tout)"
)

# What announces a name, the surest first.
_SURE = (
    r"je m['’ ]?\s?ap+el+e|je me nom+e|m['’]ap+el+e|mon nom(?: de famille| complet)?"
    r"(?: est| c['’ ]?est)?|mon pr[eé]nom(?: est| c['’ ]?est)?|nom(?: et pr[eé]nom)? ?:|"
    r"pr[eé]nom ?:|my name(?: is|['’]s)|sign[eé]e? ?:|[eé]pouse|veuve|famille|"
    r"mademoiselle|m(?:me|lle|rs?)"
)
_LIKELY = (
    r"je suis|j['’]?suis|chuis?|suis|moi(?:,? c['’ ]?e(?:st?|s))?|"
    r"c['’ ]?est|ici|de la part de|"
    r"au nom de|n[eé]e|monsieur|madame|m|i am|i['’]m|this is|call me|named|"
    r"(?:mon|ma|notre|mes|nos|son|sa) (?:(?:ex|feu|vieil|petit|grande?|belle|beau|jeune)[ -])?"
    r"[^\W\d_]{3,15}"
)
_OPENING = r"bonjour|bonsoir|salut|coucou|hello|hi|slt|bjr|bsr"
_CLOSING = (
    r"cordialement|cdlt|cdt|merci(?: beaucoup| d['’ ]avance| bien| bcp)?|salutations|"
    r"respectueusement|sinc[eè]rement|bien [aà] vous|amicalement|"
    r"(?:bonne|belle) (?:journ[eé]e|soir[eé]e)|regards|"
    r"thanks|thank you|bises?|[aà] bient[oô]t"
)
_ANNOUNCED = re.compile(
    rf"(?<![\w'’-])(?:(?P<sure>{_SURE})|(?P<likely>{_LIKELY})|(?P<opening>{_OPENING})|"
    rf"(?P<closing>{_CLOSING}))(?![\w’'-])[\s.,;:!–—-]{{1,4}}|\A|(?P<mark>[?!.;,–—(\n][\s–—-]{{0,3}})",
    re.IGNORECASE,
)
_CIVIL = re.compile(r"m(?:me|lle|rs?|onsieur|adame|ademoiselle)?\W*$", re.IGNORECASE)
_STOPPED = re.compile(r"\s?(?:[,.;:!?)]|\Z)")
_ENDED = re.compile(r"[\s.,;!)–—-]*(?:\Z|\[)")  # the text, or before a mask
_CIVILITIES = frozenset("m mr mme monsieur madame".split())
_CAPITAL = re.compile(r"(?<![\w'’-])[A-ZÀ-Ý][^\W\d_]{1,30}")
# « la salle Jean-Moulin », « l'allée du Docteur Paul Martin »: what bears a name is nobody.
_BEARER = re.compile(
    r"\b(?:rues?|avenue|av|boulevard|bd|impasse|chemin|route|allee|square|quai|place|ruelle|parc|"
    r"residence|lotissement|pont|ecoles?|colleges?|lycees?|creche|salle|espace|stade|gymnase|piscine|"
    r"complexe|mediatheque|bibliotheque|maison|centre|hopital|clinique|ehpad|foyer|fondation|"
    r"institut|universite|musee|theatre|cinema|eglise|chapelle|prix|lois?|dispositif|rapport|plan|"
    r"association|groupe|societe|entreprise|sarl|cabinet|etude|librairie|cafe|bar|restaurant|"
    r"quartier|halle|ilot|batiment|immeuble|statue|saint|sainte|tour|zac|zone|projet)\W+"
    r"(?:(?:de|du|des|la|le|les|l|d|n|docteur|dr|general|marechal|president|abbe|professeur|"
    r"capitaine|et)\W+){0,4}$"
)


@cache
def _names(path: Path) -> frozenset[str]:
    return frozenset(path.read_text(encoding="utf-8").splitlines())


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the text, and what it looks like."""

    start: int
    end: int
    folded: str
    given: bool
    family: bool
    common: bool  # a word of the dictionary
    capital: bool
    initial: bool  # « J. »

    @property
    def sure(self) -> bool:
        """Whether it can hardly be anything but a name."""
        return (self.given or self.family) and not self.common

    @property
    def likely(self) -> bool:
        return self.sure or self.given or (self.capital and (self.family or not self.common))


def _word(match: re.Match[str], shouted: bool) -> _Word:
    folded = fold(match[0])
    parts = [part for part in re.split(r"['’-]", folded) if part]
    parts = [part for part in parts if len(part) > 1] or parts
    known = lexicon()
    return _Word(
        *match.span(),
        folded,
        given=parts[0] in _names(GIVEN),
        family=parts[-1] in _names(FAMILY),
        common=folded in known or all(part in known for part in parts),
        capital=match[0][0].isupper() and not shouted,
        initial=len(match[0]) == 1 and match.string[match.end() : match.end() + 1] == ".",
    )


def find(text: str) -> Iterator[tuple[int, int]]:
    """Where the names of people stand in a text, as (start, end), in order and apart."""
    whole = Text(text)
    found = sorted((*_announced(text, whole), *_capitals(text, whole)))
    towns = [f" {place} " for place in places.named(text) if " " in place]
    position = 0
    for start, end in found:
        said = f" {' '.join(re.findall(r'[a-z]+', fold(text[start:end])))} "
        if any(said in town or town in said for town in towns):
            continue  # « saint georges des groseillers » is nobody
        if start >= position:
            position = end
            yield start, end


def is_said(name: str, published: Verbatim) -> bool:
    """Whether a text names this person: the name whole, either way round, or someone of it.

    A slip of the family name makes nobody else: « Stanislas Bouron ».
    """
    found = re.findall(r"\w+", fold(name))
    if len(found) == 1:
        before = {before for before, _ in published.beside(name)}
        return not before.isdisjoint(_CIVILITIES | _names(GIVEN))
    if published.words(name) or published.words(" ".join(found[::-1])):
        return True
    *given, family = found
    return (
        len(family) > 4
        and not _names(GIVEN).isdisjoint(given)
        and any(
            len(after) > 4 and OSA.distance(after, family, score_cutoff=1) <= 1
            for _, after in published.beside(" ".join(given))
        )
    )


def _announced(text: str, whole: Text) -> Iterator[tuple[int, int]]:
    for match in _ANNOUNCED.finditer(text):
        kind = match.lastgroup or "opening"
        if kind in ("sure", "likely") and _CIVIL.fullmatch(match[0].strip(" .,;:!-–—")):
            kind = "civil" if "." in match[0] or not match[kind][0].islower() else f"{kind} civil"
            if match[0].rstrip()[-1] in ",;:!":
                continue
            if match[0].strip().lower() == "m":  # « à 10 m », « m'appelle »
                continue
        words = _run(text, match.end(), whole.shouted)
        if not words:
            continue
        if kind == "mark" and _ENDED.match(text, words[-1].end):
            kind = "end"  # « … ? J. Le Goff »
        if kind == "likely civil" and _STOPPED.match(text, words[0].end):
            kind = "civil"  # « monsieur petit, … »; never « monsieur petit souci »
        if _is_name(kind, words):
            if kind in ("opening", "mark") and _bears(whole, words[0].start):
                continue
            if kind == "closing" and len(words) == 1 and not _ENDED.match(text, words[0].end):
                continue  # « merci jean, une question »
            yield _start(text, match.end(), words[0]), words[-1].end


def _capitals(text: str, whole: Text) -> Iterator[tuple[int, int]]:
    """Names that nothing announces: a given name and a family name, both with a capital."""
    if whole.shouted:
        return
    position = 0
    for match in _CAPITAL.finditer(text):
        if match.start() < position or fold(match[0]) not in _names(GIVEN):
            continue
        words = _run(text, match.start(), False)
        position = words[-1].end if words else position
        if len(words) > 1 and all(w.capital for w in words) and not _bears(whole, match.start()):
            if any(word.family or not word.common for word in words[1:]):
                yield match.start(), position


def _bears(whole: Text, position: int) -> bool:
    return _BEARER.search(whole.before(position)) is not None


def _start(text: str, position: int, first: _Word) -> int:
    """Where a name begins whose first word that is no link is `first`: « Le Goff »."""
    return position + len(text[position : first.start]) - len(text[position : first.start].lstrip())


def _run(text: str, position: int, shouted: bool) -> list[_Word]:
    """The words of the name that may begin at a position, links left out; none when none may."""
    words: list[_Word] = []
    link = ""  # « le », « de », just before
    while len(words) < _MOST_WORDS:
        gap = _GAP.match(text, position) if words or link else None
        if (
            words
            and gap is not None
            and ("," in gap[0] or ("." in gap[0] and not words[-1].initial))
        ):
            break
        match = _WORD.match(text, gap.end() if gap else position)
        if match is None:
            break
        word = _word(match, shouted)
        if word.folded in LINKS:
            link, position = word.folded, match.end()
            continue
        if not _belongs(word, words, link):
            break
        words.append(word)
        link, position = "", match.end()
    return words


def _belongs(word: _Word, words: list[_Word], link: str) -> bool:
    """Whether a word goes on with a name, or begins one: « jean le goff | ai-je droit »."""
    if len(word.folded) == 1:
        return word.initial
    if word.folded in STOP_WORDS or names_subject(word.folded) or _OFFICES.fullmatch(word.folded):
        return False
    if is_place(word.folded) and (link in _OF or (words and not word.family)):
        return False
    if not words:
        return word.likely or word.family or not word.common
    last = words[-1]
    if last.capital and not word.capital and not last.given:
        return False  # « Mme Kerjégu loue »
    if word.sure or (word.family and (last.likely or last.initial)):
        return True
    if not word.common and any(known.given for known in words):
        return True
    return word.capital and last.capital and (not word.common or word.given)


def _is_name(kind: str, words: list[_Word]) -> bool:
    """Whether words are a name, after what announced one."""
    first = words[0]
    several = (
        len(words) > 1
        and any(w.given for w in words)
        and any(w.family or (w.capital and not w.common) or w.sure for w in words if w is not first)
    )
    unknown = len(words) > 1 and all(w.capital and not w.common for w in words)
    alone = first.given and (not first.common or first.capital or first.folded not in _ADJECTIVES)
    initial = first.initial and len(words) > 1
    match kind:
        case "sure":
            return first.likely or not first.common
        case "civil" | "sure civil":  # « M. Petit », « mme petit »
            return first.capital or first.family or not first.common
        case "likely civil":  # « monsieur, petit souci »
            return first.capital or first.sure or several
        case "likely":
            return several or unknown or alone or first.sure
        case "closing":
            return several or unknown or alone or first.sure or initial
        case "end":
            return several or unknown or initial or (first.given and not first.common)
        case _:
            return several
