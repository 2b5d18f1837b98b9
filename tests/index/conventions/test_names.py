import pytest

from corpus.structure import Amendment
from index.conventions.names import (
    Named,
    fits,
    is_bare,
    keys,
    named,
    stands,
    strays,
    titled,
    unknown,
)
from index.french.analysis import tokens
from index.passages import Passage

WHOLE = "la convention"


def passage(part: str, *fields: str, amends: Amendment | None = None, text: str = "…") -> Passage:
    return Passage(
        id="ort#1", document_id="ort", headings=("Convention",), text=text, page=1, anchor=None,
        scope="local", confidence=None, form="row", spans=(), digest="", part=part, fields=fields,
        amends=amends,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("question", "parts", "fields"),
    [
        ("Que dit l'article 4 ?", ["article 4"], set()),
        ("que prévoit l’article premier de la convention", ["article 1"], set()),
        ("Que dit l'article 7 bis ?", ["article 7 bis"], set()),
        ("Qui pilote l'action 3 ?", ["fiche 3"], {"pilote"}),
        ("kel budget pr la fiche action n°2", ["fiche 2"], {"budget"}),
        ("Combien coûte la troisième action ?", ["fiche 3"], {"budget"}),
        ("Quand commence l'action n° 12 ?", ["fiche 12"], {"calendrier"}),
        ("Avec quels partenaires se fait la fiche 6 ?", ["fiche 6"], {"partenaires"}),
        ("Que contient l'annexe II ?", ["annexe 2"], set()),
        ("Combien de temps dure la convention ?", [], {"durée"}),
        ("Qui a signé ?", [], {"signataires"}),
        ("Qui sont les signataires de la convention ?", [], {"signataires"}),
        ("Quand la convention a-t-elle été signée ?", [], {"signature"}),
        # laws, other contracts, counts and years are no part
        ("Que dit l'article 157 de la loi ELAN ?", [], set()),
        ("Que dit l'article L. 303-2 ?", [], set()),
        ("Qui a signé le permis de construire de la maison du voisin ?", [], set()),
        ("Qui signe une convention d'ORT ?", [], set()),
        ("Combien d'actions en 2027 ?", [], set()),
        ("Quelles sont les 52 actions ?", [], set()),
    ],
)
def test_a_question_names_parts_and_fields(
    question: str, parts: list[str], fields: set[str]
) -> None:
    found = named(question)
    assert (list(found.parts), set(found.fields)) == (parts, fields)


def test_an_avenant_and_what_stood_before_it_are_told_apart() -> None:
    found = named("Que disait l'article 5 avant l'avenant ?")
    assert (found.parts, found.before, found.role) == (("article 5",), True, "")
    found = named("Qui a signé l'avenant n° 2 ?")
    assert (found.role, found.number, found.before) == ("avenant", "2", False)
    assert named("Que change le premier avenant ?").number == "1"
    # its own article 2, and the convention's article 5 that it changes
    assert named("Que dit l'article 2 de l'avenant n° 1 ?").parts == ("avenant-1 article 2",)
    assert named("Que dit l'article 5 modifié par l'avenant n° 1 ?").parts == ("article 5",)


def test_a_passage_fits_by_its_part_and_the_field_asked() -> None:
    asked = Named(("fiche 3",), frozenset({"budget"}))
    assert fits(asked, passage("fiche 3", "budget"))
    assert not fits(asked, passage("fiche 3", "pilote"))
    assert strays(asked, passage("fiche 4", "budget"), ())
    assert not strays(asked, passage("article 3"), ())
    assert stands(Named(("article 3",)), passage("article 3.1"))
    assert not stands(Named(("article 3",)), passage("article 31"))


def test_a_lease_says_nothing_of_how_long_the_convention_lasts() -> None:
    lease = passage("article 4", text="Le bail est conclu pour une durée de neuf ans.")

    def out(question: str, given: Passage = lease) -> bool:
        return strays(named(question), given, tokens(question))

    assert out("Quelle est la durée de la convention ?")
    assert not out("Quelle est la durée du bail de la convention ?")
    assert not out("Combien de temps dure le bail ?")
    own = passage("article 3", "durée", text="Elle est conclue pour une durée de cinq ans.")
    assert not out("Quelle est la durée de la convention ?", own)


def test_who_signed_asks_of_the_convention_unless_an_avenant_is_named() -> None:
    mine, theirs = (
        passage("signatures", "signataires"),
        passage("avenant-1 signatures", "signataires"),
    )
    assert fits(named("Qui a signé ?"), mine) and not fits(named("Qui a signé ?"), theirs)
    asked = named("Qui a signé l'avenant n° 1 ?")
    assert fits(asked, theirs) and not fits(asked, mine)


def test_an_avenants_passage_is_of_what_it_changes_and_of_its_own_article() -> None:
    change = Amendment("a1", "avenant n° 1", "", "supprimé", "article 5", others=("article 6",))
    given = passage("article 5", amends=change)
    assert list(keys(given)) == ["article 5", "article 6"]


def test_an_action_is_named_by_two_words_of_its_title() -> None:
    titles = {
        "fiche 1": frozenset(tokens("Construire une halle couverte")),
        "fiche 5": frozenset(tokens("Relier la gare au centre par une voie verte")),
    }

    def parts(question: str) -> tuple[str, ...]:
        return titled(named(question), tokens(question), titles).parts

    assert parts("Combien coûte la halle couverte ?") == ("fiche 1",)
    assert parts("Quel est le budget de la voie verte ?") == ("fiche 5",)
    assert parts("Combien coûte la gare ?") == ()  # the action is not the station
    assert parts("Combien coûte la halle des sports couverte ?") == ()


def test_a_part_that_no_convention_has_is_unknown() -> None:
    known = frozenset({"article 1", "article 2", "fiche 1"})
    assert unknown(named("Que dit l'article 9 de la convention ?"), known)
    assert not unknown(named("Que dit l'article 2 ?"), known)
    assert not unknown(named("Que dit l'annexe 7 ?"), known)  # no annexe was read
    assert not unknown(named("Que dit l'article 9 ?"), frozenset())


def test_a_bare_question_says_nothing_but_the_part() -> None:
    for question, bare in [
        ("Que dit l'article 4 de la convention ?", True),
        ("Que dit l'article 4 sur le comité ?", False),
        ("Que dit la convention ?", False),
    ]:
        assert is_bare(named(question), tokens(question)) is bare
