"""catalogue.toml: the town, who to ask, and what the assistant reads."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from corpus.documents import NATURES
from corpus.errors import CorpusError, ParseError
from corpus.structure import ROLES

# By an address or by a path, named with the kind as its suffix.
FILES = ("pdf", "docx", "odt", "csv")
_ONLINE = ("page", "site", "feed")
KINDS = ("folder", *_ONLINE, *FILES)
_SEVERAL = ("folder", "site", "feed")
SCOPES = ("local", "national")
_OLD = timedelta(days=365)  # after which who to ask is to be verified again
REFRESHES = ("never", "daily", "weekly", "monthly", "yearly")

# 2A and 2B, never 20: a code in 20 is a Corsican postal code.
INSEE = re.compile(r"(0[1-9]|[13-8][0-9]|2[1-9AB]|9[0-5])[0-9]{3}|(97[1-8]|98[678])[0-9]{2}")
URL = re.compile(r"https?://[^\s/?#]+\.\S+")
ORIGIN = re.compile(r"https?://[^\s/?#@A-Z]+")  # as a browser sends it

SHIPPED = Path(__file__).resolve().with_name("starter")
SHARED = "assistant:"  # begins the address of a folder of SHIPPED, wherever it is installed


def located(base: Path, address: str) -> Path:
    """Where a path of a catalogue leads; `base` is the catalogue's own folder."""
    if address.startswith(SHARED):
        return SHIPPED / address.removeprefix(SHARED)
    return (base / address).resolve()


def own_folder(path: Path) -> Path:
    """The folder of a catalogue, to write in.

    Raises CorpusError for the one that ships, once installed: an upgrade would lose what is there.
    """
    folder = path.resolve().parent
    if folder == SHIPPED and not (SHIPPED.parents[1] / "pyproject.toml").is_file():
        raise CorpusError(
            "Le catalogue livré avec l'assistant ne se modifie pas : une mise à jour effacerait ce "
            "qui y serait écrit. Prenez-en une copie avec « assistant init --starter DOSSIER », ou "
            "faites celui de votre ville avec « assistant init DOSSIER »."
        )
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Someone to ask. None where nobody published it; `checked` is the day it was last verified.

    `subjects` are the words of the questions it answers; empty for every question.
    """

    name: str
    url: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    hours: str | None = None
    checked: str
    subjects: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing says how to reach them."""
        return not (self.url or self.phone or self.email or self.address)

    def is_old(self, today: date) -> bool:
        """Whether it was last verified over a year ago, and is to be checked again."""
        return date.fromisoformat(self.checked) < today - _OLD


@dataclass(frozen=True, slots=True)
class Town:
    """The town that answers, and who to ask when no other contact fits.

    `suggestions` are questions for who does not know what to ask; `origins` the sites whose pages
    may show the widget, besides those that the server lists.
    """

    name: str
    insee: str
    intercommunality: str
    site: str
    contact: Contact
    suggestions: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """How the rows of a CSV file are said: [entries.rows], under its entry.

    title      the column that names a row, or a model: « {commune} ({département}) »
    columns    those that are said, and the name each is said by, "" for its own
    sentence   a model of the town's own, shown as a summary of the file
    where      the values that a row must have, « * » for any
    date       the day that the file is of, "" when unknown
    named      a row answers only a question that names it: what a list of communes needs
    """

    title: str
    columns: tuple[tuple[str, str], ...] = ()
    sentence: str = ""
    where: tuple[tuple[str, str], ...] = ()
    date: str = ""
    named: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to read: a folder, a page by its URL, a file of FILES by its URL or its path.

    Paths start at the catalogue's own folder or, after SHARED, at SHIPPED. A file that has a path
    only is named, never linked.
    A site is a section: a page and what it links to, or a sitemap; a feed is its entries' pages.
    `depth` is how many links away a page may be, `pages` how many there may be, `under` the start
    of their paths ("": the folder of the address; every path for a sitemap or feed).
    `role` says what it is (corpus.structure.ROLES), "" when the document itself has to tell;
    `amends` is the id of the convention that an avenant changes. `nature` is one of
    corpus.documents.NATURES; `replaces` is the id of the source that this one replaces whole.
    """

    id: str
    kind: str
    publisher: str
    title: str
    address: str
    licence: str
    scope: str
    refresh: str = "never"
    enabled: bool = True
    note: str = ""
    depth: int = 3
    pages: int = 200
    under: str = ""
    role: str = ""
    amends: str = ""
    nature: str = "officiel"
    replaces: str = ""
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What catalogue.toml says. `contacts` are those of [[contacts]], without the town's own."""

    town: Town
    contacts: tuple[Contact, ...]
    entries: tuple[Entry, ...]
    path: Path


