"""Words as thumbs type them, spelled as the guardrails' patterns: « g envi de mourir », « t ki ».

For judging a message only: what is searched goes through the index's own speller. Words of the
patterns that no ordinary word is near of are found at one slip: « paseport », « inore ».
"""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from index.french.analysis import of_corpus

_WORDS = {
    typed: spelled.replace("_", " ")
    for typed, spelled in (
        pair.split("=")
        for pair in """
        abit=habite abite=habite bjr=bonjour bo=beau cb=combien cest=c'est chui=je_suis
        coment=comment dc=donc demin=demain envi=envie fe=fait g=j'ai jai=j'ai jme=je_me
        jpeu=je_peux jveu=je_veux jveux=je_veux kan=quand kel=quel kelle=quelle kes=qu'est
        kestu=qu'est-ce_que_tu ki=qui kil=qu'il ko=quoi koi=quoi kom=comme kwa=quoi lage=l'age
        mci=merci mdp=mot_de_passe mieu=mieux mr=monsieur mrc=merci pk=pourquoi pr=pour promt=prompt
        qd=quand qq=quelque restau=restaurant resto=restaurant sai=sais sava=ca_va slt=salut
        til=t-il vau=vaut ve=veux veu=veux vien=viens
        """.split()
    )
}
_PHRASES = tuple(
    (re.compile(pattern), spelled)
    for pattern, spelled in (
        (r"\bt (?=(?:un|une|qui|quoi|con|nul|vraimen\w*|trop|tro|bete|humain|robot)\b)", "tu es "),
        (r"\bje (?=j')", ""),
        (r"\bsa (?=va\b|veut\b|vaut\b|passe\b)", "ca "),
        (r"\b(?:es|est) ce qu", "est-ce qu"),
        (r"\bta vis? (?=sur\b)", "ton avis "),
        (r"\bje droi\b", "j'ai droit"),
        (r"\bc (?=(?:quoi|qui|bien|nul|bon|pour|quand|ou|un|une|le|la)\b)", "c'est "),
        # an article stuck to its noun: « ladresse », « demploi », « lanah »
        (
            r"\b(l|d)(?=(?:adresse|aide|anah|anct|avis|age|emploi|identite|ecole|etat|impots?|opah|"
            r"ort|urgence|assistante?)\b)",
            r"\1'",
        ),
    )
)
_PLAIN = tuple(
    """
    bruyant cantine connard consignes decheterie dechetterie disparaitre electorales garderie
    identite ignore instructions medecin mourir oublie passeport permis pharmacie pleuvoir
    poubelle poubelles religion restaurant suicider
    """.split()
)
_SHORTEST = 5  # letters of a word that may hold a slip


def spell(folded: str) -> str:
    """A folded text with its shortcuts and slips spelled out."""
    text = re.sub(r"[a-z]+", lambda word: _word(word[0]), folded)
    for pattern, spelled in _PHRASES:
        text = pattern.sub(spelled, text)
    return text


@of_corpus
def _word(word: str) -> str:
    if word in _WORDS or len(word) < _SHORTEST:
        return _WORDS.get(word, word)
    for plain in _PLAIN:
        # « ignorer » and « oubliez » are no slips of « ignore » and « oublie ».
        if word[0] == plain[0] and not word.startswith(plain):
            if OSA.distance(word, plain, score_cutoff=1) <= 1:
                return plain
    return word
