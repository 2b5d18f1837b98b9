"""Which language a question is in: French unless its small words say English or Breton."""

from __future__ import annotations

from index.french import words

_ENGLISH = frozenset(
    """
    the is are was were of what who when where why how which does do did can could should would
    will my your our their this that these those there it its they have has had and or not in on
    for with from by about into programme part town tell please much many hello thanks
    """.split()
)
_BRETON = frozenset(
    """
    ar an ur un eus da gant piv petra pelec'h pegoulz penaos perak hag pet pegement eo zo emañ ema
    ket nann ya demat trugarez ez a evit er en war ma va da he hor ho o brezhoneg kumun kumunioù
    gonvansion konvansion sin sinet labour gwizien
    """.split()
)
_FRENCH = frozenset(
    """
    le la les de des du un une est sont qui que quoi quel quelle quels quelles comment combien
    quand ou pourquoi et a au aux dans pour par sur avec je tu il elle on nous vous ils mon ma mes
    votre vos notre nos ce cette ces c'est qu'est-ce pas ne y en peut faut
    """.split()
)


def language(text: str) -> str:
    """ "fr", "en" or "br". A question with none of the small words of the three is French."""
    found = words(text)
    scores = {
        code: sum(word in known for word in found)
        for code, known in (("fr", _FRENCH), ("en", _ENGLISH), ("br", _BRETON))
    }
    best = max(scores, key=lambda code: scores[code])
    # French wins ties, and one foreign small word is not a language: « le plan is », « part ».
    return best if scores[best] >= 2 and scores[best] > scores["fr"] else "fr"