def load(path: Path) -> Catalogue:
    """The catalogue, or a ParseError that says which line to mend, and how."""
    text = _text(path)
    root = _Table(path, text, "", 0, _parsed(path, text))
    root.refuse_unknown(["town", "contacts", "entries"])
    entries: dict[str, Entry] = {}
    lists = 0
    for table in root.tables("entries"):
        entry = _entry(table, lists)
        lists += entry.rows is not None
        if entry.id in entries:
            taken = ", ".join(entries)
            raise table.error(
                "id", f"deux sources s'appellent « {entry.id} »", f"« id » déjà pris : {taken}."
            )
        entries[entry.id] = entry
    for table, entry in zip(root.tables("entries"), entries.values(), strict=True):
        _check_amends(table, entry, entries)
        _check_replaces(table, entry, entries)
    return Catalogue(
        town=_town(root.inner("town")),
        contacts=tuple(_contact(table) for table in root.tables("contacts")),
        entries=tuple(entries.values()),
        path=path,
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        remedy = "Vérifiez son chemin, ou copiez celui de corpus/starter."
        raise ParseError(path, None, "ce catalogue n'existe pas", remedy) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        remedy = "Enregistrez le fichier en UTF-8."
        raise ParseError(path, line, "ce n'est pas du texte UTF-8", remedy) from error


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        # « at end of document »: the value left open is on the last line.
        line = int(at[1]) if at else len(text.rstrip().splitlines())
        if re.search("overwrite|twice|mutate", str(error)):
            problem = "une clé ou une table est écrite deux fois"
            remedy = "Gardez-en une ; chaque source commence par sa propre ligne [[entries]]."
        else:
            problem = "cette ligne n'est pas du TOML"
            remedy = 'Écrivez « clé = "valeur" », sans oublier un guillemet ni un crochet.'
        raise ParseError(path, line, problem, remedy) from error


def _town(table: _Table) -> Town:
    values = table.values(Town)
    town = Town(**{**values, "contact": _contact(table.inner("contact"))})
    if not INSEE.fullmatch(town.insee):
        remedy = "Écrivez les cinq caractères du code de la commune, entre guillemets."
        raise table.error("insee", f"« {town.insee} » n'est pas un code Insee", remedy)
    table.check_url("site", town.site)
    for origin in town.origins:
        if not ORIGIN.fullmatch(origin):
            remedy = "Écrivez-la sans chemin ni barre finale : « https://www.ville.fr »."
            raise table.error("origins", f"« {origin} » n'est pas l'origine d'un site", remedy)
    return town


def _contact(table: _Table) -> Contact:
    contact = Contact(**table.values(Contact))
    table.check_day("checked", contact.checked)
    if contact.url is not None:
        table.check_url("url", contact.url)
    return contact


def _entry(table: _Table, lists: int) -> Entry:
    """`lists`: how many entries before it have rows."""
    entry = Entry(**table.values(Entry))
    if entry.rows is not None:
        entry = replace(entry, rows=_rows(table.inner("rows", lists)))
    if (entry.rows is None) is (entry.kind == "csv"):
        if entry.rows is not None:
            remedy = "Seule une source « csv » a des lignes : retirez cette table."
            raise table.error("kind", f"« {entry.id} » n'est pas un CSV", remedy)
        problem = f"« {entry.id} » ne dit pas ce que sont ses lignes"
        remedy = 'Ajoutez sous cette source : [entries.rows], puis title = "nom de la colonne".'
        raise table.error("kind", problem, remedy)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.id):  # it names the saved copy of a page
        remedy = "Écrivez-le en minuscules sans accent, chiffres et tirets : aides-habitat."
        raise table.error("id", f"« {entry.id} » ne peut pas être un « id »", remedy)
    for key, chosen, allowed in (
        ("kind", entry.kind, KINDS),
        ("scope", entry.scope, SCOPES),
        ("refresh", entry.refresh, REFRESHES),
        ("nature", entry.nature, NATURES),
    ):
        if chosen not in allowed:
            problem = f"« {chosen} » n'est pas une valeur de « {key} »"
            raise table.error(key, problem, f"Valeurs admises : {', '.join(allowed)}.")
    for key, found, most in (("depth", entry.depth, 10), ("pages", entry.pages, 5_000)):
        if not 0 < found <= most:
            raise table.error(key, f"« {key} » vaut {found}", f"Écrivez un nombre de 1 à {most}.")
    if entry.under and not entry.under.startswith("/"):
        problem = f"« {entry.under} » n'est pas le début d'un chemin"
        raise table.error("under", problem, "Écrivez-le depuis la barre : « /vie-pratique/ ».")
    if entry.kind in _ONLINE or (entry.kind in FILES and "://" in entry.address):
        table.check_url("address", entry.address)
    elif entry.kind in FILES and not entry.address.lower().endswith(f".{entry.kind}"):
        name, suffix = entry.kind.upper(), f"« .{entry.kind} »"
        problem = f"« {entry.address} » n'est pas un fichier {name}"
        remedy = f"Écrivez son adresse entière, ou son chemin depuis ce fichier, avec {suffix}."
        raise table.error("address", problem, remedy)
    elif "://" in entry.address:
        problem = f"« {entry.address} » n'est pas un dossier"
        raise table.error("address", problem, "Écrivez son chemin, par exemple « guichen ».")
    _check_role(table, entry)
    return replace(entry, role="avenant") if entry.amends else entry


