"""What a question names of a convention: an article, a fiche action and its budget, who signed it.

« Qui pilote l'action 3 ? » has one word of the row that answers, « Pilote : Commune de … »: the
part and the field that it names find it where words and vectors hesitate between six fiches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from corpus.conventions import parts
from corpus.conventions.convention import DURATION, SIGNATORIES, SIGNED, lasts
from corpus.documents import Document
from index.french.analysis import fold, tokens
from index.passages import Passage

# Added to the searches' score (0..1): a passage of the part named comes first, its field before.
_PART, _FIELD = 1.0, 0.5

_NUMBER = r"(?:n\s?[°o.]?\s*|numero\s*)?"
_PARTS = (
    (
        "article",
        re.compile(
            rf"\barticles?\s*{_NUMBER}(\d{{1,2}}(?:\.\d+)*|premier|[ivx]{{1,5}}\b)(?:er)?(?![\d-])"
            r"(\s+(?:bis|ter|quater))?(?!\s*(?:de la loi|du code|du decret|de l'arrete|"
            r"de l'ordonnance|de la constitution|%|€))"
        ),
    ),
    (
        "fiche",
        re.compile(
            rf"\b(?:fiches?(?:[ -](?:actions?|projets?))?|actions?)\s*{_NUMBER}"
            r"([a-z]{0,3}-?\d{1,2}(?:\.\d+)*)(?![\d-])(\s+(?:bis|ter))?(?!\s*(?:%|€|euros))"
        ),
    ),
    ("annexe", re.compile(rf"\bannexes?\s*{_NUMBER}(\d{{1,2}}|[a-h]\b|[ivx]+\b)()")),
)
_ORDINAL = re.compile(
    r"\b(?:(\d{1,2})(?:er|re|e|eme|ieme)|(premi|deuxi|second|troisi|quatri|cinqui|sixi|septi|"
    r"huiti|neuvi|dixi)\w*)\s+(article|fiche|action|annexe)\b"
)
_NTH = {
    word: n
    for n, words in enumerate(
        ("premi", "deuxi second", "troisi", "quatri", "cinqui", "sixi", "septi", "huiti", "neuvi",
         "dixi"), 1,
    )
    for word in words.split()
}  # fmt: skip
_OF_PART = (
    (
        "pilote",
        r"pilot\w+|port(?:e|eur|euse)\b|maitr\w+ d'ouvrage|responsables?|chefs? de file|"
        r"s'occupe|qui (?:mene|conduit|dirige|gere|realise)",
    ),
    ("partenaires", r"partenair\w+|partenariat|associe\w*|avec qui|avec quels"),
    (
        "budget",
        r"budget|cout\w*|montant|prix|depens\w+|enveloppe|financ\w+|argent|"
        r"combien (?!de temps|d'annees|de mois|de|d')\w+|euros?",
    ),
    (
        "calendrier",
        r"calendrier|quand|dates?|delais?|echeanc\w+|planning|periode|commenc\w+|debut\w*|"
        r"termin\w+|fini\w*|quelle annee|demarr\w+|combien de temps|duree",
    ),
)
_OF_WHOLE = (
    (DURATION, r"duree|combien de temps|combien d'annees|\bdure(?:ra|nt)?\b|prend(?:ra)? fin|"
               r"expire\w*|jusqu'a quand|quand (?:se termine|finit|s'arrete)"),
    (SIGNATORIES, r"signataires?|\bqui\b.{0,25}\bsign\w+|par qui .{0,30}sign\w+|signe\w* par"),
    (SIGNED, r"(?:quand|quelle date|quel jour|quelle annee|depuis quand).{0,40}\bsign\w+|"
             r"date de (?:la |sa )?signature|sign\w+ (?:quand|a quelle date)"),
)  # fmt: skip
# « la convention », not « une convention », which asks of any.
_ABOUT = re.compile(r"\b(?:la|notre|cette|sa|l'|d'|cet)\s?(?:premier |deuxieme |second )?"
                    r"(?:convention|avenant|ort)\b")  # fmt: skip
_ANY = re.compile(r"\b(?:une|des|d'une|quelles?|les) conventions?\b")
_SHORT = 6  # words of « Quand a-t-elle été signée ? », which names nothing else
_AVENANT = re.compile(r"\bavenants?\b(?:\s*(?:n\s?[°o.]?\s*|numero\s*)?(\d{1,2})\b)?|"
                      r"\b(premier|deuxieme|second|troisieme) avenant\b")  # fmt: skip
_IN_AVENANT = re.compile(r"\d (?:de|dans|du) (?:l'|cet |premier |deuxieme |second )+avenant\b|"
                         r"^\W*(?:dans |de )?l'avenant\b[^,]*, .*article")  # fmt: skip
_BEFORE = re.compile(
    r"\b(?:avant (?:l'|les |le |son |cet |tout )?(?:\w+ )?(?:avenant|modif|changement)|"
    r"a l'origine|initial\w*|au (?:tout )?(?:depart|debut)|d'origine|origine(?:l|lle|llement)\b|"
    r"ancien(?:ne)?s? (?:version|texte|redaction|budget|duree|pilote|calendrier))"
)


# How questions say a field that a passage gives under another word, or under none.
_SAID = {
    "pilote": "pilote piloter porter porteur maître maîtrise ouvrage responsable chef",
    "partenaires": "partenaire partenariat associé",
    "budget": "budget coût coûter coûtera montant prix dépense enveloppe financement euros argent",
    "calendrier": "calendrier date délai échéance planning période commencer début finir terminer "
    "démarrer année temps durée",
    DURATION: "durée dure durer durera temps années expire",
    SIGNATORIES: "signer signé signée signature signataire",
    SIGNED: "signer signé signée signature date jour année",
}
_CARRIERS = frozenset(
    tokens(
        "article fiche action annexe convention avenant projet opération contenu contient prévoit "
        "précise détail texte parle concerne change changer modifie apporte dispose indique numéro "
        "bis ter quater origine initial initialement départ version premier deuxième second"
    )
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names.

    `parts` are keys (« article 5 », « fiche 3 »); `fields` are of them, or of the whole convention
    when it names none; `wanted` those of a part, should its title be named. `role` is "avenant"
    when it asks of one, `number` which. `before`: it asks what stood before an avenant.
    """

    parts: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    role: str = ""
    number: str = ""
    before: bool = False

    def __bool__(self) -> bool:
        return bool(self.parts or self.fields or self.role or self.before)


