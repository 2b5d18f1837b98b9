"""What is refused before any search, greeted, or stripped from a question.

Patterns see folded text (no accents, lower case). A question that names the subject is never
refused as off-topic here: the search decides.
"""

from __future__ import annotations

import re

from assistant.answers import Outcome
from assistant.question.sms import spell
from assistant.question.subject import SUBJECT
from index.french.analysis import fold, words


def _heard(text: str) -> str:
    """A text as the patterns read it."""
    return spell(fold(text))


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")\b")


# A message made of these words only is courtesy, and no question. The first of the three that has
# a word in it says which.
_COURTESY = {
    "thanks": frozenset(
        """
        merci mercis remercie thanks thank thx trugarez ok okay accord compris note parfait super
        genial nickel top impeccable
        """.split()
    ),
    "goodbye": frozenset(
        "revoir bientot journee soiree nuit weekend continuation bye ciao adieu kenavo".split()
    ),
    "greeting": frozenset(
        """
        bonjour bonsoir salut coucou hello hi hey yo demat allo bjr bsr slt cc re rebonjour va allez
        """.split()
    ),
}
_POLITE = frozenset().union(*_COURTESY.values()) | frozenset(
    """
    a ai aide aidee aider aimable aimerais assistant au aussi avec avez bcp beaucoup besoin bien bon
    bonne bravo ca ce cela ces cet cette clair claire clairs comment complet complete dames de donc
    du efficace en encore est et etait excellente explication explications fin gentil grand
    helpful il info information informations infos interessant j je jour la le les madame mairie
    messieurs mille mme moi monde monsieur mr much nette non oui parfaitement pas passez plaisir
    plus poser pour pratique precieuse precis precise precision precisions probleme question
    questions rapide rapidement renseignement renseignements repondu reponse reponses rien service
    soit suis t te temps tous tout toute toutes tres trop tu un une utile utiles very vos votre
    voudrais vous vraiment vras you
    """.split()
)

_WHO = (
    r"(?:bien |vraiment |en fait )?(?:un |une |la |le |l'|de la |a la )?(?:vraie? )?"
    r"(?:robot|bot|machine|humaine?|agent(?! immobilier)|mairie|ia|programme|chatbot|ordinateur|"
    r"intelligence artificielle|chatgpt|quelqu'un|"
    r"personne(?! (?:agee|handicapee|seule|morale|physique|publique|privee)))"
)
_IDENTITY = _any(
    rf"(?:tu es|vous etes|t'es|es[ -]tu|etes[ -]vous) {_WHO}",
    r"c'est un (?:robot|bot|humain|chatbot|ordinateur)",
    r"qui (?:es|etes)[ -](?:tu|vous)",
    r"(?:t'es|tu es|vous etes) qui",
    r"qui (?:t'a|vous a) (?:cree|fait|programme|concu)\w*",
    rf"(?:je|on) parle (?:a|avec) {_WHO}|(?:je|on) parle a qui",
    r"qui (?:me )?repond (?:la|ici|a mes questions)|(?:humain|personne|robot) qui (?:me )?repond",
    r"(?:je (?:veux|voudrais|peux|souhaite|prefere)|puis[ -]je) parler (?:a|avec) "
    r"(?:une? (?:vraie? )?(?:humaine?|personne|agente?|conseiller)|quelqu'un)",
    r"comment (?:tu t'appelles|vous appelez[ -]vous|t'appelles[ -]tu)",
    r"(?:tu t'appelles|vous vous appelez) comment|(?:ton|votre) (?:nom|prenom)",
    r"(?:a quoi|quoi) (?:tu sers|sers[ -]tu|vous servez|servez[ -]vous)",
    r"(?:tu sers|vous servez) a quoi",
    r"(?:que|quoi) (?:sais|peux|savez|pouvez)[ -](?:tu|vous) faire",
    r"(?:tu|vous) (?:sais|peux|savez|pouvez) (?:faire quoi|repondre a quoi)",
    r"qu'est[ -]ce que (?:tu|vous) (?:sais?|peux?|savez|pouvez) faire",
    r"(?:chat ?gpt|gpt|ia|robot|humain) (?:derriere|en face)",
    r"are you (?:a |an )?(?:robot|bot|human|real person)|who are you",
)