def _check_role(table: _Table, entry: Entry) -> None:
    if entry.role and entry.role not in ROLES:
        problem = f"« {entry.role} » n'est pas une valeur de « role »"
        raise table.error("role", problem, f"Valeurs admises : {', '.join(ROLES)}.")
    key = "role" if entry.role else "amends"
    if entry.kind in _SEVERAL and (entry.role or entry.amends):
        problem = f"« {key} » ne se dit pas d'une source de plusieurs documents"
        remedy = "Donnez à ce document sa propre source [[entries]], avec son chemin."
        raise table.error(key, problem, remedy)
    if entry.amends and entry.role not in ("", "avenant"):
        problem = f"« amends » ne va qu'à un avenant, et « role » dit « {entry.role} »"
        raise table.error("amends", problem, 'Ôtez « amends », ou écrivez role = "avenant".')


def _check_amends(table: _Table, entry: Entry, entries: Mapping[str, Entry]) -> None:
    """An avenant names the convention itself, not another avenant: its number gives the order."""
    if not entry.amends:
        return
    target = entries.get(entry.amends)
    remedy = "Écrivez l'« id » de la convention ; les avenants se suivent par leur numéro."
    if target is None:
        known = [e.id for e in entries.values() if e.kind not in _SEVERAL and e.role != "avenant"]
        remedy = f"Écrivez l'« id » de la convention : {', '.join(known) or 'elle manque ici'}."
        problem = f"« amends » désigne « {entry.amends} », qui n'est l'« id » d'aucune source"
    elif target is entry or target.role == "avenant":
        problem = f"« amends » désigne « {entry.amends} », qui est un avenant"
    elif target.role == "document" or target.kind in _SEVERAL:
        problem = f"« amends » désigne « {entry.amends} », qui n'est pas une convention"
    else:
        return
    raise table.error("amends", problem, remedy)


def _check_replaces(table: _Table, entry: Entry, entries: Mapping[str, Entry]) -> None:
    """Both are one document; and no source replaces, in the end, itself."""
    if not entry.replaces:
        return
    known = [e.id for e in entries.values() if e.kind not in _SEVERAL and e is not entry]
    remedy = f"Écrivez l'« id » d'une source d'un seul document : {', '.join(known) or 'aucune'}."
    chain, target = [entry.id], entry.replaces
    if entry.kind in _SEVERAL:
        problem = "« replaces » ne se dit pas d'une source de plusieurs documents"
    elif target not in entries or entries[target].kind in _SEVERAL:
        problem = f"« replaces » désigne « {target} », qui n'est l'« id » d'aucun document"
    else:
        while target in entries and target not in chain:
            chain.append(target)
            target = entries[target].replaces
        if not target:
            return
        problem = f"« {entry.id} » se remplace lui-même : {' → '.join((*chain, target))}"
    raise table.error("replaces", problem, remedy)


