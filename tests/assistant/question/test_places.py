from __future__ import annotations

import pytest

from assistant.question.places import PLACES, named
from index.french.analysis import fold


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("ort de fougeres signée quand", ["fougeres"]),
        ("L'ORT de Saint-Malo prévoit combien d'actions ?", ["saint malo"]),
        ("Guichen avance plus vite que Bain-de-Bretagne ?", ["guichen", "bain de bretagne"]),
        ("loire atlantique combien de pvd", ["loire atlantique"]),
        ("LOIRE ATLANTIQUE COMBIEN", ["loire atlantique"]),
        ("Je paie le prix à Sens ?", ["sens"]),
        ("cela a du sens ?", []),
        ("Sens de la visite ?", []),  # a capital that begins the question says nothing
        ("ma baraque route de Redon est dedans ?", []),
        ("que fait-on dans le Bourg ?", []),
        ("Combien de logements ?", []),
    ],
)
def test_places_are_read_in_a_question(question: str, found: list[str]) -> None:
    assert named(question) == found


def test_the_list_is_folded_and_sorted() -> None:
    names = PLACES.read_text(encoding="utf-8").splitlines()
    assert len(names) > 14_000 and names == sorted(set(names))
    assert all(name == fold(name) for name in names)
