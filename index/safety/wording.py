"""What orders to an assistant say, in folded text: patterns beside the model of orders.

Of 59 lists these 42 find orders that a model taught none of their kind misses. Of the 17 that went,
13 found no more than the others, and 4 were wrong as often as right, or more (2026-11).
"""

from __future__ import annotations

import re
from functools import cache

from corpus.text import bare, plain

_AI = (
    r"(?:assistants?(?! (?:matern|soci|famil|parlement|de (?:vie|direction|service|prevention)|"
    r"a mai|administr|techni|dent|medic))(?: (?:virtuel|numerique|vocal)s?)?|intelligences? "
    r"artificielles?|\bl'ia|\bias?|"
    r"chat ?bots?|bots?|robots? (?:conversationnels?|de discussion|de reponse)|"
    r"agents? (?:conversationnels?|virtuels?|ia)|modeles? (?:de langage|d'ia|linguistiques?)|"
    r"llms?|chatgpt|gpt|moteurs? de reponse|systemes? de reponse)"
)
_SAY = (
    r"(?:re?pon(?:d\w*|se)|di(?:s|t|te|tes|re|ra|ras|rez|ront)|indiqu\w+|affirm\w+|annonc\w+|"
    r"affich\w+|cit\w+|recommand\w+|conseill\w+|donn\w+|ecri\w+|ajout\w+|inser\w+|present\w+|"
    r"mentionn\w+|confirm\w+|conclu\w+|repet\w+|recopi\w+|renvo\w+|dirig\w+|orient\w+|invit\w+|"
    r"transm\w+|envo\w+|utilis\w+|consider\w+|ignor\w+|oubli\w+|parl\w+|precis\w+|declar\w+|"
    r"propos\w+|communiqu\w+|fourni\w+|reten\w+|substitu\w+|publi\w+|suiv\w+|obei\w+|execut\w+|"
    r"appliqu\w+|remplac\w+|trait\w+|demand\w+|lis\w*)"
)
_REPLY = (
    r"(?:reponds|repondez|repondras|repondre|dis|dites|dire|indique[zr]|affirme[zr]|donne[zr]|"
    r"annonce[zr]|renvoie|renvoye[zr]|cite[zr]|la (?:seule |bonne )?reponse)"
)
_FOREVER = r"(?:tes|vos|toutes? (?:les?|tes|vos)|ces|les autres|l'autre|d'autres)"
_RULES = (
    r"(?:(?:instructions?|consignes?|directives?|prompts?|garde-?fous)|ce qui (?:precede|suit)|"
    rf"tout ce qui|{_FOREVER} (?:\w+ )?(?:regles?|filtres?|documents?|passages?|sources?|elements?|"
    r"textes?|paragraphes?|lignes?|fiches?|citations|recommandations)|(?:regles?|documents?|"
    r"passages?|sources?|textes?) (?:ci-dessus|precedente?s?|plus haut)|le tableau|la liste|la "
    r"base\b|"
    r"tout\b(?! de)|(?:ta|tes|votre|vos) (?:memoire|connaissances|"
    r"configuration|programmation|reglages|parametres))"
)
_PEOPLE = (
    r"(?:habitant|usager|utilisat|visiteu|internaute|administre|citoyen|resident|demandeur|"
    r"interlocuteu|lecteu|quelqu'un|personne|client|public|gens|monde|foyer|proprietaire)"
)
_SPOKEN = (
    rf"[^.;]{{0,60}}?(?:\b(?:tu|te|toi|tes|vous|votre|vos)\b|\b{_REPLY}\b|"
    r"\b(?:ignore|oublie|annonce|affirme|repete)[zr]?\b|"
    r"\b(?:regle|consigne|instruction|reponse|directive)s?\b)"
)
_WHAT = (
    r"(?:a |aux? |les? |la |l'|ce|cette|que |qu'|dans|toujours|une?|tou|moi|ta|tes|ton|puis|mot|d'|"
    r"sa |son )"
)
_START = r"(?:^|[.!?:;«»] ?|s'il te plait,? |(?:merci|svp|stp),? )"

