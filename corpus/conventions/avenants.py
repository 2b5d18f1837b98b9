"""What an avenant changes in its convention: read in its sentences, then told on both sides.

What is replaced stays, marked: an answer shows the words in force, and says of the others which
avenant changed them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.conventions import convention, parts
from corpus.documents import Document, Section
from corpus.structure import Amendment

# What an avenant does to a part (Amendment.effect).
REPLACED, CHANGED, COMPLETED = "remplacé", "modifié", "complété"
DELETED, ADDED = "supprimé", "ajouté"
WHOLE = "convention"  # the part of a change that names none: « la durée de la convention »

_ONE = (
    r"(?:\d+(?:[.-]\d+)*(?:er|ère)?|premier|première|(?-i:[IVX]+|[A-Z])\b)"
    r"(?:\s+(?:bis|ter|quater)\b)?"
)
_TARGET = re.compile(
    r"\b(?P<kind>articles?|fiches?[\s-]*(?:actions?|projets?)|fiches?|actions?|annexes?)"
    rf"\s*(?:n\s?[°ºo*'’]s?\s*)?(?P<numbers>{_ONE}(?:\s*(?:,|et|à)\s*(?:n\s?[°º]\s*)?{_ONE})*)",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\s*(?:de la loi|du code|du décret|de l['’]ordonnance|de la constitution|de l['’]arrêté|"
    r"du règlement|du présent avenant|de l['’]avenant|[LRD]\.)",
    re.IGNORECASE,
)
_VERBS = (
    (REPLACED, r"remplac|substitu|(?:r[ée]dig|libell)[ée]e?s? (?:comme suit|ainsi)|r[ée]dig"),
    (COMPLETED, r"compl[ée]t|enrichi"),
    (DELETED, r"supprim|abrog|annul|retir"),
    (ADDED, r"ajout|ins[ée]r|cr[ée][ée]|int[ée]gr"),
    (
        CHANGED,
        r"modifi|port[ée]e?s? (?:à|de)|fix[ée]|ramen|prolong|prorog|report|[ée]tendu|actualis|"
        r"r[ée]vis|mis(?:e|es)? à jour",
    ),
)
_VERB = "|".join(f"(?P<{name}>{verb})" for name, (_, verb) in zip("abcde", _VERBS, strict=True))
_PASSIVE = re.compile(
    rf"\b(?:est|sont|sera|seront)\s+(?:(?:ainsi|désormais|également|en outre|donc)\s+)*(?:{_VERB})",
    re.IGNORECASE,
)
_ACTIVE = re.compile(
    rf"\b(?:{_VERB})\w*\s+(?:ainsi\s+|comme suit\s+)?(?:l['’]|la\s|les\s|une?\s)\s*$", re.IGNORECASE
)
_NOMINAL = re.compile(
    r"\b(?:(?P<a>remplacement|nouvelle rédaction)|(?P<b>complément)|(?P<c>suppression|abrogation)|"
    r"(?P<d>ajout|création|insertion)|(?P<e>modification|actualisation|révision|prolongation))s?\s+"
    r"(?:de\s|d['’]|des\s|à\s|du\s)\s*(?:l['’]|la\s|une?\s)?(?:nouvel(?:le)?\s)?\s*$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:^|,\s*|\bque\s+|[«:]\s*)(?:(?:les dispositions|les stipulations|le contenu|le texte|"
    r"la rédaction)\s+)?(?:de\s|des\s|du\s)?\s*(?:l['’]|la\s|les\s|cette\s|le\s)?\s*$",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"\b(?:à|au|aux|dans|de|du|des|en)\s*(?:l['’]|la\s|les\s)?\s*$", re.IGNORECASE)
_REFERS = re.compile(
    r"\b(?:application|conform\w+|vertu|titre|prévue?s?|visée?s?|mentionnée?s?|définie?s?|sens|"
    r"modalités|fixée?s? (?:à|par)|après|avant)\b[^,]*$",
    re.IGNORECASE,
)
_NEW = re.compile(r"\b(?:une?|d['’]une?|des)\s+(?:nouvel(?:le)?s?\s+)?$", re.IGNORECASE)
# What may stand between « L'article 5 » and « est remplacé »: « de la convention, relatif à …, ».
_BETWEEN = re.compile(
    r"(?:\s*(?:de|à)\s(?:la|ladite)\s(?:présente\s)?convention[^,.;]{0,60}?)?(?:\s*,[^,;.]{0,90},)?"
    r"(?:\s*\([^)]*\))?(?:\s*[-–:]?\s*«[^»]*»)?\s*",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"dur[ée]e de la (?:présente )?convention\b[^.;]{0,80}?\b(?:est|sera)\s+(?:portée|prolongée|"
    r"prorogée|fixée|étendue)|la (?:présente )?convention[^.;,]{0,40}\s(?:est|sera) "
    r"(?:prolongée|prorogée)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"«[^»]*(?:»|$)|“[^”]*(?:”|$)")
_SENTENCE = re.compile(r"[.;]\s+(?=[A-ZÀÂÉÈÊÎÔŒÇ«(])|\n")


@dataclass(slots=True)
class _Change:
    """A change being read: the parts it names, and what it says of them."""

    start: int
    effect: str
    parts: tuple[str, ...]
    fields: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    followed: bool = field(default=False)  # by the words it announces


def read(document: Document) -> Document:
    """An avenant whose sections say what they change: `amends`, and the part of the convention."""
    about = document.convention
    if about is None or about.role != "avenant":
        return document
    sections = list(_told(document))
    changes: dict[tuple[str, str], Amendment] = {}
    for section in sections:
        if section.amends is not None:
            known = changes.get((section.amends.part, section.amends.effect), section.amends)
            more = section.fields if known.fields or known.effect == CHANGED else ()
            both = tuple(dict.fromkeys((*known.fields, *(f for f in more if f in parts.FIELDS))))
            changes[(known.part, known.effect)] = replace(known, fields=both)
    sections = [
        replace(s, amends=changes[(s.amends.part, s.amends.effect)]) if s.amends else s
        for s in sections
    ]
    own = [section for section in sections if section.amends is None]
    found = replace(
        about,
        parts=tuple(convention.parts_of([_renamed(s, "", about.number) for s in own])),
        duration=convention.duration(sections),
        changes=tuple(changes.values()),
    )
    told = tuple(_renamed(s, "avenant", about.number) if s.amends is None else s for s in sections)
    return replace(document, sections=told, convention=found)


def _renamed(section: Section, prefix: str, number: str) -> Section:
    """A part of the avenant itself, told apart from the convention's of the same number."""
    if not prefix or not section.part:
        return section
    name = f"{prefix} {number}".replace(" ", "-").rstrip("-")
    return replace(section, part=f"{name} {section.part}")


