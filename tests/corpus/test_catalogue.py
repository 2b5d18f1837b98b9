"""catalogue.toml: what it says, and what it refuses, line and remedy given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpus.catalogue import Contact, Entry, Rows, load
from corpus.errors import ParseError

STARTER = Path(__file__).parents[2] / "corpus" / "starter" / "catalogue.toml"

TOWN = """\
[town]
name = "Exempleville"
insee = "35126"
intercommunality = "Exemple Communauté"
site = "https://exemple.fr"
[town.contact]
name = "Mairie"
checked = 2026-11-22
"""
ENTRY = """\
[[entries]]
id = "fiches"
kind = "folder"
publisher = "Nous"
title = "Nos fiches"
address = "fiches"
licence = "Licence Ouverte 2.0"
scope = "local"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "catalogue.toml"
    path.write_text(text, encoding="utf-8")
    return path


LIST = """
[[entries]]
id = "communes"
kind = "csv"
publisher = "ANCT"
title = "Communes du programme"
address = "https://exemple.fr/liste"
licence = "Licence Ouverte 2.0"
scope = "national"

[entries.rows]
title = "{nom} ({dep})"
columns = { pop = "Population", dep = "" }
where = { pvd = true }
sentence = "{nom} est dans le programme."
date = 2021-01-22
"""


def test_a_csv_says_how_its_rows_are_read(tmp_path: Path) -> None:
    (entry,) = load(written(tmp_path, TOWN + LIST)).entries
    assert entry.rows == Rows(
        title="{nom} ({dep})",
        columns=(("pop", "Population"), ("dep", "")),
        where=(("pvd", "true"),),
        sentence="{nom} est dans le programme.",
        date="2021-01-22",
        named=True,
    )
    listed = LIST.replace('{ pop = "Population", dep = "" }', '["pop", "dep"]')
    (entry,) = load(written(tmp_path, TOWN + listed)).entries
    assert entry.rows is not None and entry.rows.columns == (("pop", ""), ("dep", ""))


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ('"csv"', '"pdf"', 12, "« communes » n'est pas un CSV"),
        (LIST[LIST.index("[entries.rows]") :], "", 12, "ne dit pas ce que sont ses lignes"),
        ("({dep})", "({dep)", 20, "une accolade de « title » est mal placée"),
        ('{ pop = "Population", dep = "" }', "{ pop = 3 }", 21, "n'est pas du bon type"),
        ("2021-01-22", '"hier"', 24, "« hier » n'est pas une date"),
        ('title = "{nom} ({dep})"\n', "", 19, "il manque « title »"),
    ],
)
def test_what_is_wrong_with_rows_is_said_by_its_line(
    tmp_path: Path, old: str, new: str, line: int, problem: str
) -> None:
    assert old in LIST
    path = written(tmp_path, TOWN + LIST.replace(old, new, 1))
    with pytest.raises(ParseError) as refused:
        load(path)
    assert problem in refused.value.problem
    assert refused.value.line == line


def test_starter_town_and_contact() -> None:
    town = load(STARTER).town
    site = "https://www.guichenpontrean.fr"
    assert (town.name, town.insee, town.site) == ("Guichen", "35126", site)
    assert town.intercommunality == "Vallons de Haute Bretagne Communauté"
    # Nobody published more: no phone, no address, no hours.
    assert town.contact == Contact(name="Mairie de Guichen", url=site, checked="2026-11-22")


def test_a_town_suggests_questions(tmp_path: Path) -> None:
    assert load(STARTER).town.suggestions[0] == "C'est quoi Petites villes de demain ?"
    path = tmp_path / "catalogue.toml"
    text = STARTER.read_text(encoding="utf-8")
    path.write_text(re.sub(r"suggestions = \[[^]]*\]", "", text), encoding="utf-8")
    assert load(path).town.suggestions == ()


def test_starter_reads_our_fiches_only() -> None:
    entries = load(STARTER).entries
    read = [(e.id, e.kind, e.address, e.scope, e.licence) for e in entries if e.enabled]
    assert read == [
        ("national", "folder", "national", "national", "Licence Ouverte 2.0"),
        ("guichen", "folder", "guichen", "local", "Licence Ouverte 2.0"),
    ]
    assert {e.kind for e in entries if not e.enabled} == {"page"}
    assert all((STARTER.parent / e.address).is_dir() for e in entries if e.enabled)


