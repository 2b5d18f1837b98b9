import random

import pytest

from index.french.phonetics import sounds


@pytest.mark.parametrize(
    ("written", "by_ear"),
    [
        ("procedure", "prosedure"),
        ("mediation", "mediasion"),
        ("denormandie", "denormendi"),
        ("equipe", "ekipe"),
        ("quartier", "kartie"),
        ("photographie", "fotografi"),
        ("travaux", "travo"),
        ("bureau", "buro"),
        ("commerce", "komerce"),
        ("habitat", "abita"),
        ("voisin", "voizin"),
        ("impot", "inpo"),
        ("besoin", "besouin"),
        ("famille", "famiye"),
        ("travail", "travaille"),
        ("exoneration", "ekzoneration"),
        ("signature", "siniature"),
        ("commercant", "comersan"),
        ("adjoint", "ajoin"),
        ("projet", "proje"),
        ("demander", "demande"),
        ("demandaient", "demandait"),
        ("logement", "lojeman"),
        ("bourg", "bour"),
        ("soutien", "soutiin"),
        ("espace", "espasse"),
        ("accord", "akor"),
        ("cinq", "sinq"),
        ("condamner", "kondane"),
    ],
)
def test_what_sounds_alike_has_one_key(written: str, by_ear: str) -> None:
    assert sounds([written]) == sounds([by_ear])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ville", "vie"),  # its l's are heard, those of « fille » are not
        ("gestion", "session"),  # after an s, the t of -tion is heard
        ("guichet", "gicher"),
        ("commune", "comment"),
        ("rue", "roue"),
        ("pain", "pan"),
        ("chat", "sa"),
    ],
)
def test_what_sounds_otherwise_has_another(one: str, other: str) -> None:
    assert sounds([one]) != sounds([other])


def test_a_key_is_read_off_the_rules() -> None:
    # ph f, o, t silent e | ch C, an A, t, ier as é, silent | qu k, a, r, tier
    assert sounds(["phote", "chantier", "quartier"]) == ["fot", "CAti", "karti"]


def test_many_at_once_or_one_by_one_is_the_same() -> None:
    draw = random.Random(4)
    words = [
        "".join(draw.choices("aeioucgslntimhxyqpt", k=draw.randint(1, 9))) for _ in range(2000)
    ]
    assert sounds(words) == [sounds([word])[0] for word in words]


def test_no_word_has_no_key() -> None:
    assert sounds([]) == []