def _rows(table: _Table) -> Rows:
    rows = Rows(**table.values(Rows))
    if not rows.columns and not rows.sentence:
        remedy = 'Ajoutez columns = { colonne = "nom à montrer" } ou sentence = "{colonne} est …".'
        raise table.error("title", "rien n'est dit de ces lignes", remedy)
    for key, model in (("title", rows.title), ("sentence", rows.sentence)):
        if re.search(r"[{}]", re.sub(r"\{[^{}:]+(?::\d{1,3})?\}", "", model)):
            remedy = "Écrivez chaque colonne entre deux accolades : {commune}, {code:2}."
            raise table.error(key, f"une accolade de « {key} » est mal placée", remedy)
    if rows.date:
        table.check_day("date", rows.date)
    return rows


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the file: `content` is the `rank`-th, from 0, of those called `name`."""

    path: Path
    text: str
    name: str
    rank: int
    content: Any

    def inner(self, key: str, rank: int = 0) -> _Table:
        """The table of a key; `rank`: how many of that name stand before it in the file."""
        name = f"{self.name}.{key}" if self.name else key
        return _Table(self.path, self.text, name, rank, self.content.get(key))

    def tables(self, key: str) -> list[_Table]:
        """The tables of a list, in order; none when it is not written."""
        found = self.content.get(key, [])
        if not isinstance(found, list):
            problem = f"« {key} » n'est pas une liste"
            raise self.error(key, problem, f"Doublez les crochets : [[{key}]].")
        return [_Table(self.path, self.text, key, rank, item) for rank, item in enumerate(found)]

    def values(self, kind: type[Any]) -> dict[str, Any]:
        """The values by the fields of a dataclass: none unknown, none missing, none mistyped."""
        fields = {field.name: field for field in dataclasses.fields(kind)}
        if not isinstance(self.content, dict):
            remedy = f"Écrivez {self} sur une ligne, puis ses clés : {', '.join(fields)}."
            raise self.error(None, f"{self} manque ou n'est pas une table", remedy)
        self.refuse_unknown(list(fields))
        required = [f.name for f in fields.values() if f.default is dataclasses.MISSING]
        values = {
            key: self._value(key, str(fields[key].type), found)
            for key, found in self.content.items()
        }
        missing = [f"« {key} »" for key in required if values.get(key) in (None, "")]
        if missing:
            problem = f"il manque {', '.join(missing)} dans {self}"
            raise self.error(None, problem, f"Clés obligatoires : {', '.join(required)}.")
        return values

    def _value(self, key: str, wanted: str, found: Any) -> Any:
        """A value of the type that the dataclass declares; a date may go without quotes."""
        match wanted, found:
            case ("bool", bool()) | ("Contact" | "Rows | None", _):
                return found
            case "int", int() if not isinstance(found, bool):
                return found
            case "str", str():
                return found.strip()
            case "str | None", str():
                return found.strip() or None
            case "str", date():
                return found.isoformat()
            case "tuple[str, ...]", list() if all(isinstance(word, str) for word in found):
                return tuple(found)
            case "tuple[tuple[str, str], ...]", dict() if all(
                isinstance(told, str | bool) for told in found.values()
            ):
                texts = {True: "true", False: "false"}
                return tuple((k, texts.get(told, told)) for k, told in found.items())
            case "tuple[tuple[str, str], ...]", list() if all(isinstance(k, str) for k in found):
                return tuple((k, "") for k in found)
        forms = {
            "bool": "true ou false",
            "int": "un nombre, sans guillemets",
            "tuple[str, ...]": 'une liste : ["mot", "mot"]',
            "tuple[tuple[str, str], ...]": 'une table : { colonne = "texte" }',
        }
        remedy = f"Écrivez {forms.get(wanted, 'un texte entre guillemets')}."
        raise self.error(key, f"la valeur de « {key} » n'est pas du bon type", remedy)

    def refuse_unknown(self, allowed: Sequence[str]) -> None:
        for key in self.content:
            if key not in allowed:
                where = f" dans {self}" if self.name else ""
                remedy = f"Clés admises : {', '.join(allowed)}."
                raise self.error(key, f"clé inconnue{where} : « {key} »", remedy)

    def check_url(self, key: str, url: str) -> None:
        if not URL.fullmatch(url):
            problem = f"« {url} » n'est pas une adresse de page"
            raise self.error(key, problem, "Écrivez-la entière, depuis « https:// ».")

    def check_day(self, key: str, day: str) -> None:
        try:
            date.fromisoformat(day)
        except ValueError as error:
            remedy = "Écrivez le jour ainsi : 2026-11-22."
            raise self.error(key, f"« {day} » n'est pas une date", remedy) from error

    def error(self, key: str | None, problem: str, remedy: str) -> ParseError:
        return ParseError(self.path, self._line(key), problem, remedy)

    def _line(self, key: str | None) -> int | None:
        """The line of a key, or else that of its table's header: tomllib keeps no line.

        None when the table is not written on lines of its own.
        """
        inside, seen, header = self.name == "", -1, None
        for line, text in enumerate(self.text.splitlines(), 1):
            if name := re.match(r"\s*\[\[?\s*([\w.-]+)\s*\]", text):
                if self.name == "" and name[1] == key:
                    return line
                seen += name[1] == self.name
                inside = name[1] == self.name and seen == self.rank
                header = line if inside else header
            elif inside and key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", text):
                return line
        return header

    def __str__(self) -> str:
        return f"[[{self.name}]]" if self.name in ("contacts", "entries") else f"[{self.name}]"
