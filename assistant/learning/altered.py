"""Sentences made of those of documents: said otherwise and still true, or altered and false.

They teach what hands seldom write: that a sentence copied, shortened or joined to another is said,
and that one word or figure of it is enough to make it false. What is made is often no good French:
it is mixed with what hands wrote, never taught alone.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.french.analysis import sentences


@dataclass(frozen=True, slots=True)
class Made:
    """A sentence made, the passages that it is put beside, and whether they say it."""

    passages: tuple[str, ...]
    sentence: str
    said: bool
    how: str


Alter = Callable[[str, Sequence[str], Sequence[str], random.Random], str]
"""(a sentence, those around it, those of other passages, a draw) -> another; "" where it cannot."""

# One for the other, either way.
_SWAPPED = """
avant/après; au moins/au plus; plus de/moins de; minimum/maximum; augmente/diminue; tous/certains;
toutes/certaines; toujours/parfois; peut/doit; peuvent/doivent; obligatoire/facultatif;
gratuit/payant; gratuite/payante; public/privé; publique/privée; premier/dernier;
début/fin; ouvert/fermé; ouverte/fermée; supérieur/inférieur; supérieure/inférieure; national/local;
nationale/locale; propriétaire/locataire; propriétaires/locataires; vendeur/acheteur;
commune/région; première/dernière;
maire/préfet; département/région; ministre/maire; mois/ans; jours/mois; semaines/mois;
euros/pour cent; annuel/mensuel; annuelle/mensuelle; possible/impossible; autorisé/interdit;
autorisée/interdite; avec/sans; jusqu'au/à partir du; depuis/avant; nord/sud; accepté/refusé;
acceptée/refusée; ancien/nouveau; ancienne/nouvelle; hausse/baisse; totalité/moitié; double/moitié;
seul/principal; créé/supprimé; créée/supprimée; crée/supprime; achète/vend; acheter/vendre;
construire/démolir; peut/ne peut pas; doit/ne doit pas; est/n'est pas; sont/ne sont pas; a/n'a pas;
peuvent/ne peuvent pas; doivent/ne doivent pas; sera/ne sera pas; ont/n'ont pas;
permet/ne permet pas; concerne/ne concerne pas; au plus tard/au plus tôt; dépenses/recettes;
intérieur/extérieur; majorité/minorité; enfants/adultes; habitants/élus; communes/régions;
janvier/juin; mars/octobre; septembre/avril; juillet/décembre; lundi/jeudi; mardi/vendredi;
samedi/mercredi; matin/après-midi
"""
# One for the other, the same meaning.
_ALIKE = """
%/pour cent; €/euros; afin de/pour; c'est-à-dire/soit; toutefois/cependant; lorsque/quand;
notamment/en particulier; ainsi que/et; environ/à peu près; commence/débute; logement/habitation;
à partir du/à compter du; magasins/commerces; est tenu de/doit; en vue de/pour; selon/d'après;
dans un délai de/sous; chaque année/tous les ans; à l'aide de/avec; un/1; deux/2; trois/3;
quatre/4; cinq/5; six/6; sept/7; huit/8; neuf/9; dix/10; douze/12; quinze/15; vingt/20; trente/30
"""


def _exchanges(told: str, *, both: bool) -> tuple[re.Pattern[str], dict[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for pair in told.split(";"):
        one, other = (side.strip() for side in pair.split("/"))
        found.setdefault(one, []).append(other)
        if both:
            found.setdefault(other, []).append(one)
    longest = sorted(map(re.escape, found), key=len, reverse=True)
    return re.compile(rf"(?<![\w'’-])(?:{'|'.join(longest)})(?![\w'’-])"), found


_SWAP, _SWAPS = _exchanges(_SWAPPED, both=True)
_LIKE, _LIKES = _exchanges(_ALIKE, both=True)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[a-zé,;] )[A-ZÉ][\w'’-]+(?: (?:de |d'|la |le |des )?[A-ZÉ][\w'’-]+)*")
_WORD = re.compile(r"[a-zéèêàçîôûïë]{6,}")
_LINKS = (" parce que ", " car ", " afin de ", " grâce à ", " et ", " ; ", " alors que ")
_JOINS = (" ; ", " et ", ", et ", " ; par ailleurs, ")


def _exchanged(
    pattern: re.Pattern[str], table: dict[str, list[str]], text: str, draw: random.Random
) -> str:
    places = list(pattern.finditer(text))
    if not places:
        return ""
    place = draw.choice(places)
    return text[: place.start()] + draw.choice(table[place[0]]) + text[place.end() :]


def _other(pattern: re.Pattern[str], text: str, pool: Sequence[str], draw: random.Random) -> str:
    """The text with one of what the pattern finds replaced by what it finds elsewhere."""
    places = list(pattern.finditer(text))
    mine = set(pattern.findall(text))
    others: list[str] = sorted({one for held in pool for one in pattern.findall(held)} - mine)
    if not places or not others:
        return ""
    place = draw.choice(places)
    alike = [one for one in others if one[-2:] == place[0][-2:]] if pattern is _WORD else others
    if not alike:
        return ""
    return text[: place.start()] + draw.choice(alike) + text[place.end() :]


def _figure(text: str, near: Sequence[str], far: Sequence[str], draw: random.Random) -> str:
    return _other(_FIGURE, text, near if draw.random() < 0.6 else far, draw)


def _name(text: str, near: Sequence[str], far: Sequence[str], draw: random.Random) -> str:
    return _other(_NAME, text, near if draw.random() < 0.6 else far, draw)


def _word(text: str, near: Sequence[str], far: Sequence[str], draw: random.Random) -> str:
    return _other(_WORD, text, near if draw.random() < 0.5 else far, draw)


def _swap(text: str, near: Sequence[str], far: Sequence[str], draw: random.Random) -> str:
    return _exchanged(_SWAP, _SWAPS, text, draw)


def _crossed(text: str, near: Sequence[str], far: Sequence[str], draw: random.Random) -> str:
    """Two figures of a sentence, or two words of one ending, each in the other's place."""
    for pattern in (_FIGURE, _WORD):
        held = list(dict.fromkeys(pattern.findall(text)))
        pairs = [(a, b) for a in held for b in held if a < b and a[-2:] == b[-2:]]
        if pattern is _FIGURE:
            pairs = [(a, b) for a in held for b in held if a < b]
        if pairs:
            one, other = draw.choice(pairs)
            return text.replace(one, "\0").replace(other, one).replace("\0", other)
    return ""


