"""Another town: a folder with its catalogue.toml and a place for its own fiches; and what all towns
read alike, told apart from what each reads of its own."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.catalogue import INSEE, ORIGIN, SHARED, SHIPPED, URL, Catalogue, Entry, load, located
from corpus.errors import CorpusError
from corpus.text import clean

_OWN = "fiches"  # the folder of the town's fiches, beside its catalogue

# What is asked of a town: how a message names it, and how to write it.
_ASKED = {
    "name": ("le nom de la commune", "Écrivez-le comme sur le site de la mairie."),
    "insee": (
        "le code Insee",
        "Écrivez les cinq caractères du code de la commune (35126, 2A004, 97411), qui n'est pas "
        "le code postal.",
    ),
    "intercommunality": ("le nom de l'intercommunalité", "Écrivez-le en entier."),
    "site": ("l'adresse du site", "Écrivez-la entière, depuis « https:// »."),
    "contact_name": ("le nom du contact", "Écrivez par exemple « Mairie de … »."),
    "contact_url": ("la page du contact", "Écrivez-la entière, depuis « https:// »."),
    "contact_phone": ("le téléphone du contact", ""),
    "contact_email": ("le courriel du contact", ""),
    "contact_address": ("l'adresse du contact", ""),
    "contact_hours": ("les horaires du contact", ""),
}
_REQUIRED = ("name", "insee", "intercommunality", "site", "contact_name")
# Control characters, halves of a pair, line and paragraph separators, what Unicode does not know.
_REFUSED = ("Cc", "Cs", "Zl", "Zp", "Cn")


def create(
    folder: Path,
    *,
    name: str,
    insee: str,
    intercommunality: str,
    site: str,
    contact_name: str,
    contact_url: str | None = None,
    contact_phone: str | None = None,
    contact_email: str | None = None,
    contact_address: str | None = None,
    contact_hours: str | None = None,
    checked: date,
    national: Path,
    origins: Sequence[str] = (),
) -> Path:
    """Write a town's catalogue.toml and its folder of fiches, and return the catalogue's path.

    folder     absent or empty: nothing is ever overwritten
    checked    the day the contact was verified
    national   the fiches that towns share; they stay where they are, with their facts
    origins    the sites that show the assistant, where a server has several towns

    Raises CorpusError, and leaves the disk as it was, when a value cannot be one, when the folder
    holds something, or when it cannot be written.
    """
    if not national.is_dir():
        raise CorpusError(
            f"{national} : le dossier des fiches nationales n'existe pas. Vérifiez son chemin."
        )
    contact = {
        "name": value("contact_name", contact_name),
        "url": value("contact_url", contact_url),
        "phone": value("contact_phone", contact_phone),
        "email": value("contact_email", contact_email),
        "address": value("contact_address", contact_address),
        "hours": value("contact_hours", contact_hours),
    }
    catalogue = _CATALOGUE.format(
        name=_quoted(value("name", name)),
        insee=_quoted(value("insee", insee)),
        intercommunality=_quoted(value("intercommunality", intercommunality)),
        site=_quoted(value("site", site)),
        origins=_listed(origins),
        contact="\n".join(f"{key} = {_quoted(said)}" for key, said in contact.items() if said),
        checked=checked.isoformat(),
        publisher=_quoted(contact["name"]),
        title=_quoted(f"Fiches sur {value('name', name)} et ses environs"),
        national=_quoted(_address(national, folder)),
        own=_quoted(_OWN),
    )
    fiche = _FICHE.format(publisher=_quoted(contact["name"]))
    _put(folder, {f"{_OWN}/modele.md.txt": fiche, "catalogue.toml": catalogue})
    return folder / "catalogue.toml"


def copied(folder: Path) -> Path:
    """Copy the catalogue that ships to a folder where it may be changed; its fiches stay.

    Raises CorpusError, as `create` does.
    """
    shipped = SHIPPED / "catalogue.toml"
    text = shipped.read_text(encoding="utf-8")
    for entry in load(shipped).entries:
        if entry.kind == "folder":
            text = text.replace(
                f"address = {_quoted(entry.address)}",
                f"address = {_quoted(SHARED + entry.address)}",
            )
    _put(folder, {shipped.name: text})
    return folder / shipped.name


def value(key: str, text: str | None) -> str:
    """A value of `create`, by its name there, as it will be written; "" for one left out.

    Raises CorpusError when it cannot be written on one line, or is not what it should be.
    """
    what, remedy = _ASKED[key]
    tidy = clean(_one_line(what, text or ""))
    if not tidy and key in _REQUIRED:
        raise CorpusError(f"Il manque {what}. {remedy}")
    if key == "insee":
        tidy = tidy.upper()
    form = {"insee": INSEE, "site": URL, "contact_url": URL}.get(key)
    if tidy and form is not None and not form.fullmatch(tidy):
        raise CorpusError(f"« {tidy} » ne peut pas être {what}. {remedy}")
    return tidy


def _one_line(what: str, text: str) -> str:
    """The text, unless one of its characters has no place on a line."""
    for character in text:
        if character != "\t" and unicodedata.category(character) in _REFUSED:
            raise CorpusError(
                f"Un retour à la ligne ou un caractère illisible (U+{ord(character):04X}) se "
                f"trouve dans {what}. Écrivez tout sur une seule ligne."
            )
    return text


# --- What towns have in common


def commons(catalogue: Catalogue) -> Catalogue:
    """The catalogue without what is of its town: the folders of national fiches that it reads."""
    kept = (e for e in catalogue.entries if e.enabled and e.scope == "national")
    return replace(catalogue, entries=tuple(e for e in kept if e.kind == "folder"))


def own(catalogue: Catalogue, common: Catalogue) -> Catalogue | None:
    """The catalogue without what `common` reads; None where it does not read all of that."""
    shared = {_place(common, entry) for entry in common.entries}
    mine = [(entry, entry.kind == "folder" and entry.enabled) for entry in catalogue.entries]
    held = {_place(catalogue, entry) for entry, read in mine if read}
    if not held >= shared:
        return None
    rest = (e for e, read in mine if not read or _place(catalogue, e) not in shared)
    return replace(catalogue, entries=tuple(rest))


def _place(catalogue: Catalogue, entry: Entry) -> Path:
    return located(catalogue.path.parent, entry.address).resolve()


# --- Writing a town


def _listed(origins: Sequence[str]) -> str:
    """The line of the sites that show the assistant; where there are none, a model of it."""
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise CorpusError(
                f"« {origin} » n'est pas l'origine d'un site : écrivez « https://www.ville.fr », "
                "sans chemin ni barre finale."
            )
    said = ", ".join(map(_quoted, origins))
    return f"origins = [{said}]" if said else '# origins = ["https://www.ville.fr"] ' + _WHICH


_WHICH = "# les sites qui affichent l'assistant, si son serveur a plusieurs villes"


def _quoted(text: str) -> str:
    """A string of one line as TOML and YAML both read it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _address(national: Path, folder: Path) -> str:
    """Those that ship, by their name; else the way from the town's folder, or the whole path."""
    if national.resolve().parent == SHIPPED:
        return f"{SHARED}{national.name}"
    national, folder = national.resolve(), folder.resolve()  # « .. » of a link leads elsewhere
    try:
        address = Path(os.path.relpath(national, folder)).as_posix()
    except ValueError:  # two drives of Windows
        address = national.as_posix()
    return _one_line("le chemin des fiches nationales", address)


