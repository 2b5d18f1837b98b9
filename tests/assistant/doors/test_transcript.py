from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answers import Answer, Citation, Outcome, Sentence
from assistant.doors.transcript import Mark, body, marked, proofs, whole
from assistant.messages import links, proof, who
from corpus.catalogue import Contact
from corpus.documents import Source

ANCT = Source("ANCT", "Rapport", "https://a.example/1", "2026")
TOWN = Source("Ville", "Bulletin", None, "2025", nature="presse")
QUOTED = Citation(
    1, "quotation", "a#1", "Rapport", "ANCT", (ANCT,), "https://a.example/1#page=12", 12,
    ("Rapport", "Bilan"), "2026", "mots", "les mots", 4, 8, None,
)  # fmt: skip
SUMMED = replace(QUOTED, number=2, kind="summary", sources=(ANCT, TOWN), page=None)


def answer(text: str, *sentences: Sentence, **more: object) -> Answer:
    return replace(Answer("a1", Outcome.ANSWERED, text, sentences), **more)  # type: ignore[arg-type]


def test_marks_follow_a_sentence_and_know_where_they_stand() -> None:
    # « Un. » begins at 10: its first mark at 10 + 3 + 1
    assert marked("Un.", (1, 12), 10) == ("Un. [1] [12]", (Mark(14, 17, 1), Mark(18, 22, 12)))


def test_what_surrounds_the_sentences_stays() -> None:
    found = answer("Avant :\nUn. Deux.\nAprès.", Sentence("Un.", (1,)), Sentence("Deux.", (2,)))
    text, marks = body(found)
    assert text == "Avant :\nUn. [1] Deux. [2]\nAprès."
    assert [text[mark.start : mark.end] for mark in marks] == ["[1]", "[2]"]


def test_a_sentence_said_twice_is_marked_twice() -> None:
    text, _ = body(answer("Un. Un.", Sentence("Un.", (1,)), Sentence("Un.", (2,))))
    assert text == "Un. [1] Un. [2]"


def test_a_sentence_that_the_text_lacks_is_still_said() -> None:
    text, _ = body(answer("Un.", Sentence("Deux.", (2,)), Sentence("Un.", (1,))))
    assert text == " Deux. [2]Un. [1]"


def test_what_is_said_beside_a_sentence_follows_its_marks() -> None:
    sentences = (Sentence("Un.", (1,), remark="(Fini.)"), Sentence("Deux.", (2,), remark="(Loin.)"))
    text, marks = body(answer("Un. (Fini.) Deux. (Loin.)\nAprès.", *sentences))
    assert text == "Un. [1] (Fini.) Deux. [2] (Loin.)\nAprès."
    assert [text[mark.start : mark.end] for mark in marks] == ["[1]", "[2]"]


def test_proofs_say_what_is_ours_and_what_is_quoted() -> None:
    found = answer("Un.", Sentence("Un.", (1, 2)), citations=(QUOTED, SUMMED))
    assert proofs(found) == (
        "Preuves :\n\n"
        "- [1] Rapport > Bilan, page 12, ANCT, 2026 : « mots » https://a.example/1#page=12\n"
        "- [2] Rapport > Bilan : résumé établi par nos soins d'après ANCT (2026) ; "
        "Ville (presse, 2025) https://a.example/1"
    )
    assert whole(found) == f"Un. [1] [2]\n\n{proofs(found)}"


def test_who_to_ask_and_what_is_near_come_apart() -> None:
    mairie = Contact(name="Mairie", phone="01 23", checked="2026-11-22")
    found = answer("Non.", contact=mairie, nearest=(QUOTED,))
    assert whole(found) == (
        "Non.\n\nÀ qui s'adresser : Mairie, 01 23 (vérifié le 2026-11-22)\n\n"
        "Passages proches, qui ne répondent pas à la question :\n\n- Rapport > Bilan"
    )


def test_a_greeting_has_nothing_to_prove() -> None:
    assert (proofs(answer("Bonjour !")), whole(answer("Bonjour !"))) == ("", "Bonjour !")


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        (QUOTED, ["https://a.example/1#page=12"]),
        (replace(QUOTED, url=None), []),
        (SUMMED, ["https://a.example/1"]),  # the sources', never the fiche's own
        (replace(SUMMED, sources=(ANCT, ANCT)), ["https://a.example/1"]),
        (replace(SUMMED, sources=(TOWN,)), []),
    ],
)
def test_only_what_has_an_address_is_linked(citation: Citation, expected: list[str]) -> None:
    assert links(citation) == expected


def test_a_quotation_is_between_guillemets_and_a_summary_names_its_sources() -> None:
    assert "« mots »" in proof(QUOTED)
    assert "mots" not in proof(SUMMED) and "Ville (presse, 2025)" in proof(SUMMED)


def test_only_what_is_known_of_a_contact_is_told() -> None:
    assert who(Contact(name="Mairie", checked="2026-11-22")) == "Mairie (vérifié le 2026-11-22)"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Voir https://a.example/nuit.", "Voir `https://a.example/nuit`. [1]"),
        ("Sur www.a.example, le 3 mai", "Sur `www.a.example`, le 3 mai [1]"),
        ("Le dossier se retire à la mairie.", "Le dossier se retire à la mairie. [1]"),
    ],
)
def test_an_address_in_a_sentence_is_read_and_is_no_link(said: str, shown: str) -> None:
    assert marked(said, [1])[0] == shown
