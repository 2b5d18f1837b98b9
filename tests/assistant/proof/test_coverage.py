from __future__ import annotations

import pytest

from assistant.proof.coverage import unstated
from assistant.proof.statements import statement
from index.french.analysis import ACRONYMS


def _unstated(sentence: str, passage: str) -> str | None:
    claim = unstated(statement(sentence), statement(passage), ACRONYMS)
    return None if claim is None else claim.kind.value


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("Cela coûte douze mille euros.", "Coût : 12 000 €."),
        ("Depuis le 1er octobre.", "Depuis le premier octobre 2020."),
        ("La convention date du 11 octobre 2020.", "Signée le 11/10/2020."),
        ("Le 3 mars 2025, la salle ouvre.", "En 2025, la salle ouvre le 3 mars."),
        ("Fin 2020, tout commence.", "Tout commence en décembre 2020."),
        ("L'article L303-2 le dit.", "Voir l'article L. 303-2."),
        ("Il dure un an et demi.", "Il dure 18 mois."),
        ("La ville fait environ 43 km².", "Elle s'étend sur 42,99 km²."),
        ("Près d'un tiers des gens le veulent.", "31 % des gens le veulent."),
        ("Plus de 400 personnes sont venues.", "412 personnes sont venues."),
        ("Trois villes, Limoges, Blois et Dole, l'ont fait.", "Limoges, Blois et Dole l'ont fait."),
        ("Les deux communes signent.", "La commune de Bruz et la commune de Goven signent."),
        ("L'ANCT pilote.", "L'Agence nationale de la cohésion des territoires pilote."),
        ("Le CGI le prévoit.", "Le code général des impôts le prévoit."),
        ("La Direction départementale des territoires (DDT) répond.", "La DDT répond."),
        ("Les Guichenais votent.", "Guichen vote."),
        ("Appelez le 0299349129.", "Tél. : 02 99 34 91 29."),
        ("Voir www.valbourg.fr.", "Le site https://www.valbourg.fr/ est à jour."),
    ],
)
def test_the_same_thing_written_otherwise_is_stated(sentence: str, passage: str) -> None:
    assert _unstated(sentence, passage) is None


@pytest.mark.parametrize(
    ("sentence", "passage", "kind"),
    [
        ("Le taux est de 12 €.", "Le taux est de 12 %.", "amount"),
        ("Il dure 9 mois.", "Il dure 9 ans.", "duration"),
        ("Cela coûte 21 000 €.", "Cela coûte 12 000 €.", "amount"),
        ("Signée le 11 octobre 2021.", "Signée le 11 octobre 2020.", "date"),
        ("Signée le 11 octobre 2020.", "Signée en octobre 2020.", "date"),  # too precise
        ("Le marché est le dimanche.", "Le marché est le samedi.", "date"),
        ("L'article L. 303-3 le dit.", "L'article L. 303-2 le dit.", "article"),
        ("Le code du patrimoine le dit.", "Le code de l'urbanisme le dit.", "article"),
        ("Voir www.valbourg.com.", "Voir www.valbourg.fr.", "link"),
        ("Appelez le 02 99 34 91 28.", "Tél. : 02 99 34 91 29.", "phone"),
        (
            "Elle s'étend sur 43 km².",
            "Elle s'étend sur 42,99 km².",
            "measure",
        ),  # not said « environ »
        ("Le conseil de Bruz signe.", "Le conseil de Goven signe.", "name"),
        ("Bruz signe.", "Goven signe.", "name"),
        (
            "La maire, Anne Le Goff, signe.",
            "La maire est Anne Riou. Pour la Région, Paul Le Goff signe.",
            "name",
        ),
        ("Quatre villes l'ont fait.", "Trois villes l'ont fait.", "number"),
    ],
)
def test_another_figure_date_or_name_is_not_stated(sentence: str, passage: str, kind: str) -> None:
    assert _unstated(sentence, passage) == kind