def _told(document: Document) -> Iterator[Section]:
    """The sections, cut where a sentence announces a change, each with what it changes."""
    current: _Change | None = None
    under = ""  # the part of the avenant that is being read
    for section in document.sections:
        if section.part == convention.SIGNATURES:
            current = None
            yield section
            continue
        if section.part != under:
            announced = current is not None and section.part in current.parts
            if not (announced and current is not None and not _own_again(section, current)):
                current = _headed(section)
            under = section.part
        for piece, change in _cut(section):
            if change is not None:
                if current is not None and current.start < 0 and change.parts == current.parts:
                    change.effect = change.effect if change.effect != CHANGED else current.effect
                current = change
            yield _amending(document, piece, current, change is not None)
            if current is not None and change is None:
                current.followed = True


def _own_again(section: Section, change: _Change) -> bool:
    """Whether « Article 5 », after the new words of article 5, is the avenant's own article."""
    return change.followed and section.part.startswith("article")


def _headed(section: Section) -> _Change | None:
    """The change that the avenant's own heading announces: « Modification de l'article 5 »."""
    for text in reversed(section.headings[1:]):
        opened = parts.heading(text)
        if opened is not None and opened.key == section.part:
            change = next(_changes(opened.title), None)
            return replace(change, start=-1) if change is not None else None
    return None


def _cut(section: Section) -> Iterator[tuple[Section, _Change | None]]:
    """A section in pieces, each beginning with the sentence that announces its change, if any."""
    changes: dict[int, _Change] = {}
    for change in _changes(section.text):
        start = _sentence(section.text, change.start)
        if start in changes:  # « les articles 5 et 6 », or two in a breath
            same = changes[start]
            same.parts = tuple(dict.fromkeys((*same.parts, *change.parts)))
            same.fields = tuple(dict.fromkeys((*same.fields, *change.fields)))
        else:
            changes[start] = change
    starts = sorted({0, *changes})
    for start, end in zip(starts, [*starts[1:], len(section.text)], strict=True):
        text = section.text[start:end].strip()
        if text:
            yield replace(section, text=text), changes.get(start)


def _sentence(text: str, place: int) -> int:
    """Where the sentence that holds a place begins."""
    ends = [found.end() for found in _SENTENCE.finditer(_masked(text), 0, place)]
    return ends[-1] if ends else 0


