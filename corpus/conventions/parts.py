"""The parts of a convention as its headings name them, and the labels of a fiche action."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# What a fiche action says of its action, by what labels begin with. « durée », « signature » and
# « signataires » are said of the whole convention.
_LABELS = (
    (
        "pilote",
        r"pilot(?:e|es|age)\b|(?:co-?)?ma[iî]tr(?:e|ise)s? d['’]ouvrages?|"
        r"(?:structure )?porteu[rs]e?"
        r"|chefs? de file|responsables?\b",
    ),
    ("partenaires", r"partenai|partenariat|acteurs? (?:associ|mobilis)|co-?financeur"),
    (
        "budget",
        r"budget|co[uû]ts?\b|montants?\b|(?:plan de )?financements?\b|d[eé]penses?\b|"
        r"enveloppe",
    ),
    (
        "calendrier",
        r"calendrier|[eé]ch[eé]ancier|[eé]ch[eé]ances?\b|planning|p[eé]riode|dates?\b|d[eé]lais?\b|"
        r"dur[eé]e|d[eé]marrage|ann[eé]es? de (?:r[eé]alisation|lancement)|phasage",
    ),
    ("intitulé", r"intitul[eé]|nom de l['’]action|titre\b"),
)
FIELDS = tuple(name for name, _ in _LABELS)
_FIELD = tuple((name, re.compile(rf"\W*(?:{label})", re.IGNORECASE)) for name, label in _LABELS)

_NUMBER = (
    r"(?P<number>(?-i:[A-Z]{1,3}[.-]?)?\d+(?:[.-]\d+)*|(?-i:[IVXL]+|[A-Z])(?![\w'’])|premi(?:er|ère)|"
    r"unique)(?:er|ère)?(?P<rank>\s+(?:bis|ter|quater|quinquies|sexies))?"
)
# After « n », OCR reads many things for « ° ».
_NTH = r"\s*(?:n\s?[°ºo*'’\"”.]\s*)?"
_LAW = r"(?!(?-i:[LRD])\b)"
_HEAD = re.compile(
    rf"[\W_]*(?:(?P<article>article|art\.)|(?P<fiche>fiche(?:[\s-]*(?:action|projet|op[ée]ration))?s?)"
    rf"|(?P<annexe>annexe)){_NTH}{_LAW}{_NUMBER}\b"
    r"(?P<end>\s*(?:[:.–—|)-]+\s*|$)|\s+(?=(?-i:[A-ZÀÂÉÈÊÎÔŒÇ«])))(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SIGNED = re.compile(
    r"\W*(?:(?:les )?signat(?:ures?|aires)(?: des parties)?\W*$|fait\b[^.]{0,80}\ble\b|"
    r"fait (?:à|a) [A-ZÉ]|fait en (?:\w+|\d+) exemplaires?)",
    re.IGNORECASE,
)
_TITLE_WORDS = 25  # a longer paragraph that begins with « Article 3 : » is the article itself
_ROMANS = {"i": 1, "v": 5, "x": 10, "l": 50}


@dataclass(frozen=True, slots=True)
class Heading:
    """A part as a heading opens it."""

    kind: str
    number: str
    title: str

    @property
    def key(self) -> str:
        return f"{self.kind} {self.number}".strip()


def heading(text: str) -> Heading | None:
    """The part that a heading opens: « Article 5 : Durée », « FICHE ACTION n° 3 »; else None."""
    if _SIGNED.match(text):
        return Heading("signatures", "", text.strip())
    found = _HEAD.match(text)
    if found is None:
        return None
    kind = next(name for name in ("article", "fiche", "annexe") if found[name])
    number = numbered(found["number"], found["rank"] or "")
    return Heading(kind, number, _tidy(found["title"]))


def opens(text: str) -> Heading | None:
    """The part that a paragraph opens: a line that the file's reader did not take for a heading."""
    line, _, more = text.partition("\n")
    if more or len(line.split()) > _TITLE_WORDS or line.rstrip().endswith((";", ",")):
        return None
    found = _HEAD.match(line)
    if found is None or line.startswith("- "):
        return None
    # « Article 5 de la convention … » speaks of an article; a title has a mark, or a capital.
    if re.search(r"\b(?:est|sont|remplac\w+|modifi\w+|supprim\w+)\b", found["title"]):
        return None
    return heading(line)


def signs(text: str) -> bool:
    """Whether a paragraph is where it is signed: « Fait à Valbourg, le … »."""
    return _SIGNED.match(text) is not None and len(text.split()) < 60


def field_of(label: str) -> str:
    """What a label announces, one of FIELDS; "" for anything else."""
    if len(label.split()) > 10:
        return ""
    return next((name for name, pattern in _FIELD if pattern.match(label)), "")


def fields_in(text: str) -> tuple[str, ...]:
    """What is named anywhere in a few words: « le budget et le calendrier de »."""
    words = re.findall(r"[\w'’-]+(?: d['’]ouvrage)?", text)
    return tuple(dict.fromkeys(name for word in words if (name := field_of(word))))


def labelled(text: str) -> Iterator[tuple[str, str]]:
    """The (label, value) of « Pilote : Commune ; Budget : 420 000 € », value as it is written."""
    for line in text.split("\n"):
        line = line.removeprefix("- ")
        for piece in re.split(r"\s;\s(?=[^;:]{1,60}[\s\u00a0\u202f]?:\s)", line):
            label, colon, value = piece.partition(":")
            if colon and value.strip() and len(label.split()) <= 10:
                value = value.strip()
                # the full stop that a reader of tables adds to a row
                yield label.strip(), value[:-1] if value.endswith(".") else value


def numbered(number: str, rank: str = "") -> str:
    """A number in one form: « premier » and « I » are 1, « 7  Bis » is 7 bis, « A » is A."""
    number = number.strip(" .-")
    low = number.lower()
    if low in ("premier", "première", "unique", "1er", "1ère"):
        number = "1"
    elif re.fullmatch(r"[IVXL]+", number):
        values = [_ROMANS[letter] for letter in low]
        number = str(
            sum(
                -value if any(after > value for after in values[n + 1 : n + 2]) else value
                for n, value in enumerate(values)
            )
        )
    elif re.fullmatch(r"\d+(?:[.-]\d+)*", number):
        number = ".".join(str(int(piece)) for piece in re.split(r"[.-]", number))
    return f"{number} {rank.strip().lower()}".strip()


def within(part: str, whole: str) -> bool:
    """Whether a part is another or stands in it: « article 3.1 » in « article 3 »."""
    return part == whole or part.startswith(f"{whole}.")


def said(part: str) -> str:
    """A part as a sentence names it: « l'article 5 », « la fiche action n° 3 »."""
    kind, _, number = part.partition(" ")
    if kind == "fiche":
        return f"la fiche action n° {number}"
    return f"l'{kind} {number}" if kind in ("article", "annexe") else "la convention"


def _tidy(title: str) -> str:
    first = re.split(r"\n|\.\s+(?=[A-ZÀÂÉÈÊÎÔŒÇ])", title.strip())[0]
    return first.strip(" \u00a0\u202f:.–—|-«»")