def _put(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files into a folder, absent or empty: all of them, or none."""
    try:
        _refuse_occupied(folder)
        _write(folder, files)
    except OSError as error:
        raise CorpusError(
            f"{error.filename or folder} : impossible d'y écrire ({error.strerror}). Vérifiez le "
            "chemin et vos droits, ou choisissez un autre dossier."
        ) from error


def _refuse_occupied(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise CorpusError(f"{folder} est un fichier, pas un dossier. Choisissez un autre nom.")
    found = sorted(folder.iterdir()) if folder.exists() else []
    if found:
        first = next((path for path in found if path.name == "catalogue.toml"), found[0])
        raise CorpusError(
            f"{first} existe déjà, et rien n'est écrasé. Choisissez un dossier absent ou vide."
        )


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write aside in the folder, then move: whatever is raised, what was made is removed.

    Not one rename of the whole: an empty folder may be a mounted volume, or the one that the
    command runs in. The last file moves last: once it is there, all are.
    """
    absent = [place for place in (folder, *folder.parents) if not place.exists()]
    moved: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".init-") as aside:
            for name, text in files.items():
                file = Path(aside, name)
                file.parent.mkdir(exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="\n")
            for top in dict.fromkeys(Path(name).parts[0] for name in files):
                moved.append(Path(aside, top).rename(folder / top))
    except BaseException:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for place in absent:
            with suppress(OSError):  # not made yet
                place.rmdir()
        raise