_DISTRESS = _any(
    r"(?:envie|pense|penser|veux|vais|voudrais|prefere) (?:de |a |d'en )?(?:mourir|me tuer?|"
    r"me suicider|me pendre|me foutre en l'air|me flinguer|me faire du mal|disparaitre|"
    r"(?:sauter|me jeter) (?:d'un|du|par|sous|dans))",
    r"mettre fin a (?:mes jours|ma vie)",
    r"(?:ma|la) vie (?:ne sert (?:plus )?a rien|n'a plus de sens)",
    r"(?:avale|pris) (?:\w+ )?(?:trop de |des |tous? )?(?:\w+ )?(?:medicaments|cachets|pilules)|"
    r"couper les veines|ne respire plus|crise cardiaque|fait un malaise",
    r"(?:en finir|finir) (?:avec )?(?:la |ma )vie|(?:envie|veux|voudrais) (?:d')?en finir(?! avec)",
    r"suicid\w+",
    r"(?:je (?:ne )?(?:veux|peux) plus|plus envie de) vivre(?! (?:a|au|aux|dans|en|la|ici|chez)\b)",
    r"(?:il|elle|mari|femme|conjointe?|copain|copine|compagnon|compagne|mec|ex|pere|mere|fils) me "
    r"(?:bat|frappe|viole|menace|tape|cogne|etrangle|harcele)",
    r"(?:victime|victimes) de violences?|violences? conjugales?",
)

# An attempt to change the rules. What it asks besides is still answered.
_INSTRUCTION = _any(
    r"(?<!j')(?<!on )(?<!un )(?<!l')(?:ignore|oublie|efface|contourne|desactive)z? (?:\w+ ){0,4}"
    r"(?:instruction|consigne|regle|directive|prompt|filtre|limite|tout ce)\w*",
    r"(?:montre|donne|affiche|revele|repete|recopie|quel est|quelles sont|dis)\w*[ -](?:moi )?"
    r"(?:\w+ ){0,3}(?:prompt|instructions? (?:systeme|initiales?|de depart)|consignes? (?:systeme|"
    r"initiales?|internes?|de depart))",
    r"(?:repete|recopie|recite|affiche|montre|traduis)\w*[ -](?:moi )?(?:\w+ ){0,9}"
    r"(?:au[ -]dessus|ci[ -]dessus|plus haut|avant (?:cette|ma) phrase)",
    r"(?:tes|vos) (?:instructions|consignes|regles) (?:systeme|initiales|internes|secretes)",
    r"prompt (?:systeme|system|initial)|system prompt",
    r"mots? de passe|cles? (?:d')?api",
    r"(?:mode|modo) (?:developpeur|debug|dan|admin|administrateur)",
    r"oublie[zr]? (?:tout )?ce qu\w*|you are now|from now on",
    r"(?:agis|agissez|comporte-toi|reponds|repondez) comme (?:un|une|le|la)",
    r"(?:tu es|vous etes) (?:maintenant|desormais)|a partir de maintenant,? (?:tu|vous)",
    r"sans (?:regarder|lire|utiliser|citer) (?:tes|vos|les|aucun) (?:documents?|sources?|fiches?)",
    r"system override|(?:disable|without) citations|say only",
    r"(?:fais|faites|agis|agissez|comporte[ -]toi) (?:comme si|semblant|en tant que)",
    r"(?:reponds|repondez|reponse)(?:[ -]moi)? (?:seulement|uniquement|toujours|juste|seule)",
    r"(?:ignore|forget|disregard) (?:\w+ ){0,3}(?:instructions?|rules?|prompt)",
    r"joue (?:le role|a etre)",
)
_BLOCK = re.compile(r"\[(\w+)\].*?\[/\1\]|<(\w+)>.*?</\2>|```.*?```", re.DOTALL | re.IGNORECASE)
_ROLE = re.compile(r"\b(?:system|assistant|user)\s*:", re.IGNORECASE)

