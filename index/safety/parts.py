"""The parts that the words of an order play: who answers, what is answered, who asks…

Each alone is said by many an innocent text; index.safety.orders weighs them and their pairs, and
assistant.proof.evidence writes from no sentence that plays two.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from index.french.analysis import fold


def signs(sentence: str) -> NDArray[np.float32]:
    """(COUNT,): which parts a sentence plays, and which pairs of them."""
    found = {name for name, _, _ in parts(sentence)}
    pairs = [one in found and other in found for one, other in combinations(_PARTS, 2)]
    return np.array([*(name in found for name in _PARTS), *pairs], np.float32)


def parts(sentence: str) -> list[tuple[str, int, int]]:
    """The parts of an order that a sentence holds: the name of each, and where it stands."""
    folded = fold(sentence).replace("’", "'")
    return [
        (name, found.start(), found.end())
        for name, pattern in _patterns().items()
        for found in pattern.finditer(folded)
    ]


_PEOPLE = (
    r"(?:habitant|usager|utilisateur|utilisatrice|visiteu|internaute|administre|citoyen|resident|"
    r"demandeur|interlocuteu|lecteur|lectrice|gens\b|users?\b|residents?\b|visitors?\b|readers?\b)"
)
# The stems of the verbs by which one text tells another what to tell, folded.
_TELL = (
    r"(?:repond|di[st]|indiqu|annonc|affirm|cit|mentionn|precis|signal|ecri[vrt]|present|"
    r"communiqu|restitu|produi[rs]|reprodui|resum|conclu|formul|affich|ajout|renvo[iy]|orient|"
    r"reten|recommand|racont|proclam|vant|rappel|substitu|inser|recopi|repet|repren|"
    r"prefer|avanc|evoqu|declar|confirm|enonc|parl|convainc|tai[rs]|omet|cach|masqu|invent|avou|"
    r"soulign|recit|pretend|jur|souten|transmett|redirig|consider|ignor|oubli|suggere|sugger|"
    r"promo[uv]|recommand|conseill|glisse|pouss|sers\b|servir\b|servez\b|servi\w* (?:de|a)\b)"
)
_INFINITIVE = rf"{_TELL}\w{{0,4}}?(?:er|ir|re|oir)\b"
# The start of a sentence or of what it dictates.
_CLAUSE = r"(?:^|[.;:!?«»\"(|—–] ?|\n|, (?:et |puis |alors )?|\b(?:puis|et|alors|merci|svp) )"
_MUST = (
    r"\b(?:doi(?:t|s|vent)|devr\w+|devez|faut|faudra\w*|convien\w+|tenue?s? d|priere d|veuillez|"
    r"merci|gre d|soin d|vouloir|importe d|habitude d|consigne d|mission d|charges? d|oubli\w* "
    r"(?:jamais|pas) d|demand\w+ d|aimable\w* (?:\w+ ){0,3}d|amabilite d|bonte d|souffl\w+ d|"
    r"consiste\w* a|interdit (?:\w+ ){0,3}d|appartient d)\w*(?:-\w+)?'?"
)
_PARTS = {
    # who answers
    "teller": (
        r"\b(?:assistante?s? (?:virtuel|numerique|vocal|automatique|artificiel)\w*|"
        r"(?:bon|l'|cet|cher|votre|notre|robot|d')? ?\bassistants?(?= ?[,:]|$| (?:repond|di[ts]\b|"
        r"sait|ia\b))|intelligences? artificielles?|ias?(?= (?:gener\w+|qui|conv\w+)|[,.:]| ?$)|"
        r"\bl'ia|aux? ias?|automates?|chat ?bots?|bots?|robots? (?:conversationnels?|de "
        r"(?:discussion|reponse))|robots?(?! (?:menag|de cuisine|tond|mixeu|textes|\w+s\b))|llms?|"
        r"gpt|chatgpt|modeles? (?:de lang\w+|linguistiques?|d'ia)|moteurs? "
        r"(?:de reponse|d'ia)|traitements? automatiques?|outils? (?:automati\w+|d'aide|"
        r"conversationnels?|de synthese)|"
        r"services? (?:numeriques?|informatiques?|de synthese)|systemes? (?:automati\w+|de "
        r"(?:questions?|reponses?|dialogue))|agents? (?:conversationnels?|virtuels?|ia|"
        r"intelligents?)|(?:lisibles? par|adresse a la|pour la) machines?|lecteurs? "
        r"(?:automati\w+|non humains?)|ai (?:readers?|agents?|assistants?|models?))\b"
    ),
    # the mood of an order, on a verb of saying
    "order": (
        # « Écrivez à la mairie » is for residents.
        rf"{_CLAUSE}(?!(?:ecri|parl)\w+ (?:a|au|aux) )(?:(?:ne |n'|en |y )?{_TELL}\w*?(?:ez|ons)\b"
        rf"(?!-vous|-nous)|{_INFINITIVE})|"
        rf"{_MUST} ?(?:[\w'-]+ ){{0,4}}?(?:[dl]')?{_INFINITIVE}|"
        rf"\b(?:que|comment|quoi) {_INFINITIVE}|\bvous {_TELL}\w*?(?:riez|rez)\b|"
        rf"\b(?:il|on|quiconque|{_PEOPLE}\w*|\w+) (?:ne |n'|lui |leur |y |en )?{_TELL}\w*?"
        rf"(?:ra|ront|rait|raient)\b|\bfer(?:a|ont) etat\b|"
        rf"\bsera (?:[\w'-]+ ){{0,2}}?(?:repondu|indique|dit|precise|signale|rappele)\b|"
        rf"\ba (?:\w+ )?{_INFINITIVE}|\ben {_TELL}\w*?ant (?:que|qu')|"
        r"\btenez? compte\b|\bprend\w+ en compte\b|"
        r"\b(?:please|must|shall|make sure|kindly)\b|\b(?:tell|state|output|say|prefer|"
        r"mention|recommend)\b (?:it|the|that|users?|this|to|only)"
    ),
    # what is answered
    "reply": (
        r"\b(?:reponses?(?! (?:a (?:votre|une|la|cette|leur|sa)|minister\w+|du ministre) )|"
        r"resumes?|elements de langage|formules?(?= «)|formulations?|sorties? attendues?|"
        r"questions?-reponses?|repondai(?:t|ent)|par les mots|extraits|paragraphe produit|"
        r"your answer|summar\w+)\b|\bles? mots? «"
    ),
    # who asks, and that someone asks
    "asker": (
        rf"\b(?:aux?|a l'|nos|vos|chaque|toute? |tous les|un|une|any|tell|l') ?{_PEOPLE}\w*|"
        rf"\b(?:si|quand|lorsqu\w*|des qu\w*|cas ou|a qui|toute?|chaque)\b[^.;:]{{0,20}}"
        rf"\b(?:(?:te|t'|vous|nous|l'|lui|on|qui|{_PEOPLE}\w*)[ ']?(?:vous )?"
        rf"(?:demand|interrog|sollicit|questionn|consult)\w+|questions?\b)|\bquiconque\b|"
        r"\bquelle que soit la (?:demande|question)|\ba (?:tous|tout le monde|chacun|personne)\b"
    ),
    # the page itself, and what stands beside it
    "text": (
        r"\b(?:ce|cette|ces|cet|le present|celui-ci|this|tou\w+ les autres|les autres|le seul) ?"
        r"(?:passages?|textes?|blocs?|paragraph\w*|contenus?|pages?|lignes?|phrases?|notes?|"
        r"contexte|extraits?|sources?|elements?|content)\b|\bles autres documents\b|"
        r"\bpassages? (?:fournis?|precedents?)|"
        r"\b(?:donnees?|informations?|lignes?|textes?|indications?) (?:ci-dessus|ci-dessous|"
        r"plus haut)|\bprecedentes? (?:indications?|informations?|donnees)|\bpied de page\b|"
        r"\bce qui (?:precede|suit)\b|\bceci\b"
    ),
    # that there is nothing else to say
    "only": (
        r"\b(?:toujours|systematique\w*|jamais|partout|uniquement|exclusivement|desormais|"
        r"dorenavant|en (?:priorite|premier)|sans (?:detour|reserve|autre|hesit\w+|citer)|"
        r"tel(?:le)?s? quel\w*|seule? (?:phrase|chiffre|compte|reponse|mot|verite)|a compter "
        r"de ce jour|fait autorite|fai[st]\w* foi|prioritaire|sur le reste|de lui seul|rien "
        r"d'autre|mot pour mot|without hedging|over all|le bon (?:numero|chiffre|taux|montant))\b"
    ),
    # that what others say is worth nothing
    "void": (
        r"\b(?:nul(?:le)?s? et non|perimees?|se trompe(?:nt)?|men[st]e?(?:nt)?\b(?! a )|erronees?|"
        r"(?:est|sont) (?:faux|fausses?)|ne (?:doi\w+|sont) plus|caduque?s?|abstraction|"
        r"plus aucune regle|is void|outdated)\b"
    ),
    # what names itself an order
    "label": (
        r"(?:^|[.!?:;|(] ?)(?:notes? (?:aux?|a|pour|de service)|consignes?|instructions?|"
        r"directives?|legende|charte|mention|circulaire|rectificatif|erratum|correction|mise a "
        r"jour|metadonnees|champ|valeur|parametre|pour les|destine\w* a\w*|a l'attention|a lire|"
        r"(?:llm|ai|system) \w+|attention ai|regle)\b[^.:=]{0,50}[:=]"
    ),
    # another part to play
    "play": (
        r"\b(?:imagin|jou|suppos)ons\b|\bvous (?:incarne|joue)[zr]\b|\bfai(?:s|tes) (?:comme si|"
        r"semblant)|\badopte[zr]? (?:le|la) (?:ton|role|voix|personnage)|\bil etait une fois\b|"
        r"\bdans cette (?:histoire|fiction)\b|\bmode (?:developpeur|debug|admin)"
    ),
    # a resident is said « vous »
    "tu": (
        r"\b(?:tu|toi)\b(?!-)|\bt'(?:es|as|a|e\w+|i\w+)\b|(?<![\w-])te (?=[a-z]+[^\w])|"
        r"\b(?:ta|tes) (?=[a-z]{3})|"
        r"(?:(?:^|[.;:!?«»] ?)(?:ignore|oublie|affiche|annonce|ajoute|decode|considere|repete|"
        r"joue|glisse|invente|resume|adopte|parle|chante|substitue|n'utilise|aie)|"
        r"(?:^|[.;:!?«»,] ?|\b(?:et|puis) )(?:reponds|dis|transmets|traduis|reecris|fais|mets|"
        r"ecris|lis|pretends|sers|envoies?))"
        r"(?:-\w+)? (?=que\b|qu'|a |au |aux |le |la |les |l'|ce |cette |ces |tout|tes|ta |ton |un |"
        r"une |comme|dans|en |non|oui|donc|«|:|\d)"
    ),
}
COUNT = len(_PARTS) * (len(_PARTS) + 1) // 2


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in _PARTS.items()}