def _masked(text: str) -> str:
    """The text with its quotations blanked: the new words announce nothing."""
    return _QUOTED.sub(lambda found: "«" + "x" * (len(found[0]) - 2) + "»", text)


def _changes(text: str) -> Iterator[_Change]:
    """The changes that a text announces, in order."""
    masked = _masked(text)
    found = False
    for target in _TARGET.finditer(masked):
        left = re.split(r"[.;\n]\s+|:\s+(?!«)", masked[: target.start()])[-1]
        right = re.split(r"[.;\n]\s|[.;]$|:\s", masked[target.end() :])[0]
        effect = None if _LAW.match(right) else _effect(left, right)
        if effect is None:
            continue
        found = True
        named = tuple(_named(target))
        fiche = any(part.startswith("fiche") for part in named)
        said = parts.fields_in(f"{left} {_PASSIVE.split(right)[0]}") if fiche else ()
        if effect != CHANGED:
            yield _Change(target.start(), effect, named)
            continue
        verb = _PASSIVE.search(masked, target.end())
        quoted = _QUOTED.findall(text, target.end(), verb.start()) if verb else []
        words = tuple(quote.strip(" \u00a0\u202f«»“”") for quote in quoted)
        yield _Change(target.start(), effect, named, said, words)
    if not found and (lasting := _LASTING.search(masked)):
        yield _Change(lasting.start(), CHANGED, (WHOLE,), (convention.DURATION,))


def _effect(left: str, right: str) -> str | None:
    """What is done to a part, by the words around it in its sentence; None for nothing."""
    if noun := _NOMINAL.search(left):
        return _kind(noun, (REPLACED, COMPLETED, DELETED, ADDED, CHANGED))
    order = tuple(effect for effect, _ in _VERBS)
    if _NEW.search(left):
        said = _PASSIVE.search(left) or _PASSIVE.search(right)
        return ADDED if said is not None and _kind(said, order) == ADDED else None
    if verb := _ACTIVE.search(left):
        return _kind(verb, order)
    verb = _PASSIVE.search(right)
    if verb is None or _REFERS.search(left):
        return None
    effect = _kind(verb, order)
    if _SUBJECT.search(left) and _BETWEEN.fullmatch(right[: verb.start()]):
        return effect
    if _INSIDE.search(left):
        return COMPLETED if effect in (COMPLETED, ADDED) else CHANGED
    return None


def _kind(found: re.Match[str], effects: Sequence[str]) -> str:
    return next(effect for name, effect in zip("abcde", effects, strict=True) if found[name])


def _named(target: re.Match[str]) -> Iterator[str]:
    """The parts that « articles 5, 6 et 7 bis » names."""
    kind = "article" if target["kind"][:2].lower() == "ar" else "annexe"
    kind = (
        "fiche" if target["kind"][0].lower() == "f" or target["kind"][:2].lower() == "ac" else kind
    )
    pieces = re.split(r"\s*(,|\bet\b|\bà\b)\s*", target["numbers"])
    last = ""
    for link, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        found = re.fullmatch(r"(?:n\s?[°º]\s*)?(.+?)(?:er|ère)?(\s+(?:bis|ter|quater))?", piece)
        number = parts.numbered(found[1], found[2] or "") if found else piece
        if link == "à" and last.isdigit() and number.isdigit() and int(number) - int(last) < 100:
            for between in range(int(last) + 1, int(number)):
                yield f"{kind} {between}"
        yield f"{kind} {number}"
        last = number


def _amending(
    document: Document, section: Section, change: _Change | None, announces: bool
) -> Section:
    """A section with what it changes; one that changes nothing as it came."""
    if change is None or document.convention is None:
        return section
    # Of « les fiches 3 et 4 », the words under « Fiche action n° 4 » are those of fiche 4.
    own = section.part if section.part in change.parts and not announces else ""
    part = own or change.parts[0]
    told = replace(section, part=part)
    fields = change.fields if announces else convention.fields(told)
    if convention.lasts(section.text) and convention.DURATION not in fields:
        fields = (*fields, convention.DURATION)
    amendment = Amendment(
        avenant=document.id,
        title=document.convention.name,
        date=document.convention.signed,
        effect=change.effect,
        part=part,
        fields=change.fields,
        words=change.words,
    )
    others = tuple(p for p in change.parts if p != part) if announces else ()
    return replace(told, fields=fields, amends=replace(amendment, others=others))


