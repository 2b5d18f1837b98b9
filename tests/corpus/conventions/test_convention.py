"""A convention of our own making, read from its PDF with text, and from what OCR read of a scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from forms import FORMS, in_text, made
from valbourg import ANNEXES, ARTICLES, DURATION, FICHES, SIGNATORIES, SIGNED

from corpus.conventions.convention import day, read, role_of
from corpus.documents import Document, Section
from corpus.safety.orders import purge
from corpus.structure import Convention
from index.safety.orders import judge


@pytest.fixture(scope="module", params=FORMS)
def valbourg(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Document:
    return read(in_text("convention", request.param, tmp_path_factory))


def about(document: Document) -> Convention:
    assert document.convention is not None
    return document.convention


def lines(*texts: str, form: str = "prose") -> tuple[Section, ...]:
    """Sections that a file's reader found no heading over."""
    return tuple(Section(("Convention ORT de Valbourg",), text, form=form) for text in texts)


def test_articles_fiches_and_annexes_are_found_with_their_titles(valbourg: Document) -> None:
    found = about(valbourg)
    assert [(p.number, p.title) for p in found.of("article")] == [(n, t) for n, t, _ in ARTICLES]
    assert [(p.number, p.title) for p in found.of("annexe")] == list(ANNEXES)
    assert [(p.number, p.title) for p in found.of("fiche")] == [(f.number, f.title) for f in FICHES]


def test_the_fields_of_a_fiche_are_its_own_words(valbourg: Document) -> None:
    for part, fiche in zip(about(valbourg).of("fiche"), FICHES, strict=True):
        found = {field.name: field for field in part.fields}
        wanted = {
            "pilote": fiche.pilot,
            "partenaires": fiche.partners,
            "budget": fiche.budget,
            "calendrier": fiche.calendar,
        }
        assert {name: found[name].value for name in wanted} == wanted
        for field in found.values():
            text = valbourg.sections[field.section].text
            assert field.value in text and field.label in text


def test_signatories_date_and_duration_are_read(valbourg: Document) -> None:
    found = about(valbourg)
    assert (found.role, found.signed, found.duration) == ("convention", SIGNED, DURATION)
    assert (valbourg.published, valbourg.language) == (SIGNED, "fr")  # the file says neither
    assert {(s.party, s.person) for s in found.signatories} == set(SIGNATORIES)


def test_every_section_knows_its_part(valbourg: Document) -> None:
    for number, _, paragraphs in ARTICLES:
        held = " ".join(s.text for s in valbourg.sections if s.part == f"article {number}")
        assert all(paragraph.rstrip(".") in held for paragraph in paragraphs)  # as OCR may lose it
    annexe = [s for s in valbourg.sections if s.part == "annexe 3"]
    assert any("6 214 habitants" in section.text for section in annexe)
    # no part that is over stands over another one
    assert not any("Fiche action" in heading for s in annexe for heading in s.headings)


def test_no_word_is_lost(tmp_path_factory: pytest.TempPathFactory) -> None:
    given = in_text("convention", "texte", tmp_path_factory)
    kept = read(given)

    def words(sections: Sequence[Section]) -> list[str]:
        said = "\n".join(text for s in sections for text in (*s.headings, s.text))
        return sorted(set(said.replace(".", " ").split()) - {"Sommaire"})

    assert words(kept.sections) == words(given.sections)


def test_what_the_parties_undertake_is_no_order_to_the_assistant(valbourg: Document) -> None:
    assert purge(valbourg, "Convention", judge).withheld == ()


def test_the_signatures_are_one_passage_a_line_for_each(valbourg: Document) -> None:
    (found,) = [s for s in valbourg.sections if s.part == "signatures"]
    assert found.text.startswith("Fait à Valbourg, le 14 mars 2025")
    assert sum(line.startswith("Pour ") for line in found.text.split("\n")) == len(SIGNATORIES)
    assert set(found.fields) == {"signataires", "signature"}


def test_lines_that_no_reader_took_for_headings_open_articles() -> None:
    found = read(
        made(
            *lines(
                "Entre la commune et l'État, il est convenu ce qui suit :",
                "Article 1 - Objet",
                "La convention a un objet.",
                "Article 2 - Durée",
                "Elle est conclue pour une durée de six ans.",
                "Article 3 - Suivi",
                "Un bilan est présenté.",
            )
        )
    )
    assert [(p.key, p.title) for p in about(found).parts] == [
        ("article 1", "Objet"),
        ("article 2", "Durée"),
        ("article 3", "Suivi"),
    ]
    assert found.sections[2].headings == ("Convention ORT de Valbourg", "Article 2 - Durée")
    assert (found.sections[2].part, about(found).duration) == ("article 2", "six ans")


def test_a_title_that_stands_over_nothing_stays_text() -> None:
    found = read(
        made(
            *lines("Les parties conviennent :", "Article 1 - Objet", "Un objet."),
            *lines("Article 2 - Suivi", "Article 3 - Fin"),
        )
    )
    assert [s.text for s in found.sections][-2:] == ["Article 2 - Suivi", "Article 3 - Fin"]