def _spliced(text: str, near: Sequence[str], far: Sequence[str], draw: random.Random) -> str:
    others = [one for one in near if one != text] or list(far)
    if not others:
        return ""
    mine, theirs = text.rstrip(".").split(), draw.choice(others).rstrip(".").split()
    cut, begin = (draw.randint(len(w) // 3, len(w) * 2 // 3 + 1) for w in (mine, theirs))
    return " ".join((*mine[:cut], *theirs[begin:])) + "."


def _linked(text: str, near: Sequence[str], far: Sequence[str], draw: random.Random) -> str:
    others = [one for one in far if len(one.split()) < 25]
    return _joined(text, draw.choice(others), draw.choice(_LINKS)) if others else ""


def _elsewhere(text: str, near: Sequence[str], far: Sequence[str], draw: random.Random) -> str:
    return draw.choice(list(far)) if far else ""


def _same(text: str, near: Sequence[str], far: Sequence[str], draw: random.Random) -> str:
    return text


def _shorter(text: str, near: Sequence[str], far: Sequence[str], draw: random.Random) -> str:
    parts = re.split(r"(?<=[,;:]) ", text.rstrip("."))
    if len(parts) < 2:
        return ""
    left = draw.randrange(len(parts))
    if left == 0 and len(parts[0].split()) > 6:
        left = len(parts) - 1
    kept = " ".join(parts[:left] + parts[left + 1 :]).strip(" ,;:")
    return _begun(kept) if len(kept.split()) >= 5 else ""


def _turned(text: str, near: Sequence[str], far: Sequence[str], draw: random.Random) -> str:
    parts = text.rstrip(".").split(", ")
    if len(parts) != 2 or not 0 < len(parts[0].split()) <= 9 or not parts[1]:
        return ""
    return _begun(f"{parts[1]}, {parts[0][0].lower()}{parts[0][1:]}")


def _merged(text: str, near: Sequence[str], far: Sequence[str], draw: random.Random) -> str:
    others = [one for one in near if one != text and len(one.split()) < 22]
    if not others or len(text.split()) > 22:
        return ""
    return _joined(text, draw.choice(others), draw.choice(_JOINS))


def _reworded(text: str, near: Sequence[str], far: Sequence[str], draw: random.Random) -> str:
    return _exchanged(_LIKE, _LIKES, text, draw)


def _joined(text: str, other: str, link: str) -> str:
    return text.rstrip(".") + link + other[0].lower() + other[1:].rstrip(".") + "."


def _begun(text: str) -> str:
    return text[0].upper() + text[1:].rstrip(".") + "."


_TRUE: dict[Alter, int] = {_same: 5, _shorter: 5, _turned: 3, _merged: 4, _reworded: 6}
_FALSE: dict[Alter, int] = {
    **{_figure: 4, _swap: 5, _name: 3, _word: 3, _crossed: 2},
    **{_spliced: 2, _linked: 2, _elsewhere: 3},
}
_SHOWN = 5  # sentences of a passage, at most
_WORDS = (5, 45)  # of a sentence: fewer say nothing, more are lists


def made(documents: Sequence[Sequence[str]], count: int, seed: int = 1) -> list[Made]:
    """So many sentences of documents, each a list of passages: as many true as false."""
    draw = random.Random(seed)
    cut = [
        [held for passage in document if (held := _sentences(passage))] for document in documents
    ]
    cut = [document for document in cut if len(document) > 1]
    weights = [len(document) for document in cut]
    found: list[Made] = []
    while len(found) < count:
        document = draw.choices(cut, weights)[0]
        passage = draw.choice(document)
        first = draw.randrange(max(1, len(passage) - _SHOWN + 1))
        near = passage[first : first + _SHOWN]
        far = [one for other in document if other is not passage for one in other]
        said = draw.random() < 0.5
        chosen = _TRUE if said else _FALSE
        alter = draw.choices(list(chosen), list(chosen.values()))[0]
        text = draw.choice(near)
        new = alter(text, near, far, draw)
        if new and not said and draw.random() < 0.5:  # false ones are reworded as true ones are
            new = draw.choice((_shorter, _turned, _reworded))(new, near, far, draw) or new
        if not new or (not said and new in near):
            continue
        passages = [" ".join(near)]
        if draw.random() < 0.25 and far:
            passages.insert(draw.randrange(2), " ".join(draw.choice(document)[:_SHOWN]))
        if said or not any(new in held for held in passages):
            found.append(Made(tuple(passages), new, said, alter.__name__.strip("_")))
    return found


def _sentences(passage: str) -> list[str]:
    cut = (passage[start:end].strip() for start, end in sentences(passage))
    return [one for one in cut if _WORDS[0] <= len(one.split()) <= _WORDS[1]]