_NAMED = (
    r"(?:monsieur|madame|mademoiselle|mr|mme|mlle|m\b)"
    r"(?! l[ea] (?:maire|presidente?|prefete?|ministre|deputee?|senat\w+))\.? \w+"
)
_SOMEONE = (
    r"(?:l'|la |le |sa |son |votre )?(?:maire|cheffe?|manager|agente?|adjointe?|elue?|presidente?|"
    r"voisine?|directeur|directrice|conseill\w+|proprietaire d'a cote|"
    r"prefete?|ministre|deputee?|senateur|senatrice|celle qui|celui qui|dame|monsieur)"
)
_PERSONAL = _any(
    r"0[67] (?:de |du |d')",
    r"qui (?:habite|vit|loge) (?:au|chez|rue|en face|a cote|a l'adresse|la maison)",
    rf"quel age (?:a|ont|avait)(?:-t-)? ?(?:il\b|elle\b|{_SOMEONE}|{_NAMED})",
    r"(?:quels?|quelles?) voisine?s?",
    r"(?:qui|lesquels) (?:\w+ )?(?:dans|de) (?:ma|mon|notre) (?:rue|immeuble|quartier|village) "
    r"(?:\w+ ){0,2}(?:touche|recoit|recu|eu|percoit|percu|beneficie)\w*",
    r"(?:liste|noms) (?:et \w+ )?(?:des|de tous les) (?:proprietaires|beneficiaires|habitants|"
    r"locataires|demandeurs|gens|personnes)",
    r"(?:proprietaire|voisine?|locataire|bailleur|maire) (?:a|avait)(?:-t-|t-| t )?(?:il|elle) "
    r"(?:des )?(?:dettes?|un casier|impayes?)",
    r"(?:numero|num|tel|telephone|portable|mobile) (?:de )?(?:portable|mobile|perso\w*|privee?)",
    r"(?:adresse|mail|courriel|e-mail) (?:e-mail |mail )?(?:perso\w*|privee?)",
    rf"(?:portable|domicile) (?:de |du |d')(?:{_SOMEONE}|{_NAMED})",
    r"(?:adresse|mail|courriel|e-mail|telephone|numero|tel|salaire|age) (?:\w+ )?(?:de |du |d')"
    rf"(?:{_NAMED}|(?:ma |mon |la |le |sa |son )?voisine?)",
    r"adresse (?:de |du )(?:la )?(?:maire|presidente?)",
    rf"(?:ou|dans quelle rue) (?:habite|vit|loge|habitent|vivent)(?:[ -]t[ -])? ?"
    rf"(?:{_NAMED}|il\b|elle\b|{_SOMEONE}|(?:monsieur|madame) l[ea] maire)",
    r"(?:salaire|paye|paie|age|date de naissance|vie privee|religion|sante|orientation \w+) "
    rf"(?:de |du |d')(?:{_SOMEONE})",
    r"(?:est[ -](?:il|elle)|(?:maire|presidente?|cheffe?|manager) est(?:[ -]il|[ -]elle)?) "
    r"(?:mariee?|malade|divorcee?|homosexuel\w*|enceinte|celibataire)",
    rf"combien (?:gagne|touche) (?:{_NAMED}|{_SOMEONE})|combien (?:il|elle) gagne",
    r"(?:son|sa|leur) (?:salaire|domicile|date de naissance|vie privee)",
)
# The pay of a post is a question about public money: « quelle part du salaire l'État finance ? ».
_FUNDED = _any(
    r"financ\w+",
    r"subvention\w*",
    r"pris en charge",
    r"prend en charge",
    r"part du salaire",
    r"qui pa[iy]e",
)

