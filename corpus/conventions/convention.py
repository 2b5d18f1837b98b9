"""A convention, or an avenant, read as what it is: articles, fiches action, annexes, signatures.

A pass over a document's sections, whatever file they were read from. No word is lost or changed:
headings are put in order, the lines of the signatures too, and each section is told where it
stands (`part`) and what it gives (`fields`). A document of another kind comes out as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from corpus.conventions import parts
from corpus.days import MONTH, month
from corpus.documents import FICHES, Document, Section
from corpus.structure import Convention, Field, Part, Signatory

DURATION, SIGNED, SIGNATORIES = "durée", "signature", "signataires"
SIGNATURES = "signatures"  # the part

_COVER = 15  # sections among which a title may stand: a cover, its logos, its notices
_MIN_ARTICLES = 3
_TITLED = re.compile(r"\W*convention\b(?!s\b)", re.IGNORECASE)
_AMENDS = re.compile(r"\W*avenant\b(?:\s*n\s?[°ºo*'’\"”.]?)?\s*(\d{1,2}|[IVX]+\b)?", re.IGNORECASE)
_AGREED = re.compile(
    r"il (?:est|a été) (?:convenu|arrêté)|ci-après|soussign|signataires|les parties", re.IGNORECASE
)
_CONTENTS = re.compile(r"\W*(?:sommaire|table des (?:matières|annexes)|plan)\W*", re.IGNORECASE)
_LISTED = re.compile(r"(?:\t|\.{3,}|…)\s*\d{1,3}\s*$")
_PAGED = re.compile(r"\s\d{1,3}\s*$")
_ANNEXES = re.compile(r"\W*(?:liste des )?annexes\W*$", re.IGNORECASE)

_DAY = re.compile(
    rf"\b(\d{{1,2}})(?:er)?\s+({MONTH})\s+(\d{{4}})\b|"
    r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b",
    re.IGNORECASE,
)
_LENGTH = r"(?:[a-zé-]+|\d+)(?:\s?\((?:\w+)\))?\s+(?:ans?|ann[ée]es?|mois)\b"
_LASTS = re.compile(
    r"\b(?:dur[ée]e|p[ée]riode|conclue?|[ée]tablie?|sign[ée]e?|prolong[ée]e?)\s+"
    r"(?:initiale |totale )?"
    rf"(?:de|pour(?:\s+une\s+(?:dur[ée]e|p[ée]riode)\s+de)?)\s+({_LENGTH})|"
    r"\b(?:prend fin le|jusqu['’]au)\s+(\d{1,2}(?:er)?\s+\w+\s+\d{4})",
    re.IGNORECASE,
)
# What lasts is the convention itself, and no lease, work or mandate that it speaks of.
_ITSELF = re.compile(
    r"\b(?:convention|accord|protocole|contrat|avenant|charte|partenariat)\b", re.IGNORECASE
)
_ITS_LENGTH = re.compile(
    r"dur[ée]e(?!\s+d(?:u|es?|e la|e l['’]|['’])\s*(?!(?:la |cette )?(?:présente?s?\s+)?"
    r"(?:convention|accord|protocole|contrat|avenant|charte|partenariat)))",
    re.IGNORECASE,
)
# A clause, and no party: « Pour la bonne exécution des présentes, les parties doivent … ».
_CLAUSE = re.compile(
    r"\b(?:est|sont|sera|seront|doit|doivent|devra|devront|peut|peuvent|pourra|pourront|a|ont)\b|"
    r"\bs['’]engage\w*|;\s*$",
    re.IGNORECASE,
)
# Titles of articles that are numbered alone: « II – Durée de la convention ».
_NUMBERED = re.compile(r"(?P<number>[IVX]{1,5}|\d{1,2})\s*(?:[.)/–—-]\s*)+(?=[A-ZÀÂÉÈÊÎÔŒÇ])")
_TITLE_WORDS = 15
_PERSON = re.compile(
    r"\s*:\s+(?=[A-ZÀ-Þ])|"
    r"[\s,–-]+(?=(?:(?:Le|La|Les|M\.|MM?\.?|Mme|Monsieur|Madame|Pr|Dr)\s|L['’])[\w'’])"
)


def read(document: Document, role: str = "") -> Document:
    """The document with its structure; as it came when it is neither a convention nor an avenant.

    `role`: what the catalogue says it is, "" when the document itself has to tell.
    """
    if document.kind in FICHES:
        return document
    named, given = _named(document)
    role = role or role_of(named)
    if role not in ("convention", "avenant"):
        return document
    sections = _signatures(list(_placed(named.sections)))
    sections = _dated([replace(section, fields=fields(section)) for section in sections])
    found = Convention(
        role=role,
        number=_number(document) if role == "avenant" else "",
        parts=tuple(parts_of(sections)),
        signatories=tuple(_signatories(sections)),
        signed=_signed(sections),
        duration=duration(sections),
    )
    sections = [_restored(section, given) for section in sections]
    # Its articles are in French, whatever language the file says: « en-US » is what Word puts.
    return replace(
        document,
        sections=tuple(sections),
        language="fr",
        published=document.published or found.signed,
        convention=found,
    )


# --- What it is


def _named(document: Document) -> tuple[Document, dict[str, str]]:
    """The document with titles that are numbered alone, I, II, III, named articles, and what each
    was. As it came when it has articles, or no such run from the first on."""
    texts = [text for s in document.sections for text in (*s.headings[1:], s.text)]
    if any((each := parts.opens(text)) and each.kind == "article" for text in texts):
        return document, {}
    given: dict[str, str] = {}
    for romans in (True, False):
        numbers: list[str] = []
        given.clear()
        for text in dict.fromkeys(texts):
            found = _NUMBERED.match(text) if len(text.split()) <= _TITLE_WORDS else None
            if found is None or found["number"].isdigit() is romans:
                continue
            number = parts.numbered(found["number"])
            if number == str(len(numbers) + 1):
                numbers.append(number)
                given[f"Article {text}"] = text
        if len(numbers) >= _MIN_ARTICLES:
            break
    else:
        return document, {}
    names = {text: name for name, text in given.items()}
    sections = (
        replace(
            section,
            headings=tuple(names.get(text, text) for text in section.headings),
            text=names.get(section.text, section.text),
        )
        for section in document.sections
    )
    return replace(document, sections=tuple(sections)), given


def _restored(section: Section, given: Mapping[str, str]) -> Section:
    """A section with its own words again."""
    headings = tuple(given.get(text, text) for text in section.headings)
    return replace(section, headings=headings, text=given.get(section.text, section.text))


def role_of(document: Document) -> str:
    """« convention », « avenant », or "" for anything else: what its first lines call it.

    A report about a convention is titled so too: it is one when it has articles, and parties.
    """
    lines = list(_cover(document))
    said = " \n".join(section.text for section in document.sections)
    opened = {
        each.key
        for section in document.sections
        for text in (*section.headings[1:], section.text)
        if (each := parts.opens(text)) is not None and each.kind == "article"
    }
    if not opened or not _AGREED.search(said):
        return ""
    if any(_AMENDS.match(line) for line in lines) and re.search("convention", said, re.IGNORECASE):
        return "avenant"
    if any(_TITLED.match(line) for line in lines) and len(opened) >= _MIN_ARTICLES:
        return "convention"
    return ""


def _cover(document: Document) -> Iterator[str]:
    """The short lines that a document begins with, its title first."""
    yield document.title
    for section in document.sections[:_COVER]:
        for text in (*section.headings[1:], *section.text.split("\n")):
            if parts.heading(text) is not None:
                return
            if len(text.split()) <= 30:
                yield text


def _number(document: Document) -> str:
    """An avenant's own number, "" when it has none."""
    for line in _cover(document):
        found = _AMENDS.match(line)
        if found and found[1]:
            return parts.numbered(found[1])
    return ""


