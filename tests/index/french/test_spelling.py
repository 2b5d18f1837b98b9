import pytest

from corpus.vocabulary import Lexicon, lexicon
from index.french.spelling import Spelled, Speller, vocabulary

VOCABULARY = {
    "guichen": 40,
    "guichet": 60,
    "mediation": 3,
    "carte": 50,
    "porte": 9,
    "forte": 2,
    "sorte": 30,
    "revitalisation": 12,
    "ort": 90,
    "2026": 5,
    "procedure": 7,
    "equipe": 8,
    "denormandie": 20,
    "catalogue": 2,
    "horaires": 4,
    "habitation": 11,
    "convention": 30,
    "petites": 50,
    "villes": 50,
    "demain": 50,
    "fiche": 70,
    "logement": 40,
    "passoires": 3,
    "rouvriront": 2,
}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("gichen", "guichen"),  # a letter lost
        ("guihcen", "guichen"),  # two letters swapped are one change
        ("guichen", "guichen"),  # held by the corpus, though guichet is commoner
        ("guiche", "guichet"),  # a silent letter lost, against a letter that is heard
        ("mediasion", "mediation"),
        ("revitalizasion", "revitalisation"),
        ("rvitalistion", "revitalisation"),  # as in a short message
        ("forta", "forte"),
        ("porto", "porte"),
        ("prote", "porte"),
        ("arte", "carte"),  # the first letter lost
        ("prosedure", "procedure"),
        ("ekipe", "equipe"),  # by ear: three letters differ
        ("denormendi", "denormandie"),
        ("katalog", "catalogue"),
        ("oraire", "horaires"),
        ("lojeman", "logement"),
        ("dhabitation", "habitation"),  # the apostrophe lost
        ("lort", "ort"),
        ("ors", "ors"),  # three letters are left alone
        ("2025", "2025"),  # a number is never a slip
        ("l303-3", "l303-3"),
        ("crte", "crte"),  # an acronym that no passage holds, a letter from « carte »
        ("avec", "avec"),  # a word that carries no subject
        ("interco", "interco"),  # a synonym of ours
        ("xyzzy", "xyzzy"),
        ("z" * 41, "z" * 41),
    ],
)
def test_correct(typed: str, expected: str) -> None:
    assert Speller(VOCABULARY).correct(typed) == expected


def test_a_key_beside_is_likelier_than_one_far_away() -> None:
    # t is beside r on the keyboard, p is not
    assert Speller({"marie": 1, "mapie": 1}).correct("matie") == "marie"


def test_a_commoner_word_wins_over_one_as_near() -> None:
    assert Speller({"mairiez": 1, "mairien": 9}).correct("mairieh") == "mairien"


def test_the_first_letter_is_kept_rather_than_changed() -> None:
    # n and f, like e and a, are far from one another on the keyboard
    assert Speller({"norte": 9, "forta": 1}).correct("forte") == "forta"


@pytest.mark.parametrize(
    "word", ["friche", "velo", "canicule", "fisc", "jugement", "demission", "identite", "portable"]
)
def test_a_french_word_that_the_corpus_lacks_stays(word: str) -> None:
    near = VOCABULARY | {"fixe": 9, "decision": 9, "identifie": 9, "portage": 9, "velos": 1}
    assert Speller(near, lexicon()).correct(word) == word


def test_without_french_words_they_are_taken_for_slips() -> None:
    assert Speller(VOCABULARY).correct("friche") == "fiche"


def test_a_slip_on_a_french_word_is_not_turned_into_one_of_ours() -> None:
    lexicon = Lexicon({"restaurant": 900})
    assert Speller({"restant": 5}).correct("restaunt") == "restant"
    assert Speller({"restant": 5}, lexicon).correct("restaurnt") == "restaurant"


def test_guichet_is_never_guichen() -> None:
    assert Speller({"guichen": 400}, lexicon()).correct("guichet") == "guichet"


def test_an_empty_vocabulary_corrects_nothing() -> None:
    assert Speller({}).correct("guichen") == "guichen"
    assert Speller({}).question(["guichen", "ort"]) == Spelled(("guichen", "ort"), {})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["petitesvilles", "de", "demain"], ["petites", "villes", "de", "demain"]),
        (["petitesvillesdedemain"], ["petites", "villes", "de", "demain"]),
        (["conventionort"], ["convention", "ort"]),
        (["conventiondhabitation"], ["convention", "habitation"]),
        (["lacarte"], ["la", "carte"]),
        (["denor", "mandie"], ["denormandie"]),
        (["revitali", "sation"], ["revitalisation"]),
        (["petites", "villes"], ["petites", "villes"]),  # both are words
        (["parlaville"], ["parlaville"]),  # « ville » is no word of this corpus
        (["dela"], ["dela"]),  # small words alone
        ([], []),
    ],
)
def test_words_are_cut_and_put_together(typed: list[str], expected: list[str]) -> None:
    assert Speller(VOCABULARY).question(typed).words == tuple(expected)


def test_a_word_is_not_put_together_out_of_two_french_ones() -> None:
    lexicon = Lexicon({"par": 9, "cours": 9})
    assert Speller({"parcours": 5}, lexicon).question(["par", "cours"]).words == ("par", "cours")


def test_other_readings_are_doubts_likeliest_first() -> None:
    spelled = Speller({"porte": 9, "sorte": 9, "forte": 2}).question(["dorte"])
    # d is beside s and f, not p: s and f cost .65, p 1; sorte is the commoner
    assert spelled == Spelled(("sorte",), {"sorte": ("forte", "porte")})


def test_a_word_found_in_two_ways_is_no_doubt_of_itself() -> None:
    # a letter too many, and an apostrophe lost
    assert Speller({"opah": 9}).question(["lopah"]) == Spelled(("opah",), {})


def test_a_right_word_has_no_doubt() -> None:
    assert Speller(VOCABULARY, lexicon()).question(["guichet", "friche"]).doubts == {}


def test_a_french_word_takes_the_form_that_the_corpus_has() -> None:
    assert Speller(VOCABULARY, lexicon()).question(["passoire"]) == Spelled(("passoires",), {})


def test_a_form_with_another_stem_is_a_doubt() -> None:
    spelled = Speller(VOCABULARY, Lexicon({"rouvrent": 1})).question(["rouvrent"])
    assert spelled == Spelled(("rouvrent",), {"rouvrent": ("rouvriront",)})


def test_vocabulary_counts_folded_words() -> None:
    assert vocabulary(["L’État, l'etat", "1 646 états"]) == {"etat": 2, "1646": 1, "etats": 1}