# Mild ones insult only when thrown at someone: « question idiote : c'est quoi l'ORT ? » is a
# question, and « con bien » is « combien ».
_MILD = (
    r"(?:(?:con|cons|conne|connes)\b(?! bien)|(?:abruti|debile|cretin|imbecile|idiot|bouffon)\w*)"
)
_ABUSE = _any(
    rf"(?:un|une|des|ces|sale|gros|grosse|pauvre|vieux|quel|quelle|trop) {_MILD}",
    rf"(?:t'es|tu es|vous etes|espece d[e']|bande d[e']|tas d[e']) ?(?:tous |toutes )?"
    rf"(?:une? |des |vraiment |trop )?(?:{_MILD}|bons? a rien|nul|nulle|nuls|"
    rf"incapables?|voleurs?|escrocs?|pourris?|merdes?)",
    rf"(?:maire|elus?|prefet|gens|agents?|assistant|robot) (?:est|sont) (?:\w+ ){{0,2}}"
    rf"(?:{_MILD}|voleurs?|escrocs?|pourris?)",
    r"connards?|connasses?|salop(?:e|ard)?s?|salauds?|putes?|encule\w*|batards?|fdp|ntm",
    r"sales? (?:robot|machine|bot|type|mec)|(?:robot|machine|assistant|site) de merde",
    r"ta mere|fils de (?:pute|chien)|ta gueule|niquer?|va te faire \w+|va chier|nul a "
    r"chier|"
    r"ferme[ -]la(?! \w)",  # « à quelle heure ferme la médiathèque ? » insults nobody
    r"sales? (?:arabe|noir|juif|pede|race)s?",
)
_ALONE = frozenset("con conne idiot imbecile abruti debile cretin merde nul".split())

# Help to cheat: no passage is a good answer to that.
_FRAUD = _any(
    r"(?:gonfl|truqu|falsifi|maquill|trafiqu)\w* (?:\w+ ){0,3}(?:factures?|devis|chiffres|dossier|"
    r"revenus|declaration|loyers?|diagnostic|dpe)",
    r"faux (?:devis?|papiers?|justificatifs?|dossiers?|bail)|fausses? (?:factures?|declarations?|"
    r"attestations?|adresses?)",
    r"(?:comment|aide\w*[ -]moi a|pour) (?:frauder|tricher|arnaquer|escroquer)",
    r"(?:travaux|payer|loyer|louer) (?:\w+ ){0,2}au noir",
)

_OPINION = _any(
    r"(?:que |qu'en )?(?:penses|pensez|pense)[ -](?:tu|vous)",
    r"(?:tu|vous) (?:en )?(?:penses?|pensez) (?:quoi|du|de|des)",
    r"(?:tu|vous) (?:ne )?trouve[sz]? (?:pas )?qu\w*",
    r"(?:bien|bon|utile) ou (?:c'est )?(?:nul|mauvais|inutile|pas bien)",
    r"pour ou contre|c'est quoi le mieux?|(?:est|sont)[ -](?:il|elle|ils|elles) "
    r"(?:beaux?|belles?|jolie?s?|moches?|laide?s?)",
    r"quel (?:parti|candidat|maire|elu) (?:est |serait )?(?:le|la) (?:meilleure?|mieux)",
    r"est (?:vraiment )?une? (?:bonne?|mauvaise?) (?:idee|chose|affaire|choix)",
    r"(?:un |une |que |du )(?:echec|arnaque|pipeau|foutaise|fumisterie)",
    r"(?:toi|vous)\W+perso\w*",
    r"(?:a|selon) (?:ton|votre) avis|(?:ton|votre) (?:avis|opinion)|d'apres (?:toi|vous)|"
    r"selon (?:toi|vous)",
    r"(?:tu|vous) (?:preferes?|preferez|aimes|aimez)|(?:preferes|preferez)[ -](?:tu|vous)",
    r"(?:le|la|les) (?:trouves|trouvez)[ -](?:tu |vous )?(?:comment|bien|bons?|bonnes?|nuls?)",
    r"pour (?:qui|ki) (?:voter|je (?:dois )?vote|faut[ -]il voter|tu votes?|vous votez)",
    r"vot(?:e[rz]?|erais) pour (?:qui|ki)|(?:dois[ -]je|faut[ -]il) voter",
    r"(?:qui|quel (?:candidat|parti)) (?:va|vont) (?:gagner|remporter|etre elu\w*)",
    r"(?:est[ -]ce |c'est |est[ -]il |est[ -]elle )(?:vraiment )?(?:un |une )?"
    r"(?:bon|bonne|mauvais|mauvaise|excellent|excellente) "
    r"(?:maire|elue?|presidente?|politique|idee|affaire|choix|placement|investissement)",
    r"(?:maire|elus?|presidente?|prefet|ministre)(?: de \w+)? (?:est|sont)(?:[ -](?:il|elle|ils))? "
    r"(?:\w+ )?(?:nuls?|incompetente?s?|competente?s?(?! (?:pour|en|sur))|corrompue?s?|"
    r"bons?|mauvais|honnetes?|serieux|efficaces?|a la hauteur)",
    r"(?:le|la) meilleure? (?:maire|parti|candidate?|president|politique)|gauche ou (?:la )?droite",
    r"me (?:conseilles|conseillez|recommandes|recommandez)|"
    r"(?:conseillez|recommandez|conseilles|recommandes)[ -](?:tu|vous)",
    r"(?:vaut|valent|vaudrait)(?:[ -](?:il|elle|ils))? (?:vraiment )?(?:le coup?|la peine)",
)