# --- Where each section stands


def _placed(sections: Sequence[Section]) -> Iterator[Section]:
    """Each section with its part, under its headings in order.

    A line of text that opens a part, which the file's reader did not take for a heading, is made
    one when text follows it; where none does it stays text.
    """
    opened: tuple[parts.Heading, str] | None = None
    above: tuple[str, ...] | None = None  # the reader's own headings when it was opened
    for place, section in enumerate(sections):
        own = _own(section.headings)
        if above is not None and _key(own) != _key(_own(above)):
            opened = above = None
        line = None if _of_contents(sections, place) else _opening(section)
        if line is not None and section.form != "row":
            following = sections[place + 1] if place + 1 < len(sections) else None
            if following is not None and _continues(following, section):
                opened, above = (line, section.text.strip()), section.headings
                continue
        if line is not None:
            headings = _ordered(section.headings, line.key, "")
            yield replace(section, part=line.key, headings=headings)
            if section.form == "row":
                opened, above = (line, section.text.rstrip(" .")), section.headings
        elif opened is not None:
            headings = _ordered(section.headings, opened[0].key, opened[1])
            yield replace(section, part=opened[0].key, headings=headings)
        else:
            headings = _ordered(section.headings, _key(own), "")
            yield replace(section, part=_key(own), headings=headings)


