"""A question without who asks it: « je suis [nom masqué], ai-je droit… » is « ai-je droit… ».

What was masked is no word of the question, nor are the words that only say it: the search, the
decisions and the journal read the question as if nobody had introduced themselves.
"""

from __future__ import annotations

import re

from assistant.question.places import is_place
from index.french.analysis import MASK, fold

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
# Words that say personal data, in French and English.
_SAYING = frozenset(
    """
    a actuellement ad address adherent adresse age ai allocataire ameli anniversaire appel appeler
    appelez appelle appeller as assure at au aux avis bancaire banque bic bis bjr bonjour bonsoir
    born bsr c caf call carte cb ce cedex ces chez chui chuis ci client cni code compte contact
    contactable contacter contactez coordonnees cordialement correspond coucou courriel d date de
    demandeur demeurant demeure dessous dis domicile domicilie domiciliee dont dossier du e ecrire
    ecrivez electronique email emploi en enregistre ensuite envoyer envoyez est et etant fiscal
    fiscale fixe france habitant habite habitons hello hi i iban ici id identifiant identite il
    immatriculation immatricule immatriculee impots is j je joignable joindre jour l la le les live
    loge logeant m ma madame mademoiselle mail matricule me mel merci mes mlle mme mobile moi mois
    mon monsieur mr mrs my n nais naissance name nationale ne nee nir no nom nomme notre nous num
    number numero numeros on ou par passeport passport per perso personnel personnelle phone plaque
    portable postal postale pour prenom presente prive pro rappel rappeler rappelez ref reference
    repondez repondre residant reside residence retraite rib s salut se secu securite sejour signe
    slt soc social sociale son sous st suis sur svp tel telephone telephonique the this titre to
    travail tres trouve un une vehicule vie vis vitale vivant voici voila voiture vous vu with you
    """.split()
)
# A saying that nothing parts from the question before it begins with one of these.
_OPENERS = frozenset(
    """
    mon ma mes je j moi notre nous voici voila appelez rappelez contactez ecrivez repondez envoyez
    tel telephone portable mail courriel numero adresse signe cordialement my i call
    ici
    """.split()
)
_TRIMMED = frozenset("au a le la du de chez sur par est c numero n".split())
_CIVIL = re.compile(
    r"\s*(?:(?:m(?:me|lle|rs?)?|monsieur|madame)\b\.?\s*)?\[nom masqué\]", re.IGNORECASE
)
_PARTS = frozenset(",;:(-–—")
_ENDS = frozenset("?!.")
_AFTER = re.compile(
    r"[\s,;:.)–—-]*(?:(?:et|merci|svp|stp|cordialement|donc|alors)\b[\s,;:.)–—-]*)*", re.IGNORECASE
)


def without(masked: str) -> str:
    """The question of a masked text; the text itself where nothing is left of it."""
    if "masqué" not in masked:
        return masked
    kept, position = [], 0
    for mask in MASK.finditer(masked):
        start = _begins(masked, position, mask.start())
        named = _CIVIL.fullmatch(masked, start, mask.end())
        if named and masked[mask.end() : mask.end() + 1] not in _PARTS | _ENDS | {""}:
            continue  # « ma voisine [nom masqué] touche-t-elle… », of whom it speaks
        kept.append(masked[position:start])
        position = mask.end()
        after = _AFTER.match(masked, position)
        assert after is not None
        position = after.end()
    kept.append(masked[position:])
    bare = _joined(kept)
    return bare if re.search(r"\w", bare) else masked


def _begins(text: str, position: int, mask: int) -> int:
    """Where the words begin that say what is masked at `mask`, not before `position`."""
    begins, opened = mask, None
    trimming = True
    for token in reversed(list(_TOKEN.finditer(text, position, mask))):
        word = fold(token[0])
        if word in _ENDS and not _abbreviates(text, token.start()):
            return token.end()
        if word in _PARTS:
            opened, begins, trimming = None, token.start(), False
        elif word in _SAYING or not word[0].isalnum() or is_place(word):
            if word in _OPENERS:
                opened = token.start()
            if trimming and word in _TRIMMED:
                begins = token.start()
            else:
                trimming = False
        else:
            return begins if opened is None else opened
    return position


def _abbreviates(text: str, point: int) -> bool:
    """Whether a full stop ends no sentence: « M. », « n. »."""
    before = fold(text[max(0, point - 4) : point])
    return re.search(r"\b(?:m|mr|mme|mlle|n|tel|no|num)$", before) is not None


def _joined(kept: list[str]) -> str:
    said = " ".join(part.strip() for part in kept if part.strip())
    return re.sub(r"\s+([,.])", r"\1", said).strip(" ,;:")