_CATALOGUE = """\
# Le catalogue de l'assistant : la ville, à qui s'adresser, et ce que l'assistant lit.
#
# Ce fichier se modifie avec un éditeur de texte. Une ligne s'écrit : clé = "valeur".
# Dans une valeur, un guillemet droit s'écrit \\" et une barre oblique inverse \\\\.
# Une ligne qui commence par # est un commentaire : l'assistant ne la lit pas.
# Après une modification, lancez « assistant build ». En cas d'erreur, le message donne la ligne
# à corriger.

# --- La ville ------------------------------------------------------------------------------------

[town]
name = {name}
insee = {insee} # le code de l'Insee, pas le code postal
intercommunality = {intercommunality}
site = {site}
{origins}

# À qui l'assistant renvoie quand il ne sait pas répondre. N'écrivez que ce que la mairie a publié
# et que vous avez vérifié : une ligne absente vaut mieux qu'un ancien numéro de téléphone.
# Lignes possibles : url (page), phone (téléphone), email (courriel), address (adresse),
# hours (horaires).
[town.contact]
{contact}
checked = {checked} # le jour où vous avez vérifié ces renseignements

# Un autre service, pour certains sujets ? Retirez les # et complétez ; « subjects » donne les mots
# des questions qu'il reçoit.
#
# [[contacts]]
# name = "Nom du service"
# url = "https://…"
# phone = "02 …"
# checked = {checked}
# subjects = ["commerce", "local vacant"]

# --- Ce que l'assistant lit ----------------------------------------------------------------------
#
# Chaque source commence par [[entries]] :
#
#   id         son nom court, unique : minuscules sans accent, chiffres, tirets
#   kind       "folder" pour un dossier de fiches, "page" pour une page d'un site, "pdf" pour un
#              document PDF, numérisé ou non, "site" pour une section d'un site (une page et celles
#              où mènent ses liens, ou un plan de site : sitemap.xml), "feed" pour un flux (RSS,
#              Atom)
#   publisher  qui la publie, tel qu'on le montrera
#   title      son titre
#   address    le dossier, depuis ce fichier, ou l'adresse entière de la page ou du PDF ; un PDF
#              qui n'est publié nulle part a son chemin : documents/convention.pdf
#   licence    ce que son éditeur autorise ; "non précisée" s'il ne le dit pas
#   scope      "local" pour la ville et ses environs, "national" pour toute la France
#   refresh    quand la relire : "never" (jamais, si rien n'est écrit), "daily" (chaque jour),
#              "weekly" (semaine), "monthly" (mois), "yearly" (année)
#              (« assistant fetch --due » suit cette règle ; sans --due, tout est relu)
#   depth      pour "site" : combien de liens l'on suit depuis la première page (3)
#   pages      pour "site" et "feed" : combien de pages au plus (200)
#   under      pour "site" : le début du chemin des pages, comme "/vie-pratique/" ; le dossier de
#              l'adresse si rien n'est écrit
#   role       "convention" ou "avenant" quand le document en est un et que « assistant build » ne
#              l'a pas reconnu ; "document" quand il n'en est pas un
#   amends     pour un avenant : l'« id » de la convention qu'il modifie, s'il y en a plusieurs
#   nature     de qui elle vient, pour savoir qui croire : "loi", "État", "officiel" (si rien n'est
#              écrit), "association", "presse", "reprise", "encyclopédie", "commercial", "recherche"
#   replaces   l'« id » de la source que celle-ci remplace entièrement
#   enabled    false pour la laisser de côté sans l'effacer
#   note       pour vous : l'assistant ne la montre pas

# Les fiches nationales sont celles de toutes les villes : elles ne sont pas copiées ici, et
# profitent des mises à jour de l'assistant, où qu'il soit installé.
[[entries]]
id = "national"
kind = "folder"
publisher = "Assistant PVD"
title = "Fiches nationales sur Petites villes de demain"
address = {national}
licence = "Licence Ouverte 2.0"
scope = "national"

# Vos fiches : tous les fichiers en .md de ce dossier. Il peut rester vide. Pour en écrire une,
# partez de modele.md.txt, qui s'y trouve. Les PDF de ce dossier sont lus aussi.
[[entries]]
id = "local"
kind = "folder"
publisher = {publisher}
title = {title}
address = {own}
licence = "Licence Ouverte 2.0"
scope = "local"

# Une page de votre site ? Retirez les # et complétez, puis lancez « assistant fetch » : il en met
# une copie dans le dossier « pages », à côté de ce fichier.
#
# [[entries]]
# id = "ville-pvd"
# kind = "page"
# publisher = "Ville de …"
# title = "Petites villes de demain"
# address = "https://…"
# licence = "non précisée"
# scope = "local"
# refresh = "monthly"
"""