def _opening(section: Section) -> parts.Heading | None:
    """The part that a section opens by its text."""
    if section.form == "list" or _LISTED.search(section.text):
        return None
    if _CONTENTS.fullmatch(section.headings[-1]):
        return None
    found = parts.opens(section.text)
    if found is None and parts.signs(section.text):
        return None
    return found


def _of_contents(sections: Sequence[Section], place: int) -> bool:
    """Whether a line is of a table of contents: « Article 5 : Durée 12 », beside another."""
    near = sections[max(place - 1, 0) : place + 2]
    alike = [s for s in near if _PAGED.search(s.text) and parts.opens(s.text) is not None]
    return len(alike) > 1 and sections[place] in alike


def _continues(following: Section, section: Section) -> bool:
    return following.headings == section.headings and _opening(following) is None


def _own(headings: Sequence[str]) -> parts.Heading | None:
    """The part that stands under these headings: the last opened; an annexe keeps its articles."""
    found: parts.Heading | None = None
    for text in headings[1:]:
        each = parts.heading(text)
        if each is None or each.kind == "signatures":
            found = each or found
        elif not (found is not None and found.kind == "annexe" and each.kind == "article"):
            found = each
    return found


def _key(heading: parts.Heading | None) -> str:
    return heading.key if heading is not None else ""


def _ordered(headings: tuple[str, ...], key: str, last: str) -> tuple[str, ...]:
    """Headings without the contents' own, nor those of parts that are over; `last` ends them."""
    kept = [headings[0]]
    for text in headings[1:]:
        each = parts.heading(text)
        if _CONTENTS.fullmatch(text) or (last and each is not None):
            continue
        if each is None or each.key == key or _holds(each.key, key):
            kept.append(text)
    return (*kept, last) if last else tuple(kept)


def _holds(above: str, key: str) -> bool:
    """Whether a part may hold another: an annexe its fiches, an article its paragraphs."""
    return (above.startswith("annexe") and key.startswith("fiche")) or parts.within(key, above)


# --- Signatures


def _signatures(sections: list[Section]) -> list[Section]:
    """From « Fait à …, le … » to the next part, one section a page: who signs, a line each."""
    marked: list[Section] = []
    since: str | None = None
    for section in sections:
        # A table under « Fait à … » is of the signatures itself, whatever follows it.
        if since is not None and section.part not in (since, SIGNATURES):
            since = None
        if since is None and (parts.signs(section.text) or section.part == SIGNATURES):
            since = section.part
        if since is not None:
            trail = section.headings[1:]
            extra = tuple(text for text in trail if re.match(r"\W*pour\b", text, re.IGNORECASE))
            section = replace(section, part=SIGNATURES, headings=(section.headings[0], *extra))
        marked.append(section)
    kept: list[Section] = []
    for (part, _), run in groupby(marked, key=lambda s: (s.part, s.page)):
        gathered = list(run)
        kept += [_together(gathered)] if part == SIGNATURES else gathered
    return kept