def test_values_left_out_have_a_meaning(tmp_path: Path) -> None:
    found = load(written(tmp_path, TOWN + ENTRY))
    assert found.path == tmp_path / "catalogue.toml"
    assert found.contacts == ()
    assert found.entries == (
        Entry(
            id="fiches",
            kind="folder",
            publisher="Nous",
            title="Nos fiches",
            address="fiches",
            licence="Licence Ouverte 2.0",
            scope="local",
            refresh="never",
            enabled=True,
            note="",
            depth=3,
            pages=200,
            under="",
        ),
    )


def test_a_contact_has_its_subjects(tmp_path: Path) -> None:
    contact = """\
[[contacts]]
name = "Manager de commerce"
phone = " 02 00 00 00 00 "
hours = ""
checked = "2026-11-02"
subjects = ["commerce", "local vacant"]
"""
    found = load(written(tmp_path, TOWN + contact))
    assert found.contacts == (
        Contact(
            name="Manager de commerce",
            phone="02 00 00 00 00",
            checked="2026-11-02",
            subjects=("commerce", "local vacant"),
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "problem", "remedy"),
    [
        ('"Nous"', '"Nous', 12, "cette ligne n'est pas du TOML", "sans oublier un guillemet"),
        ('title = "N', 'id = "a"\ntitle = "N', 13, "écrite deux fois", "[[entries]]"),
        ("publisher", "éditeur", 12, "n'est pas du TOML", "clé"),
        (
            "publisher",
            "editeur",
            12,
            "clé inconnue dans [[entries]] : « editeur »",
            "Clés admises : id, kind, publisher, title, address, licence, scope, refresh, "
            "enabled, note, depth, pages, under, role, amends, nature, replaces, rows.",
        ),
        ("[[entries]]", "[[sources]]", 9, "clé inconnue : « sources »", "town, contacts, entries"),
        ("[[entries]]", "[entries]", 9, "n'est pas une liste", "[[entries]]"),
        ("[town]\n", "", 1, "clé inconnue : « name »", "town, contacts, entries"),
        ('scope = "local"\n', "", 9, "il manque « scope » dans [[entries]]", "licence, scope."),
        ('title = "Nos fiches"', 'title = " "', 9, "il manque « title »", "id, kind"),
        ("checked = 2026-11-22\n", "", 6, "« checked » dans [town.contact]", "name, checked."),
        ("2026-11-22", '"hier"', 8, "« hier » n'est pas une date", "2026-11-22"),
        (
            '"folder"',
            '"mp3"',
            11,
            "« mp3 » n'est pas une valeur de « kind »",
            "feed, pdf, docx, odt, csv.",
        ),
        ('"folder"', '"pdf"', 14, "« fiches » n'est pas un fichier PDF", "« .pdf »"),
        ('"local"', '"région"', 16, "« région »", "local, national."),
        ('"folder"', '"page"', 14, "« fiches » n'est pas une adresse", "https://"),
        ('"fiches"\nlic', '"https://a.fr"\nlic', 14, "n'est pas un dossier", "« guichen »"),
        ('id = "fiches"', 'id = "Nos Fiches"', 10, "« Nos Fiches »", "minuscules"),
        ('"35126"', "35126", 3, "« insee » n'est pas du bon type", "entre guillemets"),
        ('"35126"', '"3512"', 3, "« 3512 » n'est pas un code Insee", "cinq"),
        ('"https://exemple.fr"', '"exemple.fr"', 5, "« exemple.fr »", "https://"),
        ('"local"\n', '"local"\npages = "9"\n', 17, "« pages » n'est pas du bon", "un nombre"),
        ('"local"\n', '"local"\npages = true\n', 17, "« pages » n'est pas du bon", "un nombre"),
        ('"local"\n', '"local"\ndepth = 0\n', 17, "« depth » vaut 0", "de 1 à 10"),
        ('"local"\n', '"local"\nunder = "vie"\n', 17, "« vie » n'est pas le début", "la barre"),
        ('"folder"', '"feed"', 14, "« fiches » n'est pas une adresse", "https://"),
        (
            'scope = "local"\n',
            'scope = "local"\nenabled = "non"\n',
            17,
            "« enabled » n'est pas du bon type",
            "true ou false",
        ),
    ],
)
def test_errors_name_the_line_and_the_remedy(
    tmp_path: Path, old: str, new: str, line: int, problem: str, remedy: str
) -> None:
    assert old in TOWN + ENTRY
    path = written(tmp_path, (TOWN + ENTRY).replace(old, new, 1))
    with pytest.raises(ParseError) as refused:
        load(path)
    assert (refused.value.path, refused.value.line) == (path, line)
    assert problem in refused.value.problem
    assert remedy in refused.value.remedy


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    # Eight lines of town, eight of each entry: the second « id » is on line 18.
    path = written(tmp_path, TOWN + ENTRY + ENTRY)
    with pytest.raises(ParseError, match="deux sources s'appellent « fiches »") as refused:
        load(path)
    assert (refused.value.line, refused.value.remedy) == (18, "« id » déjà pris : fiches.")


