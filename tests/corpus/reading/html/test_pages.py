"""HTML pages -> sections: what is kept, its words, its headings, its place in the page."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest
import ten
import trafilatura

from corpus.documents import Document, Section
from corpus.errors import ParseError
from corpus.reading.html import pages
from corpus.sandbox.parent import Done, Limits, Sandbox

PAGES = Path(__file__).parents[3] / "data" / "pages"
BENCH = Path(__file__).parents[5] / "shared" / "bench" / "html"
SENTENCE = "Le conseil municipal a adopté la convention à l’unanimité des membres présents. "


def page(name: str) -> Document:
    return document((PAGES / f"{name}.html").read_bytes())


def document(html: bytes) -> Document:
    return pages.read(
        html,
        id="essai",
        url="https://exemple.fr/page",
        publisher="Ville d’Exempleville",
        licence="non précisée",
        fetched="2026-11-22",
    )


def body(inside: str) -> Document:
    """A page with a paragraph long enough to be main content, then `inside`."""
    html = f"<html><body><main><h1>Titre</h1><p>{SENTENCE * 3}</p>{inside}</main></body></html>"
    return document(html.encode())


def after(inside: str) -> list[Section]:
    return list(body(inside).sections[1:])


def test_the_page_says_what_it_is() -> None:
    found = page("aides")
    assert (found.id, found.kind, found.url) == ("essai", "page", "https://exemple.fr/page")
    assert (found.publisher, found.licence) == ("Ville d’Exempleville", "non précisée")
    assert (found.title, found.language, found.scope) == ("Rénover son logement", "fr", "local")
    # published: the meta wins over JSON-LD; updated: only JSON-LD says it
    assert (found.published, found.updated) == ("2025-03-04", "2025-06-18")
    assert found.fetched == "2026-11-22"


def test_sections_stand_under_their_headings_and_anchors() -> None:
    found = page("aides")
    title, aides = "Rénover son logement", "Les aides de la Ville"
    taux = (title, aides, "Le taux selon la durée", "Réduction d’impôt")
    assert [(s.headings, s.anchor, s.form) for s in found.sections] == [
        ((title,), "contenu", "prose"),
        ((title, aides), "aides", "prose"),
        ((title, aides), "aides", "prose"),
        ((title, aides), "aides", "list"),
        (taux, "taux", "row"),
        (taux, "taux", "row"),
        ((title, "Qui contacter"), "contact", "prose"),
    ]


def test_a_paragraph_keeps_the_words_of_the_page() -> None:
    first, second = page("aides").sections[:2]
    assert first.text == (
        "La Ville accompagne les propriétaires qui remettent en état un logement ancien du "
        "centre‑ville, avec l’aide de l’État et de l’intercommunalité, jusqu’au "
        "31\u00a0décembre\u00a02027."
    )
    # inline markup and links add no space and lose no word
    assert second.text == (
        "La prime de sortie de vacance s’élève à 3\u00a0000\u00a0€ par logement, versée après la "
        "visite d’achèvement des travaux par le service de l’urbanisme."
    )


def test_a_list_has_an_item_a_line() -> None:
    assert page("aides").sections[3].text.split("\n") == [
        "- un devis détaillé de moins de trois mois ;",
        "- un justificatif de propriété :",
        "- l’acte de vente,",
        "- ou la taxe foncière ;",
        "- des photographies du logement avant les travaux.",
    ]


def test_a_row_says_its_headers() -> None:
    assert [s.text for s in page("aides").sections if s.form == "row"] == [
        "Durée : 6 ans ; Taux : 12 % ; Plafond : 300 000 €",
        "Durée : 9 ans ; Taux : 18 % ; Plafond : 300 000 €",  # one cell, two rows
    ]


@pytest.mark.parametrize(
    "hidden",
    ["99 000", "supprimée en 2020", "robots d’indexation", "Montant à revoir", "Mentions légales"],
)
def test_what_nobody_sees_is_never_read(hidden: str) -> None:
    assert hidden in (PAGES / "aides.html").read_text(encoding="utf-8")
    assert all(hidden not in section.text for section in page("aides").sections)


def test_accordions_end_their_own_headings() -> None:
    found = page("accordeon")
    assert [(s.headings[1:], s.anchor) for s in found.sections] == [
        ((), "haut"),
        (("Comment trouver un local vide ?",), "local"),  # a button in an h3
        (("Peut-on étaler le premier loyer ?",), "loyer"),  # a summary in details
        ((), "haut"),
        ((), "haut"),
    ]


def test_an_old_page_laid_out_in_tables() -> None:
    found = page("ancien")
    voted = (
        "Le conseil municipal a voté les tarifs qui suivent pour les exposants réguliers et pour "
        "les exposants de passage"
    )
    assert [(s.headings[1:], s.anchor, s.form, s.text[:30]) for s in found.sections] == [
        (("Le marché du samedi",), "marche", "prose", "Le marché se tient chaque samed"[:30]),
        (("Le marché du samedi",), "marche", "prose", "Les emplacements coûtent 2 € l"),
        (
            ("Le marché du samedi", "Les tarifs des droits de place"),
            "marche",
            "prose",
            "Le conseil municipal a voté le",
        ),
        (
            ("Le marché du samedi", "Les tarifs des droits de place", voted),
            "marche",
            "row",
            "Exposant : Régulier ; Tarif : ",
        ),
        (
            ("Le marché du samedi", "Les tarifs des droits de place", voted),
            "marche",
            "row",
            "Exposant : De passage ; Tarif ",
        ),
    ]
    assert (found.title, found.published) == ("Le marché – Commune d'Ancienneville", "")


@pytest.mark.parametrize(
    ("html", "anchor"),
    [
        ('<h2 id="a">Aides</h2>', "a"),
        ('<h2><span id="a"></span>Aides</h2>', "a"),
        ('<a name="a"></a><h2>Aides</h2>', "a"),
        ('<p><a id="a"></a></p><h2>Aides</h2>', "a"),
        ('<div id="a"><div><h2>Aides</h2></div></div>', "a"),
        ('<div id="a"><p>Avant.</p><h2>Aides</h2></div>', None),  # #a leads above the heading
        ('<i id="a"></i><h2 id="a">Aides</h2>', None),  # two targets: #a leads to the first
        ('<h2 id="a b">Aides</h2>', None),
        ("<h2>Aides</h2>", None),
    ],
)
def test_anchor(html: str, anchor: str | None) -> None:
    section = after(f"{html}<p>{SENTENCE * 2}</p>")[-1]
    assert (section.headings[-1], section.anchor) == ("Aides", anchor)


def test_an_anchorless_heading_takes_the_one_it_stands_under() -> None:
    section = after(f'<h2 id="a">Aides</h2><h3>Travaux</h3><p>{SENTENCE * 2}</p>')[0]
    assert (section.headings, section.anchor) == (("Titre", "Aides", "Travaux"), "a")


def test_a_heading_alone_in_its_section_titles_the_next() -> None:
    text = f"<p>{SENTENCE * 2}</p>"
    alone = after(f"<section><h2>Aides</h2></section><section>{text}</section>")
    boxed = after(f"<section><h2>Aides</h2>{text}</section><p>{SENTENCE * 4}</p>")
    assert [s.headings for s in alone] == [("Titre", "Aides")]
    assert [s.headings for s in boxed] == [("Titre", "Aides"), ("Titre",)]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "<tr><th>Durée</th><td>6 ans</td></tr><tr><th>Taux :</th><td>12 %</td></tr>",
            ["Durée : 6 ans", "Taux : 12 %"],
        ),
        (
            "<tr><th></th><th>2024</th><th>2025</th></tr>"
            "<tr><th>Dossiers</th><td>12</td><td></td></tr>",
            ["Dossiers ; 2024 : 12"],
        ),
        (
            "<tr><th rowspan=2>Zone</th><th colspan=2>Plafond</th></tr>"
            "<tr><th>seul</th><th>couple</th></tr><tr><td>B2</td><td>10</td><td>20</td></tr>",
            ["Zone : B2 ; Plafond, seul : 10 ; Plafond, couple : 20"],
        ),
        (
            "<tr><td><b>Jour</b></td><td><b>Heure</b></td></tr><tr><td>lundi</td><td>9 h</td></tr>",
            ["Jour : lundi ; Heure : 9 h"],
        ),
        ("<tr><td>lundi</td><td>9 h</td></tr>", ["lundi ; 9 h"]),
    ],
)
def test_rows(table: str, rows: list[str]) -> None:
    found = after(f"<p>{SENTENCE}</p><table>{table}</table><p>{SENTENCE * 4}</p>")
    assert [s.text for s in found if s.form == "row"] == rows


def test_a_row_across_the_table_heads_those_below() -> None:
    found = after(
        "<table><tr><th>Aide</th><th>Taux</th></tr><tr><th colspan=2>Bailleurs</th></tr>"
        f"<tr><td>Travaux lourds</td><td>35 %</td></tr></table><p>{SENTENCE * 2}</p>"
    )
    assert (found[0].headings, found[0].text) == (
        ("Titre", "Bailleurs"),
        "Aide : Travaux lourds ; Taux : 35 %",
    )


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Titre | Ville</title>", "Titre"),  # the h1 tells where the site's name begins
        ("<title>Ville : le commerce</title>", "Ville : le commerce"),
        (
            '<title>x</title><meta property="og:title" content="Le commerce – Ville">'
            '<meta property="og:site_name" content="Ville">',
            "Le commerce",
        ),
        ("", "Titre"),
    ],
)
def test_title(head: str, title: str) -> None:
    html = f"<html><head>{head}</head><body><h1>Titre</h1><p>{SENTENCE * 4}</p></body></html>"
    found = document(html.encode())
    assert (found.title, found.sections[0].headings[0]) == (title, title)


@pytest.mark.parametrize(
    ("marked", "published"),
    [
        ('<time itemprop="datePublished" datetime="2024-05-06T10:00">6 mai</time>', "2024-05-06"),
        ('<meta itemprop="datePublished" content="2024-05-06">', "2024-05-06"),
        ("<p>Publié le 6 mai 2024.</p>", ""),  # never guessed
        ('<time datetime="2024-05-06">6 mai</time>', ""),  # an event's date, maybe
        ('<meta property="article:published_time" content="06/05/2024">', ""),
        (
            '<script type="application/ld+json">[{"datePublished": "2024-05-06"},'
            '{"datePublished": "2023-01-01"}]</script>',
            "",  # two pages' dates: nothing says which is this page's
        ),
        ('<script type="application/ld+json">{"datePublished": </script>', ""),
    ],
)
def test_dates_are_those_marked_up(marked: str, published: str) -> None:
    assert body(f"{marked}<p>{SENTENCE * 2}</p>").published == published


@pytest.mark.parametrize(
    ("meta", "encoding"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ("", "cp1252"),  # nothing said, and not UTF-8
        ('<meta charset="iso-8859-1">', "cp1252"),  # « ’ » exists only in Windows-1252
        ('<meta charset="iso-8859-1">', "utf-8"),  # converted, the old declaration left
        ('<meta charset="mac-roman">', "mac-roman"),
        ('<meta charset="x-inconnu">', "cp1252"),
    ],
)
def test_encoding(meta: str, encoding: str) -> None:
    html = f"<html><head>{meta}</head><body><h1>Été</h1><p>{SENTENCE * 4}</p></body></html>"
    found = document(html.encode(encoding))
    assert (found.title, found.sections[0].text) == ("Été", (SENTENCE * 4).strip())


def test_the_same_block_for_narrow_screens_is_read_once() -> None:
    twice = f"<div>{SENTENCE * 2}Deux fois.</div>" * 2
    assert [s.text for s in after(twice)] == [f"{SENTENCE * 2}Deux fois."]


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "ce n'est pas une page HTML"),
        (b'{"message": "introuvable"}', "ce n'est pas une page HTML"),
        (b"", "ce n'est pas une page HTML"),
        (b"<html><body><p>x</p>" + b" " * 20_000_000, "la page pèse 20.0 Mo"),
        (b"<html><body><div id=app></div><script>start()</script></body></html>", "presque pas de"),
        (
            b"<html><body><nav>" + b"<a href=/x>Une rubrique du site</a>" * 60 + b"</nav></body>",
            "la page affiche 1200 caract",  # 60 times 20 letters
        ),
    ],
)
def test_a_page_that_cannot_be_read_is_refused(html: bytes, problem: str) -> None:
    with pytest.raises(ParseError, match=problem) as refused:
        document(html)
    assert (refused.value.path, refused.value.line) == ("https://exemple.fr/page", None)
    assert refused.value.remedy.endswith(".")


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)))


def f1(text: str, truth: str) -> float:
    found, wanted = shingles(text), shingles(truth)
    return 2 * (found & wanted).total() / (found.total() + wanted.total())


def shown(found: Document) -> str:
    """The text of a document, each heading but the title once, where it begins."""
    lines: dict[object, str] = {}
    for number, section in enumerate(found.sections):
        for depth in range(1, len(section.headings)):
            lines.setdefault(section.headings[: depth + 1], section.headings[depth])
        lines[number] = section.text
    return "\n".join(lines.values())


@pytest.mark.quality
def test_real_pages_lose_nothing_to_trafilatura_alone() -> None:
    """60 pages, F1 over bags of 4-word shingles: 0.982, trafilatura 0.981 (2026-11)."""
    if not BENCH.is_dir():
        pytest.skip(f"{BENCH} is not here")
    truth = json.loads((BENCH / "ground-truth.json").read_text(encoding="utf-8"))
    ours, theirs = [], []
    for name, page in truth.items():
        html = gzip.decompress((BENCH / "html" / f"{name}.html.gz").read_bytes())
        alone = trafilatura.extract(html, include_comments=False, favor_precision=True)
        ours.append(f1(shown(document(html)), page["articleBody"]))
        theirs.append(f1(alone or "", page["articleBody"]))
    assert len(ours) == 60
    assert sum(ours) / 60 >= sum(theirs) / 60 - 0.01


# Each is small, and takes a parser minutes or gigabytes.
BOMBS = {
    "300 000 attributes": lambda: "<p " + " ".join(f"a{n}=1" for n in range(300_000)) + ">Oui.",
    "100 000 levels": lambda: "<div>" * 100_000 + "Oui.",
    "a table that spans itself": lambda: (
        "<table>"
        + "".join(f"<tr>{'<td rowspan=100 colspan=100>a</td>' * 30}</tr>" for _ in range(100))
        + "</table>"
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_page_that_attacks_is_an_answer_in_time(tmp_path: Path, name: str) -> None:
    path = tmp_path / "page.html"
    path.write_text(f"<html><body><main>{BOMBS[name]()}</main></body></html>", encoding="utf-8")
    about = dict.fromkeys(("id", "url", "publisher", "licence", "fetched"), "essai")
    with Sandbox(Limits(seconds=5.0)) as sandbox:
        done = sandbox.run("corpus.reading.html.pages:parse", path, **about)
        path.write_bytes((PAGES / "aides.html").read_bytes())
        after = sandbox.run("corpus.reading.html.pages:parse", path, **about)
    assert isinstance(done, Done) or (done.problem and done.remedy)
    assert isinstance(after, Done) and after.value["document"]["title"] == "Rénover son logement"


def test_a_list_knows_how_many_points_it_has_unless_one_holds_another() -> None:
    told = "<p>La demande comprend les pièces que voici, toutes à fournir en mairie.</p>"
    flat, nested = (
        body(f"{told}<ul><li>un devis signé</li><li>un acte{inner}</li></ul>").sections
        for inner in ("", "<ul><li>de vente</li></ul>")
    )
    assert [e.size for s in flat for e in s.extents] == [2]
    assert [e.size for s in nested for e in s.extents] == [0]


# --- What markup says beside its words

FILLER = "<p>La commune verse une aide aux habitants qui rénovent un logement ancien du bourg.</p>"


def told(body: str) -> list[tuple[tuple[str, ...], str]]:
    """(headings under the title, text) of the sections of a page without `<main>`."""
    page = f"<html><head><title>Aides</title></head><body><div>{FILLER}{body}{FILLER}</div></body>"
    found = document(page.replace(FILLER, FILLER, 1).encode("utf-8"))
    return [(section.headings[1:], section.text) for section in found.sections]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("L'aide est de <del>500 €</del> <ins>700 €</ins> par an.", "L'aide est de 700 € par an."),
        ("Le repas coûte <s>3 €</s> 4 € le midi.", "Le repas coûte 4 € le midi."),
        (
            'Le bac coûte <span style="text-decoration: line-through">9 €</span> 8 €, posé.',
            "Le bac coûte 8 €, posé.",
        ),
        ("L'aide est de 500 €<sup>1</sup> par foyer.", "L'aide est de 500 € par foyer."),
        ("Il faut 15<sup>3</sup> parts à la fin.", "Il faut 15 parts à la fin."),
        ("Elle compte 120<sup><a href='#n12'>12</a></sup> lots.", "Elle compte 120 lots."),
        ("Un terrain de 40 m<sup>2</sup> au moins.", "Un terrain de 40 m² au moins."),
        ("Le 1<sup>er</sup> mai, la mairie est fermée.", "Le 1er mai, la mairie est fermée."),
        ("La visite coûte 12<sup>50</sup> € par famille.", "La visite coûte 12⁵⁰ € par famille."),
        ("L'air contient du CO<sub>2</sub> partout.", "L'air contient du CO2 partout."),
    ],
)
def test_a_sentence_says_what_its_readers_take_from_it(written: str, said: str) -> None:
    assert ((), said) in told(f"<p>{written}</p>")


def test_a_term_travels_with_its_description() -> None:
    dl = "<dl><dt>Lundi</dt><dd>9h à 12h</dd><dd>14h à 17h</dd><dt>Samedi</dt><dt>Dimanche</dt>"
    text = "- Lundi : 9h à 12h\n- Lundi : 14h à 17h\n- Samedi, Dimanche : fermé"
    assert ((), text) in told(f"{dl}<dd>fermé</dd></dl>")


def test_an_abbreviation_is_explained_apart_from_the_words_quoted() -> None:
    long = "Opération programmée d'amélioration de l'habitat"
    found = told(f'<p>L\'<abbr title="{long}">OPAH</abbr> aide les propriétaires du bourg.</p>')
    assert ((), "L'OPAH aide les propriétaires du bourg.") in found
    assert found[-1] == ((), f"OPAH : {long}")


def test_the_values_that_a_form_shows_are_read() -> None:
    form = (
        '<form><p><label>Caution :</label> <input value="150 €" readonly> à verser à la mairie.</p>'
        "<p>Quartier : <select><option>Nord</option><option selected>Bourg</option></select></p>"
        '<p><input type="hidden" value="jeton"><input type="submit" value="Envoyer"></p></form>'
    )
    texts = [text for _, text in told(form)]
    assert "Caution : 150 € à verser à la mairie." in texts
    assert not any("jeton" in text or "Envoyer" in text or "Nord" in text for text in texts)


def test_short_conditions_are_kept_without_a_main() -> None:
    asked = "<h2>Conditions</h2><p>Les critères suivants doivent être remplis :</p>"
    items = "<ul><li>Résider ici.</li><li>Être majeur.</li></ul>"
    assert (("Conditions",), "- Résider ici.\n- Être majeur.") in told(asked + items)


def test_opposite_lists_stand_under_their_bold_titles() -> None:
    body = (
        "<h2>Tri</h2><p><b>Acceptés</b></p><ul><li>Bois</li><li>Carton</li></ul>"
        "<p><u><b>Refusés</b></u></p><ul><li>Amiante</li><li>Pneus</li></ul>"
    )
    found = told(body)
    assert (("Tri", "Acceptés"), "- Bois\n- Carton") in found
    assert (("Tri", "Refusés"), "- Amiante\n- Pneus") in found


def test_boxes_side_by_side_keep_their_lists_and_head_nothing_else() -> None:
    html = (ten.TEXTS / "vauclaron" / "services.html").read_bytes()
    found = [(section.headings[2:], section.text) for section in document(html).sections]
    at = found.index(
        (
            ("Trier ses déchets", "Acceptés au composteur de quartier"),
            "- épluchures et marc de café\n- coquilles d'œufs\n- fleurs fanées",
        )
    )
    assert found[at + 1][0] == ("Trier ses déchets", "Refusés")
    assert found[at + 2][0] == ("Trier ses déchets",)
    assert found[at + 2][1].startswith("Le composteur de la rue Traversière est ouvert")


@pytest.mark.parametrize(
    ("inside", "findable"),
    [
        ("<ul><li>Bois</li><li>Vieux <b>carton</b></li></ul>", True),
        ("<p>Ouvert le lundi et le jeudi matin, sur rendez-vous.</p>", True),
        (
            "<table><tr><th>Jour</th><th>Ici</th></tr><tr><td>Lundi</td><td>9 h</td></tr></table>",
            False,
        ),
        ("<p>L'aide est de <del>500</del> <ins>700</ins> euros par logement.</p>", False),
        ("<p>Mairie de Valbourg,<br>place du Puits, au premier étage.</p>", False),
        ("<dl><dt>Marché</dt><dd>le mercredi</dd></dl>", False),
    ],
)
def test_what_a_browser_finds_on_the_page_is_known(inside: str, findable: bool) -> None:
    assert {not section.composed for section in after(inside)} == {findable}


def test_a_bold_line_over_nothing_is_text() -> None:
    found = told("<h2>Piscine</h2><p><b>Fermée le dimanche</b></p><h2>Stade</h2><p>Ouvert.</p>")
    assert (("Piscine",), "Fermée le dimanche") in found


def test_the_title_of_an_order_stands_over_its_articles() -> None:
    html = (
        "<html><head><title>Arrêté</title></head><body><h4>Département</h4><h5>Bourg</h5>"
        "<p><u><b>Portant interdiction de stationner rue des Tilleuls</b></u></p>"
        "<p>Vu le code de la route, et la demande du comité des fêtes pour sa brocante,</p>"
        "<h5>ARRETE</h5><p>Article 1 – Le stationnement est interdit de 6 h à 20 h sur toute la "
        "longueur de la voie.</p></body></html>"
    )
    found = document(html.encode("utf-8")).sections
    assert found[0].text == "Département"
    title = "Portant interdiction de stationner rue des Tilleuls"
    assert found[-1].headings == ("Arrêté", title, "ARRETE")


def test_twin_tables_are_told_apart_by_the_sentence_before_each() -> None:
    def table(price: str) -> str:
        head = "<tr><th>Quotient</th><th>Prix</th></tr>"
        return f"<table>{head}<tr><td>500</td><td>{price}</td></tr></table>"

    body = f"<p>Enfants d'ici :</p>{table('1 €')}<p>Enfants d'ailleurs.</p>{table('2 €')}"
    found = told(body)
    assert (("Enfants d'ici",), "Quotient : 500 ; Prix : 1 €") in found
    assert (("Enfants d'ailleurs",), "Quotient : 500 ; Prix : 2 €") in found


def test_a_first_row_without_figures_over_rows_of_figures_names_columns() -> None:
    rows = "<tr><td>Salle</td><td>Prix</td></tr><tr><td>Halle</td><td>85 €</td></tr>"
    found = told(f"<table>{rows}<tr><td>Lavoir</td><td>20 €</td></tr></table>")
    assert [text for _, text in found][1:3] == [
        "Salle : Halle ; Prix : 85 €",
        "Salle : Lavoir ; Prix : 20 €",
    ]


def test_a_page_is_weighed_without_its_embedded_images() -> None:
    image = b'<img src="data:image/png;base64,' + b"A" * 20_000_000 + b'">'
    html = f"<html><body><main>{FILLER * 3}</main></body></html>".encode()
    assert document(html.replace(b"</main>", image + b"</main>")).sections