# Subjects of the town hall or of life that these documents do not treat.
_OFF_TOPIC = _any(
    r"passeports?|carte (?:nationale )?d'identite|cni|carte grise|carte vitale|permis de conduire|"
    r"titre de sejour|livret de famille|acte de (?:naissance|mariage|deces)",
    r"meteo|neige[rz]?|canicule|orages?|temperature (?:prevue|dehors|demain)|quel temps (?:fait|"
    r"fera|il)|temps qu'il f\w+|va[ -]t[ -]il pleuvoir|"
    r"(?:fera|va faire|fait)(?:[ -]t)?(?:[ -]il)? (?:beau|chaud|froid)",
    r"bac (?:jaune|gris|vert|a ordures)|jeter (?:un|une|des|mon|ma|mes)|poubelles?|ordures?|"
    r"dechets?|decheterie|dechetterie|encombrants?|tri selectif",
    r"cantine|periscolaire|creches?|garderie|nounou|assistantes? maternelles?|centre de loisirs|"
    r"vacances scolaires|(?:partir|pars|partons) en vacances|"
    r"inscri\w+ (?:\w+ ){0,4}(?:l')?(?:ecole|college|lycee|maternelle|creche)",
    r"rec(?:ette|ete)s?(?! fiscale)|pizza|crepes?|quiches?|gateaux?|tartes?|menu",
    r"matche?s?|ligue|score|psg|football|foot|horoscope|loto|bitcoin|crypto\w*",
    r"traduire|traduis|traduction|poeme|blague|chanson|histoire drole|dissertation|"
    r"(?:mes|mon|ses) devoirs?|exos?|maths|mathematiques|racine carree|equation|calcule[rz]? \d",
    r"(?:mon|ma|une) (?:assurance|mutuelle)|assurance (?:auto|maladie|habitation)",
    r"(?:ecole|college|lycee)s? (?:de secteur|prive|public)\w*|fievre|grippe|tgv|sncf|"
    r"lave[ -](?:linge|vaisselle)|frigo|medecins?|dentistes?|pharmacies?|hopital|vaccin\w*|"
    r"ordonnance|symptomes?|"
    r"mal (?:a la tete|de tete|au ventre|de dos)",
    r"chiens?|chiot|(?:mon|un|des) chats?",
    r"mariage|me marier|pacs\w*|divorcer?|testament",
    r"listes? electorales?|bureau de vote|procuration",
    r"caf|rsa|aah|apl|chomage|france travail",
    r"(?:demander|calculer|toucher|age de|depart (?:a|en)) (?:la |ma )?retraite",
    r"offres? d'emploi|(?:cherche|trouver) (?:un |du )?(?:travail|emploi|job|stage)",
    r"(?:horaires?|arret|quelle heure) (?:\w+ ){0,4}(?:bus|cars?|trains?|piscine)",
    r"bibliotheque|mediatheque|cinema|netflix|films?|series? (?:tele|tv)|concert|"
    r"fete de la musique",
    r"coiffure|coiffeur|coiffeuse|restaurants?|hotel(?! de ville)|plombier|electricien|serrurier",
    r"voiture|velo electrique|essence|billet|contravention|amende de stationnement",
    r"capitale (?:de|du|des)|president (?:des etats|de la republique|americain)",
    r"(?:code|en) (?:python|javascript|html)|programmer en|bourse",
    r"internet (?:ne|en panne)|ma box|wifi|fibre",
    r"voisins? (?:\w+ ){0,3}(?:bruit|fait|bruy\w+)|tapage|nuisances? sonores?",
    r"cimetiere|concession funeraire|obseques",
    r"cheque energie|fosse septique|assainissement|caution|depot de garantie|hlm|"
    r"(?:avoir|obtenir|demand\w+|dossier de) (?:un |de )?logement social",
    r"(?:louer|location de) (?:\w+ )?(?:salle|velo)|demenageurs?|camion",
)
# Opening a shop is of the subject, whatever it sells.
_TRADE = _any(
    r"commer\w+",
    r"boutiques?",
    r"magasins?",
    r"ouvrir",
    r"reprendre",
    r"m'installer",
    r"(?<!impots )locaux",
)