def test_lines_of_contents_open_nothing() -> None:
    found = read(
        made(
            *lines("Les parties conviennent :", "Article 1 : Objet 2", "Article 2 : Suivi 4"),
            *lines("Article 3 : Fin 5", "Un préambule."),
            *lines("Article 1 : Objet", "Un objet.", "Article 2 : Suivi", "Un suivi."),
            *lines("Article 3 : Fin", "Une fin."),
        )
    )
    assert [(p.number, p.title) for p in about(found).parts] == [
        ("1", "Objet"),
        ("2", "Suivi"),
        ("3", "Fin"),
    ]
    (before,) = [s for s in found.sections if s.text == "Un préambule."]
    assert before.part == ""


@pytest.mark.parametrize(
    ("title", "texts"),
    [
        ("Guide de la convention ORT", ("Article 1 : a", "Article 2 : b", "Article 3 : c")),
        ("Convention ORT de Valbourg", ("Les parties ont signé.", "Article 1 : a")),
        ("Rapport sur la convention", ("Les signataires ont dit.", "Il y a trois articles.")),
        ("Compte rendu", ("Avenant n° 1 à la convention : le conseil délibère.",)),
    ],
)
def test_a_document_about_conventions_is_none(title: str, texts: tuple[str, ...]) -> None:
    given = made(*lines(*texts), title=title)
    assert role_of(given) == "" and read(given) is given


def test_the_catalogue_has_the_last_word(valbourg: Document) -> None:
    bare = made(*lines("Un texte."), title="Document signé")
    assert read(bare).convention is None
    assert about(read(bare, "convention")).role == "convention"
    whole = replace(valbourg, convention=None)
    assert read(whole, "document") is whole


def test_a_fiche_of_ours_about_a_convention_is_left_alone(valbourg: Document) -> None:
    ours = replace(valbourg, kind="fiche", convention=None)
    assert read(ours) is ours


def test_signatories_are_those_of_the_first_lines_when_no_signature_names_them() -> None:
    found = read(
        made(
            *lines(
                "La commune de Valbourg, représentée par son maire, Élodie Vernois, ci-après « la "
                "commune » ;",
                "Article 1 : Objet",
                "Un objet.",
                "Article 2 : Suivi",
                "Un suivi.",
                "Article 3 : Fin",
                "Une fin.",
            )
        )
    )
    (only,) = about(found).signatories
    assert (only.party, only.person) == ("La commune de Valbourg", "son maire, Élodie Vernois")
    assert about(found).signed == ""


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Fait à Valbourg, le 1er août 2025", "2025-08-01"),
        ("signée le 14/03/2025", "2025-03-14"),
        ("le 3 DECEMBRE 2024", "2024-12-03"),
        ("le 45/13/2025", ""),
        ("le ………… 2025", ""),
    ],
)
def test_days_are_read_as_they_are_written(text: str, iso: str) -> None:
    assert day(text) == iso


def agreement(*parts: tuple[str, str], end: str = "Fait à Valbourg, le 3 mai 2031") -> Document:
    """A convention of (title, text) parts, between two parties."""
    title = "Convention de délégation"
    sections = [Section((title,), "La commune, ci-après « le délégant »")]
    sections += [Section((title, heading), text) for heading, text in parts]
    return Document(
        "c", "docx", None, title, "Ville", "", "", "", "2026-11-22", "fr", "local",
        (*sections, Section((title,), end)),
    )  # fmt: skip


def test_parts_numbered_alone_are_articles_and_keep_their_words() -> None:
    found = read(
        agreement(
            ("I – OBJET", "Elle porte sur la halle."),
            ("II – MOYENS", "La commune prête un local."),
            ("III – DURÉE", "Elle est conclue pour une durée de trois ans."),
        )
    )
    assert found.convention is not None
    assert [(p.kind, p.number) for p in found.convention.parts] == [
        ("article", "1"),
        ("article", "2"),
        ("article", "3"),
    ]
    assert found.sections[3].headings == ("Convention de délégation", "III – DURÉE")
    assert found.convention.duration == "trois ans"


def test_all_the_tables_under_the_signature_name_who_signs() -> None:
    title, ends = "Convention de délégation", "Article 9 – Fin"
    document = agreement((ends, "Elle prend fin en mai."))
    day = "Fait à Valbourg, le 3 mai 2031"
    tables = (
        Section((title, ends), day),
        Section((title, ends, day), "Pour la commune : Armand Le Vasseur.", form="row"),
        Section((title, ends), "Pour l'État : Bastien Roumégoux.", form="row"),
    )
    found = read(replace(document, sections=(*document.sections[:-1], *tables)), "convention")
    assert found.convention is not None
    assert [(s.party, s.person) for s in found.convention.signatories] == [
        ("la commune", "Armand Le Vasseur"),
        ("l'État", "Bastien Roumégoux"),
    ]
    assert found.sections[-1].text.count("\n") == 2


def test_neither_a_lease_nor_a_clause_is_taken_for_the_convention_s_own() -> None:
    found = read(
        agreement(
            ("Article 1 – Objet", "Elle porte sur la halle."),
            ("Article 2 – Local", "Le bail est consenti pour une durée de neuf ans."),
            ("Article 3 – Durée du bail", "Il est conclu pour une durée de neuf ans."),
            end="Fait à Valbourg, le 3 mai 2031\nPour l'exécution des présentes, les parties "
            "doivent élire domicile en mairie.",
        )
    )
    assert found.convention is not None
    assert (found.convention.duration, found.convention.signatories) == ("", ())
