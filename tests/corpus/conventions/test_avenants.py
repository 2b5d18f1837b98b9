"""What an avenant says it changes, and what is marked for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from forms import FORMS, in_text, made

from corpus.conventions.avenants import _changes, link, read
from corpus.conventions.convention import read as structured
from corpus.documents import Document, Section


@pytest.fixture(scope="module", params=FORMS)
def linked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Document]:
    """The convention of Valbourg and its two avenants."""
    names = ("avenant-2", "convention", "avenant-1")  # in any order
    documents = [read(structured(in_text(name, request.param, tmp_path_factory))) for name in names]
    found, troubles = link(documents)
    assert troubles == []
    return {document.id: document for document in found}


def marked(document: Document, part: str) -> set[tuple[str, tuple[str, ...]]]:
    """The texts of a part, and the avenants that changed them."""
    return {
        (section.text, tuple(change.title for change in section.superseded))
        for section in document.sections
        if section.part == part and (section.superseded or section.amends)
    }


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("L'article 5 de la convention est remplacé par :", [("remplacé", "article 5")]),
        ("L’article 5, tel que modifié, est ainsi rédigé :", [("remplacé", "article 5")]),
        ("Les dispositions de l'article 6 sont abrogées.", [("supprimé", "article 6")]),
        ("La fiche action n° 3 est modifiée comme suit :", [("modifié", "fiche 3")]),
        ("L'annexe 2 est complétée par un plan.", [("complété", "annexe 2")]),
        ("Après l'article 7, il est inséré un article 7 bis :", [("ajouté", "article 7 bis")]),
        ("Une fiche action n° 7 est ajoutée.", [("ajouté", "fiche 7")]),
        ("Au deuxième alinéa de l'article 4, les mots « x » sont remplacés par « y ».",
         [("modifié", "article 4")]),
        ("À l'article 4, il est ajouté un alinéa ainsi rédigé :", [("complété", "article 4")]),
        ("Le présent avenant modifie l'article 9 comme suit :", [("modifié", "article 9")]),
        ("L'article 5 est remplacé ; l'article 6 est supprimé.",
         [("remplacé", "article 5"), ("supprimé", "article 6")]),
        ("La durée de la convention est prolongée de deux ans.", [("modifié", "convention")]),
        # references, laws, quotations and rules about changing are no change
        ("En application de l'article 12, la convention est modifiée.", []),
        ("L'article 157 de la loi ELAN est modifié.", []),
        ("« L'article 5 est remplacé »", []),
        ("Conformément à l'article 3, un bilan est présenté.", []),
        ("Les autres articles de la convention demeurent inchangés.", []),
        ("L'article 12 prévoit que la convention peut être modifiée.", []),
    ],
)  # fmt: skip
def test_sentences_announce_changes(text: str, changes: list[tuple[str, str]]) -> None:
    assert [(change.effect, change.parts[0]) for change in _changes(text)] == changes


def test_a_breath_may_change_several_parts() -> None:
    (change,) = _changes("Les articles 5, 6 à 8 et 9 bis sont supprimés.")
    assert change.parts == ("article 5", "article 6", "article 7", "article 8", "article 9 bis")


def test_a_change_of_some_words_names_them() -> None:
    (change,) = _changes("À l'article 6, la somme « 10 € » est remplacée par la somme « 20 € ».")
    assert change.words == ("10 €",)
    (change,) = _changes("Le budget et le calendrier de la fiche action n° 3 sont modifiés :")
    assert change.fields == ("budget", "calendrier")


def test_replaced_words_stay_marked_and_the_new_say_of_what(linked: dict[str, Document]) -> None:
    old = marked(linked["convention"], "article 5")
    assert (
        "La présente convention est conclue pour une durée de cinq ans à compter de sa signature.",
        ("avenant n° 1",),
    ) in old
    new = [s for s in linked["avenant-1"].sections if s.part == "article 5"]
    assert any("sept ans" in section.text for section in new)
    assert {s.headings[-1] for s in new} == {"remplace l'article 5 (Durée de la convention)"}


def test_a_fiche_is_changed_in_the_fields_that_the_avenant_gives(
    linked: dict[str, Document],
) -> None:
    assert marked(linked["convention"], "fiche 3") == {
        ("Budget prévisionnel : 936 000 € hors taxes.", ("avenant n° 1", "avenant n° 2")),
        ("Calendrier : Ouverture prévue en octobre 2027.", ("avenant n° 1",)),
    }


def test_an_avenant_may_change_the_one_before(linked: dict[str, Document]) -> None:
    assert (
        "Budget prévisionnel : 1 058 000 € hors taxes.",
        ("avenant n° 2",),
    ) in marked(linked["avenant-1"], "fiche 3")


def test_only_the_words_quoted_are_marked(linked: dict[str, Document]) -> None:
    assert marked(linked["convention"], "article 6") == {
        (
            "Le montant total des actions inscrites à la convention est estimé à 4 856 000 € hors "
            "taxes.",
            ("avenant n° 1",),
        )
    }


def test_what_is_completed_deleted_or_added_is_told_apart(linked: dict[str, Document]) -> None:
    about = linked["avenant-1"].convention
    assert about is not None
    assert [(change.effect, change.part) for change in about.changes] == [
        ("remplacé", "article 5"),
        ("modifié", "fiche 3"),
        ("modifié", "article 6"),
        ("complété", "article 4"),
        ("supprimé", "article 9"),
        ("ajouté", "article 7 bis"),
    ]
    assert (about.name, about.signed, about.duration) == ("avenant n° 1", "2026-05-12", "sept ans")
    effects = {
        (s.part, change.effect)
        for s in linked["convention"].sections
        for change in s.superseded
        if change.title == "avenant n° 1"
    }
    assert effects == {
        ("article 4", "complété"),
        ("article 5", "remplacé"),
        ("article 6", "modifié"),
        ("article 9", "supprimé"),
        ("fiche 3", "modifié"),
    }


def test_articles_of_an_avenant_are_not_the_conventions(linked: dict[str, Document]) -> None:
    parts = {section.part for section in linked["avenant-1"].sections}
    assert "avenant-1 article 8" in parts and "article 8" not in parts


def test_an_avenant_without_its_convention_is_told(linked: dict[str, Document]) -> None:
    alone = replace(linked["avenant-1"], amends="")
    assert [t.problem for t in link([alone])[1]] == [
        "c'est un avenant, mais aucune convention n'est dans les documents lus"
    ]
    twins = [replace(linked["convention"], id=name) for name in ("ort", "adhesion")]
    (trouble,) = link([*twins, alone])[1]
    assert trouble.problem.endswith(": ort, adhesion") and "« amends »" in trouble.remedy
    chosen, none = link([*twins, replace(alone, amends="ort")])
    assert none == [] and chosen[2].amends == "ort"
    (trouble,) = link([*twins, replace(alone, amends="absent")])[1]
    assert "« absent », n'a pas été lue" in trouble.problem


def test_a_part_that_the_convention_lacks_is_told(linked: dict[str, Document]) -> None:
    avenant = made(
        Section(("Avenant n° 1", "Article 1 : Objet"), "L'article 27 est supprimé."),
        Section(("Avenant n° 1", "Article 1 : Objet"), "Les parties signent la convention."),
        title="Avenant n° 1",
    )
    convention = replace(linked["convention"])
    (trouble,) = link([convention, read(structured(avenant))])[1]
    assert "l'avenant n° 1 modifie l'article 27, introuvable dans" in trouble.problem


def test_a_duration_changed_by_its_name_is_found(linked: dict[str, Document]) -> None:
    avenant = made(
        Section(
            ("Avenant n° 1", "Article 1 : Prolongation"),
            "La durée de la convention est portée à huit ans. Les parties en conviennent.",
        ),
        title="Avenant n° 1",
    )
    bare = replace(
        linked["convention"],
        sections=tuple(replace(s, superseded=()) for s in linked["convention"].sections),
    )
    found, troubles = link([bare, read(structured(avenant))])
    assert troubles == []
    changed = [s.text for s in found[0].sections if s.superseded]
    assert changed == [
        "La présente convention est conclue pour une durée de cinq ans à compter de sa signature."
    ]