def test_a_file_from_another_age_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.toml"
    with pytest.raises(ParseError, match="n'existe pas"):
        load(path)
    path.write_bytes("[town]\nname = 'Mâcon'\n".encode("latin-1"))
    with pytest.raises(ParseError, match="UTF-8") as refused:
        load(path)
    assert refused.value.line == 2


SIGNED = """\
[[entries]]
id = "ort"
kind = "pdf"
publisher = "Ville"
title = "Convention"
address = "ort.pdf"
licence = "non précisée"
scope = "local"
role = "convention"

[[entries]]
id = "avenant-1"
kind = "pdf"
publisher = "Ville"
title = "Avenant n° 1"
address = "avenant-1.pdf"
licence = "non précisée"
scope = "local"
amends = "ort"
"""


def test_an_avenant_names_its_convention(tmp_path: Path) -> None:
    found = load(written(tmp_path, TOWN + SIGNED)).entries
    assert [(entry.role, entry.amends) for entry in found] == [
        ("convention", ""),
        ("avenant", "ort"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "problem", "remedy"),
    [
        (
            '"convention"',
            '"contrat"',
            17,
            "« contrat » n'est pas une valeur de « role »",
            "avenant",
        ),
        ('amends = "ort"', 'amends = "otr"', 27, "« otr », qui n'est l'« id » d'aucune", ": ort."),
        ('amends = "ort"', 'amends = "avenant-1"', 27, "qui est un avenant", "« id » de la conv"),
        ('"convention"', '"document"', 27, "qui n'est pas une convention", "« id » de la conv"),
        ('amends = "ort"', 'amends = "ort"\nrole = "convention"', 27, "qu'à un avenant", "Ôtez"),
        ('"pdf"', '"folder"', 17, "« role » ne se dit pas d'une source de pl", "[[entries]]"),
    ],
)
def test_a_wrong_convention_is_told(
    tmp_path: Path, old: str, new: str, line: int, problem: str, remedy: str
) -> None:
    assert old in SIGNED
    changed = SIGNED.replace(old, new, 1).replace(
        '"ort.pdf"', '"ort"' if "folder" in new else '"ort.pdf"'
    )
    with pytest.raises(ParseError) as refused:
        load(written(tmp_path, TOWN + changed))
    assert refused.value.line == line
    assert problem in refused.value.problem
    assert remedy in refused.value.remedy


PAIR = SIGNED.replace('role = "convention"\n', "").replace('amends = "ort"', 'replaces = "ort"')


def test_a_source_says_its_authority_and_what_it_replaces(tmp_path: Path) -> None:
    told = PAIR.replace('replaces = "ort"', 'replaces = "ort"\nnature = "presse"')
    found = load(written(tmp_path, TOWN + told)).entries
    assert [(entry.nature, entry.replaces) for entry in found] == [
        ("officiel", ""),
        ("presse", "ort"),
    ]


@pytest.mark.parametrize(
    ("new", "problem", "remedy"),
    [
        ('replaces = "otr"', "« otr », qui n'est l'« id » d'aucun document", ": ort."),
        ('replaces = "avenant-1"', "« avenant-1 » se remplace lui-même", ": ort."),
        ('nature = "privé"', "« privé » n'est pas une valeur de « nature »", "loi, État, officiel"),
    ],
)
def test_a_wrong_authority_or_replacement_is_told(
    tmp_path: Path, new: str, problem: str, remedy: str
) -> None:
    with pytest.raises(ParseError) as refused:
        load(written(tmp_path, TOWN + PAIR.replace('replaces = "ort"', new)))
    assert problem in refused.value.problem
    assert remedy in refused.value.remedy