def named(question: str) -> Named:
    """What a question names of a convention; empty when nothing."""
    folded = fold(question)
    before = _BEFORE.search(folded) is not None
    avenant = None if before else _AVENANT.search(folded)
    number = (avenant[1] or str(_NTH.get(_root(avenant[2]), "")) if avenant else "") or ""
    keys = tuple(dict.fromkeys(_parts(folded)))
    if keys and _IN_AVENANT.search(folded):  # its own article, not one that it changes
        keys = tuple(f"avenant-{number} {key}" for key in keys)
    elif keys:
        avenant, number = None, ""
    of_part = frozenset(name for name, said in _OF_PART if re.search(rf"\b(?:{said})", folded))
    fields = frozenset(name for name, said in _OF_WHOLE if re.search(rf"\b(?:{said})", folded))
    if any(key.startswith("fiche") for key in keys):
        fields = of_part
    elif _ANY.search(folded) or not (_ABOUT.search(folded) or len(folded.split()) <= _SHORT):
        fields = frozenset()  # « qui a signé le permis de construire de … »
    return Named(keys, fields, of_part, "avenant" if avenant else "", number, before)


def titled(wanted: Named, asked: Sequence[str], titles: Mapping[str, frozenset[str]]) -> Named:
    """What a question names, with the one fiche action whose title it says: « la halle couverte ».

    Two words of it at least: « la gare » is no action « Relier la gare au centre ».
    """
    if wanted.parts or not wanted.wanted or wanted.role:
        return wanted
    said = (
        frozenset(asked) - frozenset().union(*(_words(name) for name in wanted.wanted)) - _CARRIERS
    )
    found = [key for key, title in titles.items() if len(said) > 1 and said <= title]
    return replace(wanted, parts=(found[0],), fields=wanted.wanted) if len(found) == 1 else wanted