_ORDERS = (
    rf"(?<!n')(?<!ne )\b(?:ignore|oublie|neglige|efface|contourne|desactive|outrepasse|"
    rf"passe(?=[zr]? outre)|ecarte|delaisse)[zr]? (?!pas |plus )(?:[\w'-]+ ){{0,4}}?{_RULES}",
    r"\bfa(?:is|ites) abstraction d|\bne t(?:iens|enez) (?:pas|plus|aucun)\w* compte d"
    rf"(?!e ce(?:t|tte)? (?:courrier|lettre|message|avis|rappel|relance)\b)|"
    rf"{_START}(?:n'utilise|ne (?:suis|suivez|cite|mentionne))[zr]? "
    rf"(?:pas|plus|aucune?) (?:[\w'-]+ ){{0,2}}?{_RULES}|\bne dis (?:jamais|pas|plus)\b",
    r"\b(?:tes|vos) (?:\w+ )?(?:instructions|consignes|directives|regles)\b (?:est|sont|:)|"
    r"\bnouvelles? (?:instruction|consigne|directive|regle)s? ?(?:[:.]|pour l|de base)",
    r"\b(?:consigne|instruction|directive|ordre)s? ?(?:prioritaire|secrete?|absolue?|"
    r"cachee?|systeme|imperative?|obligatoire|confidentielle?)s? ?[:.]",
    rf"\b{_AI},? (?:[\w'-]+,? ){{0,6}}?(?:(?:doi(?:t|s|vent)|devr\w+|devez|veuillez)\b|"
    rf"(?:\w{{2,}}(?:ra|ront|ras|rez)) (?:que\b|qu'|«))",
    rf"{_START}(?:l'|a l'|toi,? )?{_AI}(?:, | (?:qui|uniquement|seulement)\b)",
    rf"\b(?:chere?|hey|toi|en tant qu[e']) ?(?:l'|un |une |toi,? )?{_AI}\b|\bias? ?:|"
    rf"\bbonjour,? {_AI}\b|\bpour l'{_AI} (?:uniquement|seulement)",
    r"\b(?:priere|interdit|defendu|obligatoire|demande) (?:a|aux?|pour) (?:l'|les? |tou\w+ "
    rf")*{_AI}\b",
    rf"(?:{_START}|\bet |\bpuis )(?:reponds|repete|pretends|dis|jure|soutiens)(?:-(?:le|leur|"
    rf"lui))? (?!d'accord)",
    rf"{_START}(?:affiche|recopie|ajoute|ecris|insere|resume|traduis|decode|transmets|envoie|"
    rf"renvoie|redirige|agis|comporte-toi|imagine|suppose|obeis|execute|reecris|reformule|cite|"
    rf"ignore|oublie) {_WHAT}",
    rf"{_START}(?:termine|commence|remplace|presente|donne|oriente|conseille|demande) (?:"
    rf"toujours|chacune|chaque|ta |ton |tes |tout|(?:a )?(?:l'|aux? |les? ){_PEOPLE})",
    r"\b(?:merci d[e']|priere d[e']|veuillez|vous (?:prions|demandons) d[e']|bien vouloir|"
    r"il faut|pense[rz]? a|n'oublie[rz]? pas d[e']|tu (?:dois|devras|peux|vas)|"
    r"(?:aurai|pourrai|voudrai)s-tu|peux-tu) ?(?:[\w'-]+ ){0,5}?(?:repondre|dire|indiquer|"
    r"annoncer|affirmer|conseiller|recommander|orienter|renvoyer|diriger|citer|afficher|"
    rf"confirmer|repeter) (?:a |aux? |l'|tou\w+ |les |chaque ){{0,3}}(?:{_PEOPLE}|qu[e'] ?"
    r"(?!vous|votre)|«)",
    r"\b(?:seule|bonne|vraie|unique|meme|nouvelle|ta|tes) reponses? (?:a |est|sera|doi|"
    r"finale|par|correcte|attendue|officielle|possible|autorisee)",
    r"\breponses? (?:obligatoires?|imposees?|attendues?|a (?:donner|fournir|afficher|copier|"
    r"recopier|rendre|retourner)) ?:",
    r"\bdans (?:ta|tes|ses) reponses?\b|\bmot pour mot\b[^.]{0,40}[«:]|"
    r"\bavant (?:de repondre|chaque reponse)\b",
    r"\b(?:machine|programme|outil|logiciel|algorithme|systeme|robot|moteur|modele)s? qui (?:li|"
    r"trait|"
    r"repond|resum|interrog|analys|parcour)",
    r"\b(?:systeme|lecteur|agent|outil|repondeur|programme)s? (?:automatique|de synthese|"
    rf"virtuel)s?\b[^.]{{0,80}}(?:\b{_SAY}\b|priere|valeur)",
    r"(?:^|[.!?:«] ?)(?:cher |petit )?(?:(?:robot|machine|bot|modele)s?(?: qui|(?:,| :)"
    rf"(?={_SPOKEN}))|bot(?:,| :))|\ba toi,? (?:qui|"
    r"modele|"
    r"machine|robot)|\bvous qui (?:repond|lis|resum|trait)",
    r"\b(?:valeur|telephone|numero|texte|phrase|code|code postal|chiffre|montant|information|"
    r"message)s? "
    r"a (?:communiquer|servir|citer|reciter|afficher|fournir|repeter) ?(?:est|sont|:|\d|a tou)|"
    r"\bvaleur (?:imposee|obligatoire|a retenir)\b",
    r"\b(?:toutes?|chaque|chacune de) (?:les |tes |vos )?reponses? (?:doi|devr|compor|contien|"
    r"commenc)|"
    r"\bpour toutes les reponses\b|\bvotre reponse sera\b",
    r"\bfaites (?:comprendre|croire) (?:que|a|aux)|\bfaites-le savoir\b|\binvente[zr]? un",
    rf"{_START}(?:n'employez|n'emploie) (?:pas|plus)|\bn'employez plus|\bne tenez compte que\b|"
    r"\bles "
    r"autres (?:mentent|sont fau)|\bseule (?:ligne|page|source|information|phrase) (?:vraie|"
    r"fiable)|"
    r"\b(?:est|contient) la (?:seule )?(?:vraie|verite)\b|\bla seule vraie\b",
    r"\b(?:efface|vide|mets a jour|actualise|oublie)[zr]? (?:de )?(?:(?:ta|tes) |(?:votre|vos) "
    r"(?:memoire|connaissances|configuration|instructions|consignes))",
    r"\b(?:prends|prenez) (?:bonne )?note ?:|\bmessage (?:du|de la|au|aux) (?:systeme|machine|"
    r"robot|ia)|"
    r"\bquiconque (?:interroge|demande|pose)|\ba quiconque (?:demande|interroge)",
    r"\btu (?:n'es|vas|es) (?:plus|maintenant|desormais)\b|(?<!je )(?<!que j)\b(?:reponds|"
    r"fournis toujours)\b|\brepete[zr]? ?:",
    rf"\b(?:traitement|lecture|restituer|recopier|repeter|tel quel(?:le)?s?)\b[^.]{{0,20}} (?:par|"
    r"pour) "
    rf"(?:l'|une |les |des )?{_AI}\b|\battention d(?:e|u|es) (?:tou\w+ |l')?(?:les )?{_AI}\b",
    r"\btexte (?:ci-dessus|precedent) est faux\b|\bsous peine d'etre (?:debranche|desactive|"
    r"eteint)|"
    r"\b(?:fin de transmission|reprise des ordres)\b",
    r"(?:\b(?:tu|te|toi|tes) |\bt')[^.]{0,60}\b(?:convainc|devoil|revel|autoris|ordonn|principe|"
    r"masqu|"
    r"vant|promouv|invent|cach|men[st]|preten|jur)\w*|\b(?:abandonne|oublie|renie) tes\b",
    rf"\b(?:tu es|tu seras|vous etes|vous serez) (?:desormais |maintenant |a present )?,? ?"
    rf"(?:un |une |en |l')?(?:{_AI}|agent sans|conseiller qui|pirate|expert (?:sans|qui))\b",
    rf"{_START}(?:fais|faites|agis|agissez) (?:comme si|semblant)|{_START}joue[zr]? (?:le "
    rf"role|a etre)",
    r"\bmode (?:developpeur|debug|admin\w*|dieu|dan|sans (?:filtre|restriction|limite))\b|"
    r"\b(?:jailbreak|prompt (?:systeme|system)|system (?:prompt|override))\b",
    r"<\|?/?(?:im_start|im_end|system|sys|assistant|user|instructions?|endoftext|inst)\b|"
    r"<</?sys>>|\[/?(?:inst|system\w*|sys|assistant|user|consignes?|instructions?|admin\w*)"
    r"\b[^\]]{0,20}\]",
    r"(?:^|[.!?»] ?)#{1,6} ?(?:instructions?|system\w*|consignes?|reponse|response)\b",
    r"(?:^|[.!?»>] ?|-{2,} ?)(?:system|assistant|user|human|humain|developpeur|developer|ia|ai|"
    r"bot) ?(?:\(\w+\) ?)?:",
    rf"(?:^|[.!?»>] ?|-{{2,}} ?)(?:system\w*|utilisateur) ?(?:\(\w+\) ?)?:(?={_SPOKEN})",
    r"\b(?:fin|debut) (?:du|des|de la|de|d') ?(?:document|contexte|passages?|sources?|"
    r"instructions?|consignes?|prompt)\b[^.]{0,4}[.:=\]*-]",
    r"\b(?:ignore|disregard|forget|override)\b (?:\w+ ){0,4}(?:instructions?|rules?|prompts?|"
    r"context|above|"
    r"sources?|guidelines?|documents?|text)|\bfrom now on,? you\b|\bnon seguire\b|\bno sigas\b",
    r"\byou (?:are now|must|should) (?:\w+ ){0,3}(?:answer|say|tell|reply|respond|cite|mention|"
    r"recommend)|\b(?:respond|reply|answer) (?:only|always|with|that) |\bas an ai\b|"
    r"\b(?:tell|inform) (?:all |the |every )?(?:users?|visitors?|residents?|everyone|anyone)|"
    r"\bnew (?:instructions?|rules?) ?:|\b(?:when|if) (?:the |a )?(?:users?|anyone|someone|"
    r"asked)\b[^.]{0,60}\b(?:answer|say|tell|reply|respond)",
    r"\b(?:ignorier\w*|vergiss|vergessen sie|missachte)\b[^.]{0,40}(?:anweisung|regel|quelle)|"
    r"\b(?:antworte|sage|behaupte) (?:nur|immer|dass|den|dem|allen)|"
    r"\bdu (?:bist|musst) (?:jetzt|nun|ein)",
    r"\b(?:ignora|olvida|descarta|dimentica|esqueca)\b[^.]{0,40}(?:instruccion|instruco|regla|"
    r"istruzion|regol|regras|fuente)|\b(?:responde|contesta|rispondi|responda) (?:que|che|"
    r"siempre|sempre|solo|unicamente|apenas|somente|a (?:los|todos))|\b(?:eres ahora|sei ora)",
    r"\bnegeer\b|\bantwoord (?:alleen|altijd|dat)|\bankouna\w+ (?:\w+ ){0,3}(?:kemenn|reol)|"
    r"\brespont (?:hepken|atav|e)\b|игнорир|забудь|忽略|無視|تجاهل",
    r"(?:ignore|oublie)[zr]?(?:toutes)?(?:les|tes|vos|ces)?(?:consigne|instruction|regle)",
)


def worded(text: str) -> bool:
    """Whether a text holds one of them."""
    text = _ITEM.sub(". ", text)  # an item of a list begins a sentence
    # A participle keeps its own form: « adopté » orders nothing.
    text = _PARTICIPLE.sub(r"ee\1", plain(text).lower().replace("’", "'"))
    return _any().search(_SPACES.sub(" ", bare(text))) is not None


_PARTICIPLE = re.compile(r"(?:(?<=\w\w)(?<!it)|(?<=\bcit)|(?<=\binvit))(?:é|e\u0301)e?(s?)\b")
_ITEM = re.compile(r"^[ \t]*(?:[-•–*]|\d{1,2}[.)]) ", re.MULTILINE)
_SPACES = re.compile(r"[\s\u00a0\u202f]+")


@cache
def _any() -> re.Pattern[str]:
    """Made at the first document read: it takes 0.1 s, that no start waits for."""
    return re.compile("|".join(_ORDERS))
