from __future__ import annotations

import pytest

from assistant.question.asking import Asked, asking, bears, counts


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("C'est quoi une ORT ?", Asked.MEANING),
        ("Que veut dire ANCT ?", Asked.MEANING),
        ("ORT ça veut dire quoi", Asked.MEANING),
        ("Que signifie PVD ?", Asked.MEANING),
        ("Qu'est-ce que le Denormandie ?", Asked.MEANING),
        ("quelle est la définition d'une friche", Asked.MEANING),
        ("Quand la convention a-t-elle été signée ?", Asked.DATE),
        ("kan sa commence", Asked.DATE),
        ("Jusqu'à quand dure le programme ?", Asked.DATE),
        ("En quelle année Guipry et Messac ont fusionné ?", Asked.DATE),
        ("Quelle est la date de fin ?", Asked.DATE),
        ("Combien de temps dure une ORT ?", Asked.DURATION),
        ("Quel délai pour répondre ?", Asked.DURATION),
        ("le programme finit quand", Asked.DATE),
        ("Depuis quand Guichen est dans PVD ?", Asked.DATE),
        ("When was it signed?", Asked.DATE),
        ("ORT c koi", Asked.MEANING),
        ("PVD ?", Asked.MEANING),  # a bare term
        ("Qu'est-ce que change l'ORT ?", Asked.OTHER),
        ("Combien coûte la piscine prévue ?", Asked.MONEY),
        ("Quel est le taux pour neuf ans ?", Asked.SHARE),
        ("Quel montant pour le Pass Commerce ?", Asked.MONEY),
        ("Combien d'habitants à Guichen ?", Asked.AMOUNT),
        ("Quel est le budget de l'ANCT ?", Asked.MONEY),
        ("Quel plafond de loyer ?", Asked.MONEY),
        ("quelle superficie fait Guichen", Asked.AMOUNT),
        ("How many homes are empty?", Asked.AMOUNT),
        ("Pegoulz eo bet sinet?", Asked.DATE),
        ("When was it signed?", Asked.DATE),
        ("How long does the suspension last?", Asked.DURATION),
        ("How much money was announced?", Asked.MONEY),
        ("How many actions are there?", Asked.AMOUNT),
        ("What percentage of towns are rural?", Asked.SHARE),
        ("Who runs the programme?", Asked.NAME),
        ("What is the phone number of VHBC?", Asked.PHONE),
        ("What are the opening hours?", Asked.HOURS),
        ("Why was Guichen chosen?", Asked.REASON),
        ("What is an OPAH?", Asked.MEANING),
        ("ANCT meaning", Asked.MEANING),
        ("Où se trouve Guichen ?", Asked.PLACE),
        ("ou est le siege de VHBC", Asked.PLACE),
        ("Quelle est l'adresse de la mairie ?", Asked.STREET),
        ("Where is the town hall?", Asked.PLACE),
        ("Qui a signé la convention ?", Asked.NAME),
        ("ki pilote le programme", Asked.NAME),
        ("Avec qui Guichen travaille-t-elle ?", Asked.NAME),
        ("Quelles communes ont signé ?", Asked.NAME),
        ("Comment s'appelle la cheffe de projet ?", Asked.NAME),
        ("À qui demander l'autorisation ?", Asked.NAME),
        ("Quels sont les partenaires ?", Asked.NAME),
        ("Who signed it?", Asked.NAME),
        ("sur quelles rues porte le périmètre", Asked.STREET),
        ("Quels sont les horaires de France services ?", Asked.HOURS),
        ("vous avez le num de tel de la cheffe de projet", Asked.PHONE),
        ("le mail du service urbanisme svp", Asked.MAIL),
        ("Comment arrêter une procédure ?", Asked.OTHER),
        ("Pourquoi Guichen a été choisie ?", Asked.REASON),
        ("Le Denormandie marche-t-il à Guichen ?", Asked.OTHER),
        ("Peut-on louer à sa famille ?", Asked.OTHER),
    ],
)
def test_the_kind_of_thing_asked_for(question: str, kind: Asked) -> None:
    assert asking(question).kind is kind


def test_a_choice_is_not_a_place() -> None:
    assert asking("Mon magasin ou mon logement est-il concerné ?").kind is Asked.OTHER


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("Combien d'habitants à Guichen ?", ("habit", "guichen")),
        ("combien ya de passoires thermiques ici", ("passoir", "thermiqu")),
        ("Quel est le nombre de communes retenues ?", ("commun", "retenu")),
        ("Combien ça coûte ?", ()),
    ],
)
def test_what_is_counted(question: str, counted: tuple[str, ...]) -> None:
    assert asking(question).counted == counted


@pytest.mark.parametrize(
    ("text", "far"),
    [
        ("Guichen compte 9 412 habitants.", 1.0),
        ("Les 18 communes ont des habitants fidèles.", 0.5),  # no number beside them
        ("Le programme compte 52 actions.", 0.0),
    ],
)
def test_a_number_counts_what_stands_beside_it(text: str, far: float) -> None:
    assert counts(("habit",), text) == far


@pytest.mark.parametrize(
    ("kind", "text", "borne"),
    [
        (Asked.SHARE, "La réduction est de 12 % pour six ans.", True),
        (Asked.SHARE, "La réduction porte sur 52 actions.", False),
        (Asked.HOURS, "L'accueil ouvre à 9 h.", True),
        (Asked.HOURS, "L'accueil ouvre en 2026.", False),
        (Asked.HOURS, "L'accueil ouvre à six heures trente, jusqu'à midi.", True),
        (Asked.HOURS, "L'accueil ouvre à 8h30.", True),
        (Asked.PHONE, "Appelez le 02 99 05 75 75.", True),
        (Asked.PHONE, "Le siège compte 75 agents.", False),
        (Asked.MAIL, "Écrivez à contact@exemple.fr.", True),
        (Asked.STREET, "Le siège est rue Blaise-Pascal.", True),
        (Asked.STREET, "Le périmètre protège les commerces.", False),
        (Asked.DURATION, "Le programme dure six ans.", True),
        (Asked.DURATION, "Le programme aide les communes.", False),
    ],
)
def test_a_sentence_bears_the_kind_or_not(kind: Asked, text: str, borne: bool) -> None:
    assert bears(kind, text, (), absence=False) is borne