def _parts(folded: str) -> Iterator[str]:
    for kind, pattern in _PARTS:
        for found in pattern.finditer(folded):
            number = found[1].upper() if found[1].isalpha() else found[1]
            yield f"{kind} {parts.numbered(number, found[2] or '')}"
    for found in _ORDINAL.finditer(folded):
        kind = "fiche" if found[3] == "action" else found[3]
        yield f"{kind} {found[1] or _NTH[_root(found[2])]}"


def _root(word: str | None) -> str:
    return next((root for root in _NTH if word and word.startswith(root)), "")


def bonus(wanted: Named, passage: Passage, document: Document) -> float:
    """What a passage earns for being what a question names; 0 when it is not."""
    about = document.convention
    if about is None:
        return 0.0
    if wanted.role and not wanted.parts:
        if about.role != wanted.role or wanted.number not in ("", about.number):
            return 0.0
        if not wanted.fields:
            return _PART if passage.amends is not None else 0.0
    if wanted.parts:
        if not stands(wanted, passage):
            return 0.0
        return _PART + (_FIELD if wanted.fields & set(passage.fields) else 0.0)
    return _PART if fits(wanted, passage) else 0.0


def fits(wanted: Named, passage: Passage) -> bool:
    """Whether a passage is what a question names: its part, and the field asked of it if any."""
    if wanted.fields and not wanted.fields & set(passage.fields):
        return False
    if wanted.parts:
        return stands(wanted, passage)
    if wanted.role:
        return bool(wanted.fields) and passage.part.startswith(f"avenant-{wanted.number}")
    if wanted.fields & {SIGNATORIES, SIGNED} and passage.part.startswith("avenant"):
        return False  # « qui a signé ? » asks of the convention
    return bool(wanted.fields)


def stands(wanted: Named, passage: Passage) -> bool:
    """Whether a passage is of a part that the question names."""
    return any(parts.within(own, part) for own in keys(passage) for part in wanted.parts)


def keys(passage: Passage) -> Iterator[str]:
    """What a passage is of: of an avenant's, what it changes, then « avenant-1 article 2 »."""
    if passage.part:
        yield passage.part
    if passage.amends is None:
        return
    yield from passage.amends.others
    number = passage.amends.title.rpartition(" ")[2]
    for text in passage.headings[1:]:
        each = parts.heading(text)
        if each is not None:
            yield f"avenant-{number} {each.key}"


def strays(wanted: Named, passage: Passage, asked: Sequence[str]) -> bool:
    """Whether a passage is of another part of the kind named, fiche 4 for « l'action 3 »; or says
    how long a lease lasts, where nothing but the convention is asked about."""
    kinds = {_kind(part) for part in wanted.parts}
    if kinds:
        return _kind(passage.part) in kinds and not stands(wanted, passage)
    if DURATION not in wanted.fields or DURATION in passage.fields or passage.amends is not None:
        return False
    others = set(asked) - _CARRIERS - _words(DURATION) - set(tokens(passage.headings[0]))
    return passage.part.startswith("article") and not others and lasts(passage.text)


def is_bare(wanted: Named, asked: Sequence[str]) -> bool:
    """Whether a question says nothing but the part: « que dit l'article 4 de la convention ? »."""
    named_it = bool(wanted.parts) or wanted.role == "avenant"
    others = [token for token in asked if token not in _CARRIERS and not token[0].isdigit()]
    return named_it and not wanted.fields and not others


def implied(passage: Passage) -> frozenset[str]:
    """The words that a passage says by what it gives: signatures say who signed, and when.

    Those of an avenant say which, though the file's title may not.
    """
    own = passage.amends.title if passage.amends else passage.part.replace("-", " ")
    mine = tokens(own) if own.startswith("avenant") else ()
    return frozenset(mine).union(*(_words(name) for name in passage.fields))


@cache
def _words(field: str) -> frozenset[str]:
    return frozenset(tokens(_SAID.get(field, "")))


def _kind(part: str) -> str:
    return next((kind for kind, _ in _PARTS if kind in part), "")


def unknown(wanted: Named, known: frozenset[str]) -> bool:
    """Whether a question names parts that no convention here has, of a kind that one has."""
    if not wanted.parts:
        return False
    kinds = {_kind(part) for part in known}
    return all(_kind(part) in kinds for part in wanted.parts) and not any(
        parts.within(own, part) for own in known for part in wanted.parts
    )