# It has no title: copied and read as it stands, it is refused, and its advice is never an answer.
_FICHE = """\
---
# Une fiche : une page courte, dans vos mots, sur un seul sujet de la commune.
#
# Copiez ce fichier dans ce même dossier sous un nom qui finit par .md, comme marche.md : ce
# modèle, qui finit par .txt, n'est pas lu. Remplissez l'en-tête, remplacez le texte qui le suit,
# puis lancez « assistant build ». En cas d'erreur, le message donne la ligne à corriger.
# Dans l'en-tête, ce qui suit un # est un commentaire : vous pouvez l'effacer.

title: "" # le titre, entre les guillemets ; le même que la ligne « # » du texte
publisher: {publisher} # qui écrit la fiche, tel qu'on le montrera
date: # le jour où vous l'avez écrite, comme 2026-11-22
# review: # facultatif : le jour où il faudra la relire, comme 2027-05-22
licence: Licence Ouverte 2.0 # ce que vous autorisez à qui voudrait reprendre la fiche
scope: local

# Les publications qui disent ce que dit la fiche : une délibération, un bulletin, une page de votre
# site. L'assistant les montre sous chaque phrase qu'il en tire : n'écrivez rien qu'elles ne disent
# pas. Deux sujets qui n'ont pas les mêmes sources font deux fiches.
# Pour une publication de plus, recopiez les lignes à partir de « - publisher ».
sources:
  - publisher: "" # qui l'a publiée
    title: "" # son titre
    url: "" # son adresse, depuis https:// ; laissez vide si elle n'est pas en ligne
    # ou loi, État, association, presse, reprise, encyclopédie, commercial, recherche :
    nature: officiel
    # date: # facultatif : sa date, comme 2026-09-14 ; sans elle, celle de la fiche
---

# Le titre, le même que dans l'en-tête

Un paragraphe court, en français simple, qui dit l'essentiel. Chaque phrase doit se comprendre
seule, car l'assistant la cite telle quelle : écrivez « Le marché a lieu le samedi », pas « Il a
lieu le samedi ».

## Une question, comme un habitant la pose ?

La réponse, en une à quatre phrases, avec les dates, les lieux et les montants.

- Une liste convient pour plusieurs points.
- Chaque point est une phrase.
"""
