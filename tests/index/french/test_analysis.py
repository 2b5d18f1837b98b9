import random
import threading
from pathlib import Path

import pytest

from corpus import catalogue
from corpus.reading import entries
from index.french.analysis import (
    ACRONYMS,
    expansions,
    fold,
    grams,
    sentences,
    stem,
    synonyms,
    thesaurus,
    tokens,
    words,
)

STARTER = Path(__file__).parents[3] / "corpus" / "starter"


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’ÉTÉ À NOËL", "l'ete a noel"),
        ("e\u0301te\u0301", "ete"),  # accents apart from their letter
        ("Œuvre, CÆSIUM", "oeuvre, caesium"),
        ("1\u202f646\u00a0€", "1 646 €"),
        ("l´ort, l`ort, lʼort, L. 303\u20112", "l'ort, l'ort, l'ort, l. 303-2"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’État", ["etat"]),
        ("l'etat", ["etat"]),
        ("qu’il s'agit d’une ORT", ["il", "agit", "une", "ort"]),
        ("jusqu'au, lorsqu’on, puisqu'elle", ["au", "on", "elle"]),
        ("aujourd’hui, prud'hommes", ["aujourd'hui", "prud'hommes"]),
        ("qu'aujourd'hui", ["aujourd'hui"]),
        ("centre-ville", ["centre", "ville"]),
        ("Article IV, titre XII", ["article", "4", "titre", "12"]),
        ("la section il faut", ["la", "section", "il", "faut"]),
        ("1 646", ["1646"]),
        ("1\u202f646", ["1646"]),
        ("1\u00a0646 communes", ["1646", "communes"]),
        ("1646", ["1646"]),
        ("12 300 000 €", ["12300000"]),
        ("1 646,50", ["1646.50"]),
        ("2,5 et 2.5", ["2.5", "et", "2.5"]),
        ("en 2020 150 communes", ["en", "2020", "150", "communes"]),  # a year is no thousand
        ("02 99 05 75 75", ["02", "99", "05", "75", "75"]),
        ("lot 12\n300 places", ["lot", "12", "300", "places"]),  # a new line is no thousand
        ("L. 303-2", ["l303-2"]),
        ("l'article L303-2", ["article", "l303-2"]),
        ("l 303-2", ["l303-2"]),
        ("art. R.\u00a0752-29-2", ["art", "r752-29-2"]),
        ("article L.303-2 du CCH", ["article", "l303-2", "du", "cch"]),
        ("L303 2", ["l303-2"]),  # without the hyphen
        ("l 752 1 1", ["l752-1-1"]),
        ("art. L303.2 et R 752.29", ["art", "l303-2", "et", "r752-29"]),
        ("R.* 302-1", ["r302-1"]),
        ("L. 303-2 2 ans", ["l303-2", "2", "ans"]),
        ("l 303 200 euros", ["l", "303200", "euros"]),  # no article has 200 after it
        ("de 2020 12 communes", ["de", "2020", "12", "communes"]),
        ("12.000 € et 1.646.000", ["12000", "et", "1646000"]),
        ("12.5 % ou 12,50", ["12.5", "ou", "12.50"]),
        ("14.09.2021, 02.99.05.75.75", ["14.09", "2021", "02.99", "05.75", "75"]),
        ("75 %, 75% et 75 pour cent", ["75", "75", "et", "75"]),
        ("cent pour cent", ["cent", "pour", "cent"]),
        ("1er, 1ère, 2nd, 3ème, 21e", ["1", "1", "2", "3", "21"]),
        ("5 euros", ["5", "euros"]),
        ("XXIe, XXIème siècle", ["21", "21", "siecle"]),
        ("le IIIe pilier, la VIE", ["le", "3", "pilier", "la", "vie"]),
        ("soixante-quinze pour cent", ["75"]),
        ("1,2 M€, trois milliards", ["1200000", "millions", "3000000000", "milliards"]),
        ("quatre-vingt-dix mille euros", ["90000", "euros"]),
        ("2021–2026", ["2021-2026"]),  # a dash
        ("l'O.R.T., la S.A.R.L", ["ort", "la", "sarl"]),
        ("M. Le Maire. Il vient.", ["m", "le", "maire", "il", "vient"]),
        ("aujourd hui, aujourdhui", ["aujourd'hui", "aujourd'hui"]),
        ("2020-2026", ["2020-2026"]),
        ("", []),
        ("?! … {}", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "typed",
    [
        ("médiation", "mediation"),
        ("Opérations signées", "operation signee"),
        ("l'aménagement", "amenagements"),
        ("rénovées", "renovee"),
    ],
)
def test_accents_are_folded_before_the_stem(typed: tuple[str, str]) -> None:
    # stemmed first, « rénovées » gives rénov and « renovees » renove
    assert tokens(typed[0]) == tokens(typed[1]) != []


def test_tokens_drop_what_carries_no_subject_and_keep_repetitions() -> None:
    # « quelle », « est », « la » go; commune and communes share a stem
    assert tokens("Quelle est la commune des communes en 2026 ?") == ["commun", "commun", "2026"]


@pytest.mark.parametrize("word", ["1646", "l303-2", "2020-2026", "2.5"])
def test_a_number_has_no_ending(word: str) -> None:
    assert stem(word) == word


def test_a_mayor_is_no_town_hall() -> None:
    assert tokens("le maire, la mairie et les mairies") == ["mair", "mairi", "mairi"]


def test_grams_mark_the_ends_of_words() -> None:
    assert grams("l'ORT signée") == ["_ort", "ort_", "_sig", "sign", "igne", "gnee", "nee_"]
    assert grams("de la") == []
    assert grams("x") == ["_x_"]  # shorter than a gram: itself


@pytest.mark.parametrize(("acronym", "meaning"), ACRONYMS.items())
def test_an_acronym_and_its_meaning_call_each_other(acronym: str, meaning: str) -> None:
    spelled = list(dict.fromkeys(tokens(meaning)))
    assert tokens(acronym.upper()) == [acronym]  # neither stemmed nor a stop word
    assert expansions([acronym]) == spelled
    assert acronym in expansions(spelled[::-1])  # whatever the order
    assert acronym not in expansions(spelled[1:])
    assert acronym not in expansions([acronym, *spelled])  # already there


def test_expansions_of_other_words_are_none() -> None:
    assert expansions(tokens("Le marché de la ville")) == []


@pytest.mark.parametrize("line", thesaurus())
def test_synonyms_call_each_other(line: str) -> None:
    group = set(tokens(line))
    assert len(group) > 1  # a word that carries no subject would vanish from it
    assert all(group <= synonyms(token) for token in group)


def test_a_word_without_synonyms_is_its_own() -> None:
    assert synonyms("licorn") == {"licorn"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un. Deux ! Trois ? Quatre… Cinq", ["Un.", "Deux !", "Trois ?", "Quatre…", "Cinq"]),
        ("M. Le Goff et Mme. Roux. Fin.", ["M. Le Goff et Mme. Roux.", "Fin."]),
        ("MM. Roux et Le Goff. Fin.", ["MM. Roux et Le Goff.", "Fin."]),
        ("Voir l'art. 5 et p. 12. Fin.", ["Voir l'art. 5 et p. 12.", "Fin."]),
        ("La loi n° 2018-1021. Fin.", ["La loi n° 2018-1021.", "Fin."]),
        ("L'article L. 303-2. L'article R. 752.", ["L'article L. 303-2.", "L'article R. 752."]),
        ("(L. 303-2) Fin.", ["(L. 303-2) Fin."]),
        ("Elle a rejoint PVD. 1 646 y sont.", ["Elle a rejoint PVD.", "1 646 y sont."]),
        ("Les DPE vont de A à G. Le reste suit.", ["Les DPE vont de A à G.", "Le reste suit."]),
        ("Il coûte 3.5 M€ et 1.200 €. Fin.", ["Il coûte 3.5 M€ et 1.200 €.", "Fin."]),
        ("Des halles, etc. Puis le port.", ["Des halles, etc.", "Puis le port."]),
        ("Des halles, etc. et le port.", ["Des halles, etc. et le port."]),
        ("« Oui. » Puis « non ! » Fin.", ["« Oui. »", "Puis « non ! »", "Fin."]),
        ("Il dit : « Oui. Non. » (Fin.) Ou", ["Il dit : « Oui.", "Non. »", "(Fin.)", "Ou"]),
        ("Fin.\u00a0» Suite.\u00a0 « A »", ["Fin.\u00a0»", "Suite.", "« A »"]),
        ("Voir ville.fr/a?b=1. Fin.", ["Voir ville.fr/a?b=1.", "Fin."]),
        ("Liste :\n- un ;\n- deux. Et trois.", ["Liste :", "un ;", "deux.", "Et trois."]),
        ("- 1. Un. Deux.\n- b. Trois", ["1. Un.", "Deux.", "b. Trois"]),
        ("II. Le projet. Fin 12. Suite", ["II. Le projet.", "Fin 12.", "Suite"]),
        ("Article IV. La commune paie. Fin.", ["Article IV. La commune paie.", "Fin."]),
        ("ARTICLE 2. Durée. Fin.", ["ARTICLE 2. Durée.", "Fin."]),
        ("Ouvert. Mer. 9 mai, bal. Fin.", ["Ouvert.", "Mer. 9 mai, bal.", "Fin."]),
        ("Le 5 déc. 2026, bal. En déc. Fin.", ["Le 5 déc. 2026, bal.", "En déc.", "Fin."]),
        ("Titre sans point\n\n  Suite  ", ["Titre sans point", "Suite"]),
        (" \n- \n", []),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_sentences_cover_every_word_once_in_order() -> None:
    rng = random.Random(20261122)
    pieces = ["Un.", "M.", "L.", "303-2", "« oui »", "non ?", "1 646", "…", "\n", "\n- ", " ", "a"]
    pieces += ["\u00a0» ", "B.", "(c.)", "  ", "n°", '"d."', "D. 1"]
    for _ in range(3000):
        text = "".join(rng.choices(pieces, k=rng.randint(1, 12)))
        found = sentences(text)
        flat = [position for pair in found for position in pair]
        assert flat == sorted(flat), text
        assert all(text[s:e] == text[s:e].strip() != "" for s, e in found), text
        kept = set().union(*(range(s, e) for s, e in found))
        lost = "".join(c for i, c in enumerate(text) if i not in kept)
        assert set(lost) <= set(" \n\u00a0-"), text


def test_sentences_of_every_fiche_that_ships_end_as_sentences(shipped: list[str]) -> None:
    # a rough check of the cuts: 2,000 sentences, none of which is a scrap such as « M. »
    found = [(text, text[s:e]) for text in shipped for s, e in sentences(text)]
    scraps = [sentence for _, sentence in found if len(sentence) < 4]
    assert len(found) > 1000
    assert scraps == []


@pytest.fixture(scope="module")
def shipped() -> list[str]:
    documents = entries.read(catalogue.load(STARTER / "catalogue.toml"))
    return [section.text for document in documents for section in document.sections]


def test_stems_are_the_same_from_every_thread() -> None:
    expected = [stem(f"{root}ations") for root in ("revitalis", "habit", "oper", "inform")]
    seen: list[list[str]] = []

    def work() -> None:
        for _ in range(200):
            seen.append([stem(f"{r}ations") for r in ("revitalis", "habit", "oper", "inform")])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(stems == expected for stems in seen)
    assert len(seen) == 1600