def _together(sections: list[Section]) -> Section:
    lines: list[str] = []
    over: tuple[str, ...] = ()
    for section in sections:
        lines += [text for text in section.headings[1:] if text not in over]
        over = section.headings[1:]
        lines += _cells(section)
    sure = [s.confidence for s in sections if s.confidence is not None]
    return replace(
        sections[0],
        headings=sections[0].headings[:1],
        text="\n".join(_lines(lines)),
        form="prose",
        confidence=min(sure) if sure else None,
    )


def _cells(section: Section) -> list[str]:
    text = section.text.removesuffix(".") if section.form == "row" else section.text
    return [cell for line in text.split("\n") for cell in line.split(" ; ") if cell.strip()]


def _lines(pieces: Iterable[str]) -> list[str]:
    """The pieces as lines: what follows « Pour la commune … » is with it, until the next one.

    Two columns of signatures are read across: the end of a name waits for its beginning.
    """
    found: list[str] = []
    for piece in pieces:
        piece = piece.strip()
        broken = [n for n, line in enumerate(found) if _for(line) and not _PERSON.search(line)]
        if _for(piece) or parts.signs(piece) or not broken:
            found.append(piece)
        else:
            found[broken[0]] += f" {piece}"
    return found


def _for(line: str) -> bool:
    return re.match(r"\W*pour\s+(?:l[ae]s?\b|l['’])", line, re.IGNORECASE) is not None


def _signatories(sections: Sequence[Section]) -> Iterator[Signatory]:
    """Who signs, from the signatures; where they name nobody, the parties of the first lines."""
    lines = [
        line
        for s in sections
        if s.part == SIGNATURES
        for line in s.text.split("\n")
        if _for(line) and not _CLAUSE.search(line)
    ]
    for line in lines:
        party, *person = _PERSON.split(re.sub(r"^\W*pour\s+", "", line, flags=re.IGNORECASE), 1)
        yield Signatory(party.strip(" ,:"), person[0].strip(" ,") if person else "")
    if lines:
        return
    for section in sections:
        party = re.match(r"\W*(?P<who>(?:la|le|l['’])\s?.+?),?\s+représentée?\s+par\s+(?P<by>.+)",
                         section.text, re.IGNORECASE | re.DOTALL)  # fmt: skip
        if party and not section.part and not _CLAUSE.search(party["who"]):
            by = re.split(r",\s*(?:ci-après|autoris|dûment|habilit|agissant)|\s;", party["by"])[0]
            yield Signatory(party["who"], by.strip(" ;."))


# --- Dates and fields


def day(text: str) -> str:
    """The first day of a text, as ISO; "" when it names none."""
    found = _DAY.search(text)
    if found is None:
        return ""
    if found[4]:
        number, rank, year = int(found[4]), int(found[5]), int(found[6])
    else:
        number, rank, year = int(found[1]), month(found[2]), int(found[3])
    if not (1 <= rank <= 12 and 1 <= number <= 31 and 1950 <= year <= 2100):
        return ""
    return f"{year}-{rank:02}-{number:02}"


def _signed(sections: Sequence[Section]) -> str:
    """The last day that the signatures bear: it is signed when all have signed."""
    said = "\n".join(section.text for section in sections if SIGNED in section.fields)
    days = filter(None, (day(found[0]) for found in _DAY.finditer(said)))
    return max(days, default="")


def _dated(sections: list[Section]) -> list[Section]:
    """Sections told whether they say how long it lasts, who signed it and when."""
    lasting = next(iter(_lasting(sections)), None)
    found = []
    for place, section in enumerate(sections):
        more: tuple[str, ...] = (DURATION,) if place == lasting else ()
        if section.part == SIGNATURES:
            if any(_for(s) and not _CLAUSE.search(s) for s in section.text.split("\n")):
                more += (SIGNATORIES,)
            if _DAY.search(section.text):
                more += (SIGNED,)
        found.append(replace(section, fields=(*section.fields, *more)))
    if not any(SIGNATORIES in section.fields for section in found):
        found = [
            replace(s, fields=(*s.fields, SIGNATORIES))
            if not s.part and re.search(r"représentée?\s+par", s.text)
            else s
            for s in found
        ]
    return found