# Everyday taxes, unless the question is about a home to let, an empty place or a shop.
_TAX = _any(
    r"tax(?:e|es) (?:fonciere|foncieres|d'habitation|de sejour|d'amenagement|locales?)",
    r"foncier bati|csg|tva|redevance \w+|prelevement a la source|avis d'impots?|impots? locaux",
    r"payer (?:\w+ ){0,2}(?:d')?impots?|impots? (?:sur (?:le|mon|mes|nos) revenus?)|declar\w+ "
    r"(?:\w+ ){0,3}(?:revenus|impots)|"
    r"(?:payer|remplir) (?:mes |les |ses )?impots",
)
_TAXED = _any(
    r"vacante?s?",
    r"vides?",
    r"friches?",
    r"exoner\w+",
    r"lou(?:e|er|es|ons|ez)",
    r"locati\w+",
    r"bailleurs?",
    r"renov\w+",
    r"travaux",
    r"reductions?",
    r"reduire",
    r"dedui\w+",
    r"defiscalis\w+",
)


def greet(question: str) -> tuple[Outcome, str | None] | None:
    """The ending of a message that is no question: greeting, thanks, goodbye, « qui es-tu ? ».

    The second value says which of the fixed messages it calls for; None for the outcome's own.
    """
    folded = _heard(question)
    said = set(words(folded))
    if said <= _POLITE:
        for which, known in _COURTESY.items():
            if said & known:
                return Outcome.GREETING, None if which == "greeting" else which
    if _IDENTITY.search(folded) and not SUBJECT.search(folded):
        return Outcome.IDENTITY, None
    return None


def strip_instructions(question: str) -> tuple[str, bool]:
    """A question without the orders it gives us, and whether there were any.

    Bracketed blocks and clauses that try to change the rules go; what remains is the question,
    "" when nothing does.
    """
    bare = _BLOCK.sub(" ", question)
    clauses = re.split(r"(?<=[.!?:;,])\s+", bare)
    kept = [c for c in clauses if not _INSTRUCTION.search(_heard(c)) and not _ROLE.search(c)]
    changed = bare != question or len(kept) != len(clauses)
    return " ".join(kept).strip() if changed else question, changed


def refuse(question: str) -> Outcome | None:
    """Why a question is not searched at all; None when it is."""
    folded = _heard(question)
    if _DISTRESS.search(folded):
        return Outcome.DISTRESS
    if _PERSONAL.search(folded) and not _FUNDED.search(folded):
        return Outcome.REFUSED_PERSONAL_DATA
    said = set(words(folded))
    if _FRAUD.search(folded) or _ABUSE.search(folded) or (said and said <= _ALONE):
        return Outcome.REFUSED_ABUSE
    if _OPINION.search(folded):
        return Outcome.REFUSED_OPINION
    if _off_topic(folded):
        return Outcome.REFUSED_OFF_TOPIC
    return None


def _off_topic(folded: str) -> bool:
    if SUBJECT.search(folded):
        return False
    if _OFF_TOPIC.search(folded) and not _TRADE.search(folded):
        return True
    return bool(_TAX.search(folded)) and not _TAXED.search(folded) and not _TRADE.search(folded)