# --- Both sides


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a build report says of a document."""

    document: str
    problem: str
    remedy: str


def link(documents: Sequence[Document]) -> tuple[list[Document], list[Trouble]]:
    """The documents, the passages that an avenant changed marked so; and what cannot be linked."""
    found = {document.id: document for document in documents}
    troubles: list[Trouble] = []
    held = [d.id for d in documents if d.convention and d.convention.role == "convention"]
    pairs: list[tuple[str, str]] = []
    for document in documents:
        if document.convention is None or document.convention.role != "avenant":
            continue
        target = document.amends or (held[0] if len(held) == 1 else "")
        if target not in held:
            troubles.append(_unlinked(document, held))
            continue
        found[document.id] = _headed_by(replace(document, amends=target), found[target])
        pairs.append((target, document.id))
    for target, avenant in sorted(pairs, key=lambda pair: _order(found[pair[1]])):
        before = [a for t, a in pairs if t == target and _order(found[a]) < _order(found[avenant])]
        changes = list(_each(found[avenant]))
        for change in changes:
            marked = False
            for id in (target, *before):
                found[id], some = _marked(found[id], change)
                marked = marked or some
            if not marked and change.effect != ADDED:
                troubles.append(_missing(found[avenant], change, found[target]))
    return [found[document.id] for document in documents], troubles


_SAYS = {REPLACED: "remplace", COMPLETED: "complète", DELETED: "supprime", ADDED: "ajoute"}


def _headed_by(avenant: Document, convention: Document) -> Document:
    """The avenant with, over each passage, what it changes: its own headings rarely name it."""
    titles = {p.key: p.title for p in convention.convention.parts} if convention.convention else {}

    def headed(section: Section) -> Section:
        if section.amends is None:
            return section
        keys = (section.amends.part, *section.amends.others)
        said = ", ".join(
            f"{parts.said(key)}{f' ({titles[key]})' if titles.get(key) else ''}" for key in keys
        )
        verb = _SAYS.get(section.amends.effect, "modifie")
        return replace(section, headings=(*section.headings, f"{verb} {said}"))

    return replace(avenant, sections=tuple(map(headed, avenant.sections)))


def _each(avenant: Document) -> Iterator[Amendment]:
    seen = set()
    for change in avenant.convention.changes if avenant.convention else ():
        for part in (change.part, *change.others):
            if (part, change.effect) not in seen:
                seen.add((part, change.effect))
                yield replace(change, part=part, others=())


def _order(avenant: Document) -> tuple[int, str, str]:
    """Avenants follow one another by number, else by day."""
    about = avenant.convention
    number = int(about.number) if about and about.number.isdigit() else 999
    return number, about.signed if about else "", avenant.id


def _marked(document: Document, change: Amendment) -> tuple[Document, bool]:
    """A document with the sections marked that a change supersedes, and whether there are any."""
    told = [n for n, s in enumerate(document.sections) if _touches(change, s)]
    if change.fields and change.part != WHOLE:
        precise = [n for n in told if set(change.fields) & set(document.sections[n].fields)]
        told = precise or told
    if change.words:
        said = [_spaced(word) for word in change.words]
        holding = [n for n in told if any(w in _spaced(document.sections[n].text) for w in said)]
        told = holding or told
    sections = list(document.sections)
    for place in told:
        section = sections[place]
        sections[place] = replace(section, superseded=(*section.superseded, change))
    return replace(document, sections=tuple(sections)), bool(told)


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()


def _touches(change: Amendment, section: Section) -> bool:
    if change.effect == ADDED:
        return False
    if change.part == WHOLE:
        return bool(set(change.fields) & set(section.fields))
    return parts.within(section.part, change.part)


def _unlinked(document: Document, held: Sequence[str]) -> Trouble:
    if document.amends:
        problem = f"la convention qu'il modifie, « {document.amends} », n'a pas été lue"
        return Trouble(document.id, problem, "Corrigez « amends », ou la source de la convention.")
    if not held:
        problem = "c'est un avenant, mais aucune convention n'est dans les documents lus"
        return Trouble(document.id, problem, "Ajoutez la convention au catalogue.")
    problem = "c'est un avenant, et l'on ne sait pas à laquelle de ces conventions : "
    remedy = "Écrivez dans sa source « amends » suivi de l'« id » de la convention."
    return Trouble(document.id, problem + ", ".join(held), remedy)


def _missing(avenant: Document, change: Amendment, convention: Document) -> Trouble:
    name = avenant.convention.name if avenant.convention else "avenant"
    problem = f"l'{name} modifie {parts.said(change.part)}, introuvable dans « {convention.title} »"
    return Trouble(avenant.id, problem, "Relisez les deux documents : l'un a pu être mal lu.")