def _lasting(sections: Sequence[Section]) -> list[int]:
    """The places of the sections that say how long it lasts, the article about it first."""
    said = [n for n, s in enumerate(sections) if _length(s) and _articled(s)]
    return sorted(said, key=lambda n: not _ITS_LENGTH.search(sections[n].headings[-1]))


def _length(section: Section) -> re.Match[str] | None:
    """Where a section says how long the convention lasts: its title, or that sentence, is of it."""
    if _ITS_LENGTH.search(section.headings[-1]):
        return _LASTS.search(section.text)
    for found in _LASTS.finditer(section.text):
        start = max(section.text.rfind(end, 0, found.start()) for end in (". ", "\n", ";")) + 1
        if _ITSELF.search(section.text[start : found.start()]):
            return found
    return None


def _articled(section: Section) -> bool:
    return section.part.startswith("article")


def lasts(text: str) -> bool:
    """Whether a text says how long something lasts."""
    return _LASTS.search(text) is not None


def duration(sections: Sequence[Section]) -> str:
    """How long it lasts, in the document's words; "" when it does not say."""
    for section in sections:
        if DURATION in section.fields and (found := _length(section)):
            return found[1] or f"jusqu'au {found[2]}"
    return ""


def fields(section: Section) -> tuple[str, ...]:
    """What a section of a fiche action gives of it, of parts.FIELDS."""
    return tuple(dict.fromkeys(name for name, _, _ in _labelled(section)))


def _labelled(section: Section) -> Iterator[tuple[str, str, str]]:
    """The (field, label, value) of a section of a fiche: a row of its table, or a line.

    A row of a larger table, whose first header is no field, gives details, not the field.
    """
    if not section.part.startswith("fiche"):
        return
    pairs = list(parts.labelled(section.text))
    if pairs and parts.field_of(pairs[0][0]):
        yield from ((f, label, value) for label, value in pairs if (f := parts.field_of(label)))
        return
    own = (
        parts.field_of(section.headings[-1]) if parts.heading(section.headings[-1]) is None else ""
    )
    if own and section.form != "row":
        yield own, section.headings[-1], section.text


# --- The parts


def parts_of(sections: Sequence[Section]) -> Iterator[Part]:
    """The articles, fiches and annexes in order, each once, with its fields."""
    found: dict[str, Part] = {}
    for place, section in enumerate(sections):
        for text in _naming(section):
            each = parts.heading(text)
            if each is None or each.kind == SIGNATURES or _CONTENTS.fullmatch(section.headings[-1]):
                continue
            known = found.get(each.key, Part(each.kind, each.number, ""))
            page = section.page if known.page is None and section.form != "list" else known.page
            title = known.title or each.title or _subtitle(section, text)
            found[each.key] = replace(known, title=title, page=page)
        if section.part in found:
            fields = tuple(Field(*given, place) for given in _labelled(section))
            part = found[section.part]
            found[section.part] = replace(part, fields=(*part.fields, *fields))
    for part in found.values():
        named = next((f.value for f in part.fields if f.name == "intitulé"), "")
        yield replace(part, title=part.title or named)


def _naming(section: Section) -> Iterator[str]:
    """What may name a part in a section: its headings, its text, the items of a list of annexes."""
    yield from section.headings[1:]
    if section.part and parts.opens(section.text) is not None:
        yield section.text
    if section.form == "list" and _ANNEXES.match(section.headings[-1]):
        for line in section.text.split("\n"):
            yield line.removeprefix("- ").rstrip(" ;.")


def _subtitle(section: Section, heading: str) -> str:
    """The heading under one that is a number alone: « ANNEXE 2 », then « Périmètre »."""
    after = (
        section.headings[section.headings.index(heading) + 1 :]
        if heading in section.headings
        else ()
    )
    return next((text for text in after if parts.heading(text) is None), "")
