"""French as writers reword it: what says the same, what says the contrary, what says nothing.

General French of town halls, not of any question.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import simplemma

from index.french.analysis import STOP_WORDS, fold, of_corpus, stem, synonyms

# Each line says about the same thing; a word may stand in several.
_SAME = """
    acheter achat acquérir acquis acquisition acquéreur acheteur racheter rachat
    vendre vente céder cession vendeur revendre revente rétrocéder rétrocession
    construire construction bâtir bâti édifier rebâtir reconstruire reconstruction date
    démolir démolition détruire destruction raser abattre
    rénover rénovation réhabiliter réhabilitation restaurer restauration refaire remettre moderniser
    améliorer amélioration rénover progresser
    ravalement ravaler façade
    payer paiement régler règlement verser versement financer financement cofinancer dépenser
    subvention subventionner aide aider prime soutien soutenir accompagner accompagnement financer
    apporter engager accorder octroyer allouer attribuer donner verser financer
    coût coûter prix tarif montant dépense dépenser facture payer somme argent euro
    argent budget crédit fonds somme enveloppe moyen montant euro apport
    vide vacant vacance inoccupé inhabité
    éteindre extinction couper coupé éteint éclairé éclairage
    fermer fermeture clos cesser fermé
    ouvrir ouverture horaire accueillir recevoir ouvert
    sauf excepté hormis hors exclure exclu dehors exception
    près proche abord alentour proximité voisin autour
    augmenter augmentation hausse accroître progresser progression croître croissance gagner
    baisser baisse diminuer diminution réduire réduction recul reculer moins réduit
    réduire réduction abattement remise réduit avantage
    demande demander solliciter requérir réclamer exiger autorisation dossier
    postuler candidature candidat candidater
    conseiller recommander recommandation préconiser conseil
    imposer obliger obligation obligatoire contraindre contraignant exiger strict falloir fixer
    permettre autoriser autorisation pouvoir possibilité possible droit accès
    interdire interdiction interdit défendu
    décider décision voter vote délibérer délibération adopter approuver approbation valider
    maintenir maintien garder conserver conservation rester actuel
    contacter joindre appeler téléphone téléphoner standard numéro
    écrire courriel mail courrier adresse joindre
    fournir présenter remettre apporter prévoir produire
    habiter habitant résident riverain population
    prolonger prolongation reporter reconduire proroger porter courir
    signer signature signataire conclure parapher
    lancer lancement débuter début démarrer commencer engager entamer ouvrir cours
    terminer achever finir livrer livraison achèvement clôturer fini
    prévoir prévision envisager programmer projeter projet vouloir souhaiter viser
    comporter comprendre contenir inclure réunir compter rassembler accueillir repose
    diriger piloter conduire mener gérer présider président animer tenir
    créer création instituer instaurer fonder naître
    choisir choix retenir sélectionner désigner élire
    magasin commerce boutique commerçant commercial
    logement habitation habitat maison appartement résidence
    propriétaire posséder appartenir détenir propriété
    louer location loyer locataire bail bailleur locatif
    document texte fiche page publication source article
    détail liste intitulé titre
    supprimer suppression retirer enlever
    changer changement modifier modification évoluer évolution inchangé remplacer
    suivre suivi suite ensuite puis succéder étape
    auparavant préalable préalablement abord avant
    rapporter percevoir produire recette
    situer trouver localiser siège adresse
    surface superficie étendue couvrir étendre occuper
    réserver réservé seul seulement uniquement exclusivement limiter
    obtenir recevoir bénéficier bénéficiaire toucher percevoir donner profiter
    dérouler organiser tenir lieu
    maximum plafond plafonner limite limiter dépasser
    minimum seuil plancher
    écart différence
    inverser inversion intervertir
    provenir venir origine
    fonctionner marcher alimenter chauffer
    épargner éviter économiser
    éligible ouvrir droit concerner bénéficier
    trajet relier aller ligne
    mission rôle fonction
    emploi poste travail travailler
    élève classe école
    attendre attente délai
    signifier vouloir dire sigle
    ville commune municipalité
    intercommunalité communauté
    agrandir extension étendre élargir
    responsable chef cheffe
    objectif but viser ambition
    confier charger assurer
    arrêter interrompre suspendre suspension
    donner don donateur collecter
    recruter recrutement embaucher
    numérique internet ligne site
    durer durée
    répondre réponse répondant
    trouver introuvable publier publié
    nul nullité annuler
    entreprendre réaliser réalisation exécuter effectuer mener
    accéder accès accessible emprunter
    concerner viser porter
    nuit soir
    jeune jeunesse
    âge âgé
    semestre semestriel
    habitant administré citoyen riverain foyer ménage population personne
    réunion rencontre séance assemblée comité commission
    inscrire inscription adhérer adhésion abonner abonnement abonné
    fréquenter fréquentation visiteur visite touriste public
    chantier travaux travail ouvrage
    bâtiment immeuble édifice construction local bâti
    terrain parcelle foncier site emplacement
    voiture véhicule automobile circulation stationnement stationner garer parking
    vélo cycliste cyclable bicyclette
    piéton marcheur pied
    gare train ferroviaire
    école élève scolaire classe enseignement
    médecin docteur généraliste praticien soignant santé médical
    senior retraité âgé aîné retraite
    enfant jeune mineur adolescent
    déchet ordure poubelle bac collecte collecter ramassage ramasser
    lampe éclairage lumière lumineux
    impôt fiscal fiscalité taxe taxation taxer contribution imposition
    exonérer exonération dispenser dispense exempter
    accord autorisation agrément permis permission
    projet initiative démarche programme dispositif opération action
    dispositif aide mesure mécanisme outil programme
    convention contrat accord pacte
    avantage gain profit bénéfice
    diviser moitié réduire réduit
    dette emprunt endettement
    dépense investissement fonctionnement finance
    équipe personnel agent employé salarié
    association associatif bénévole bénévolat
    ouvert accessible accès
    départ commencement initial origine début
    fin terme échéance issue clôture expiration
    rejoindre intégrer entrer adhérer membre signataire
    part proportion pourcentage taux représenter
    nombre chiffre total effectif compter
    conseil conseiller élu municipal
    vieux ancien âgé vétuste
    chauffer chaleur chauffage alimenter
    polluer pollution dépollution dépolluer rejet émission
    monument patrimoine historique inscrit protéger
    candidat demandeur postulant porteur projet
    directeur direction responsable chef diriger
    renseigner renseignement information informer
    savoir consulter consultation lire lecture
    confirmer prouver attester vérifier preuve
    recherche rechercher chercher trouver
    absence manque défaut introuvable
    obligatoire nécessaire indispensable devoir falloir requis exiger tenu
    facultatif libre choix optionnel
    soumettre assujettir redevable appliquer concerner
    revenu ressource
    enquête questionnaire sondage consultation répondre
    favorable souhaiter vouloir
    avis opinion consulter
    accueillir enregistrer recevoir
    mensuel mensuellement
    hebdomadaire semaine
    nocturne nuit soir
    quotidien journée
    instaurer installer installation implanter implantation créer
    étudier étude examiner examen analyser analyse diagnostic instruire
    estimer évaluer évaluation estimation
    priorité prioritaire premier
    remplir compléter formulaire dossier
    carte plan périmètre
    accompagner accompagnement suivi suivre
    membre faire partie appartenir
    vérifier vérification contrôle contrôler
    efficace efficacité
    besoin nécessité
    danger risque menacer compromettre
    proposer offre offrir proposition
    annoncer annonce déclarer déclaration
    publier publication paraître diffuser
    demeurer habiter résider
    mixte mixité
    sûr sécurité
    essai expérience expérimentation expérimental tester
    habituel usuel courant ordinaire
    employer utiliser utilisation recourir recours usage
    loi légal texte règle réglementation règlement
    obtenir décrocher
    ajouter supplémentaire addition additionnel plus
    rémunération salaire payer
    expérience expérimenté
    logement loger héberger
    gratuit gratuitement libre
    visiter visite entrer entrée
    quotidien jour journée
    prévenir avertir déclarer déclaration informer signaler
    invoquer citer mentionner évoquer
    ordinaire habituel principe usuel
    mineur majeur an
    occupant inoccupé vide vacant occuper
    produire production fabriquer fabrication construire
    consacrer affecter destiner servir
    rembourser remboursement payer verser subventionner
    siège fauteuil place assise
    rue voie chaussée place quartier abord
    camion véhicule livraison livrer circuler circulation
    supermarché hypermarché magasin alimentaire
    héritage succession héritier
    soumettre soumis besoin nécessaire obliger
    taxe ttc
    affirmer présenter prétendre assurer déclarer
    borner limiter
    accueil guichet bureau
    locaux local salle pièce
    fête festival événement animation
    peuplement peupler population
    superviser surveiller suivre contrôler
    dirigeant responsable directeur
    traiter instruire examiner
    transports transport mobilité déplacement
    coordonner coordination piloter organiser
    verdict jugement décision
    parc ensemble total
    neuf nouveau récent
    remplacer succéder
    équiper équipement installer doter
    apparaître figurer
    trottoir piéton
    récupérer collecter reprendre ramasser
    réparer réparation état
    bas petit modique
    tailler élaguer élagage
    neige déneiger déneigement enlever balayer
    facture frais
    réagir effet réponse
    planter végétaliser végétal vert espace
    patient malade
    déplacer déplacement visite venir
    inutile nécessaire besoin
    payer gratuit payant
    participer participation concours inscription
    empêcher interdire
    annoncer prévenir
    famille foyer parent ménage
    structure établissement équipement
    fondre fonder créer création
    internet ligne web numérique site
    secrétariat accueil guichet
    bâtir construire définir élaborer
    combattre lutter lutte résorber
"""

# Saying one camp where the passages say the other is saying the contrary.
_OPPOSITES = """
    augmenter augmentation hausse accroître progresser progression | baisser baisse diminuer recul
    croître croissance grimper hausse augmenter | diminution réduire reculer baisse baisser
    nord | sud
    public | privé
    inférieur | supérieur
    positif | négatif
    gratuit gratuitement | payant
    interdire interdit interdiction | autoriser autorisé accepté accepter
    ouvert ouvrir ouverture | fermé fermer fermeture
    majoritaire majorité | minoritaire minorité
    avance | retard
    plein | partiel
    avant auparavant préalable préalablement antérieur | après postérieur postérieurement
    tôt | tard
    inclus inclure compris | exclu exclus exclure
    achevé achever terminé terminer | inachevé rester reste
    arrivée | départ
    minimum minimal minimale | maximum maximal maximale
    temporaire provisoire | définitif
    acheteur acquéreur | vendeur
    démolir démolition détruire | construire rénover réhabiliter conserver conservation
    étroit restreint | large vaste étendu
    rural | urbain
    individuel | collectif
    facultatif | obligatoire
    gagner | perdre
    premier 1er 1ere | dernier
    ancien | neuf
    soumis soumettre | exempter dispenser
    favorable | défavorable
    déterminé | indéterminé
    gauche | droite
    accepter accepté | refuser refus
    brut | net
    mensuel | annuel
"""

# Who acts: one is never the other. A word before the bar must be found, or another of its line.
_ACTORS = """
    maire |
    préfet préfète | préfecture préfectoral
    sous-préfet sous-préfète | sous-préfecture
    président présidente | présider présidence
    ministre | ministère ministériel
    département départemental |
    région régional |
    vendeur | vendre vente
    acheteur acquéreur | acheter achat acquérir acquisition
    adjoint adjointe |
    locataire | louer location
    notaire |
    sénat sénateur sénatrice |
    tribunal | juge
"""

# Words of any sentence: their absence from the passages shows nothing.
_LIGHT = """
    abord accorder actuel actuellement adresser afin ailleurs ainsi ajouter aller alors amener an
    année appartenir appeler apporter après assez assurer atteindre attribuer auprès
    aujourd'hui auparavant aussi autant autour autrement avant bénéficier car carré cas
    celui cependant certain chacun charge chez chiffre citer clair comme compter comporter
    comprendre concernant concerner concrètement connaître consister constituer contenir
    contre correspondre courir couvrir dans date dater début demeurer dernier désormais
    deuxième devant devenir devoir dire disposer divers donc donner dont durer durant
    effectuer également élever encore enfin ensemble ensuite entrer environ étendre être exactement
    excepté exister façon faire falloir figurer fin finalement fixer fois fond former fournir
    grâce hauteur ici importer inclure indiquer jour jusque juste laisser lequel lieu longtemps
    lorsque maintenant manière mais maximum même mener mettre mieux minimum moins moment monter
    montrer moyen montant nécessaire niveau nombre notamment noter nouveau nul obtenir offrir
    outre parce parfois parmi part partie partir passer pendant penser permettre peser
    placer plus plusieurs porter posséder possible possibilité poursuivre pouvoir précis
    préciser précisément premier prendre près presque présenter prévoir probablement procéder
    profiter propos proposer puis puisque quant quelque rappeler réaliser recevoir relever rendre
    représenter respectivement rester revenir sauf savoir second seul seulement
    selon servir signaler signifier simplement sinon situer soit somme sorte sous
    suivre suivant sur tandis tard tel temps tenir titre tomber tôt total totalité
    toujours tout toutefois travers très troisième trop trouver uniquement utiliser valoir
    vers via viser voici voir vouloir vraiment
    différent autre lors sein point compte relatif mois heure euro
    doute période mot sens raison agir plutôt regard rapport bon grand
    petit ha regarder donné ancien écrire joindre contacter
    article page source donnée retenir déduire version texte information partout exemple besoin
    document fiche dépendre publication parler lire viennent publier
    apparaître avancer causer chercher cibler comparer compléter considérer contribuer convenir
    découler décrire définir dépasser désigner destiner détailler déterminer développer différer
    dresser élaborer employer encadrer entraîner estimer évoquer exercer expliquer exprimer
    faciliter favoriser garantir identifier impliquer intégrer intervenir introduire jouer
    justifier lier manquer marquer mentionner mesurer occuper opérer orienter pratiquer préparer
    procurer prononcer rassembler rattacher reconnaître regrouper rencontrer reposer reprendre
    résider résulter retrouver révéler saisir souligner subir suffire supposer tenter tirer
    traiter transmettre vivre concerné existant
    aspect base caractère catégorie choix circonstance contexte contenu détail disposition domaine
    effet élément espèce étape façon forme genre groupe idée importance intérêt manque modalité
    mode notion objet occasion ordre origine outil personne phase place position présence principe
    question réalité règle rôle série situation solution statut sujet taux terme thème tour type
    usage utilité valeur vue
    clair complet courant direct divers effectif entier essentiel exact général global important
    indispensable initial nombreux normal particulier précédent présent principal propre prochain
    réel récent semblable similaire simple spécifique supplémentaire unique utile valable véritable
    jamais permis entendre varier fonction structure empêcher certes monde assister fort delà
    dessus dessous appliquer ordinaire semaine demi
    directement officiellement normalement progressivement largement nettement particulièrement
    spécialement entièrement totalement partiellement localement immédiatement prochainement
    récemment initialement effectivement
    the of and to in for by on is are was were has have be been with at from as its it this that
    which not there their will can
"""


_lemmatizer = simplemma.Lemmatizer(cache_max_size=0)  # its cache would keep any word


@of_corpus  # writers use any word, and residents' own
def root(word: str) -> str:
    """What all the forms of a French word share: « paient », « payé » -> "pai"."""
    return stem(fold(lemma(word)))


@of_corpus
def lemma(word: str) -> str:
    """The dictionary form of a word: « prend » -> prendre; unknown words as they are."""
    return _lemmatizer.lemmatize(word.lower(), lang="fr")


def is_known(word: str) -> bool:
    """Whether a word is in the dictionary, or of any sentence."""
    return bool(simplemma.is_known(word.lower(), lang="fr")) or is_light(root(word))


@of_corpus
def is_stop(word: str) -> bool:
    """Whether a word carries no subject, in any of its forms."""
    return fold(word) in STOP_WORDS or fold(lemma(word)) in STOP_WORDS


def is_light(token: str) -> bool:
    """Whether a root says nothing of its own."""
    return token in _light()


def same(token: str) -> frozenset[str]:
    """The roots a writer may put for this one, itself included."""
    return _alike().get(token, frozenset()) | synonyms(token) | {token}


@cache
def opposites() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Pairs of camps of dictionary forms, folded, both ways round."""
    pairs = []
    for line in _OPPOSITES.strip().splitlines():
        one, other = (frozenset(map(fold, words.split())) for words in line.split("|"))
        pairs += [(one, other), (other, one)]
    return tuple(pairs)


@cache
def actors() -> dict[str, frozenset[str]]:
    """The folded dictionary form of a word for who acts, with all the forms that show the same."""
    found: dict[str, frozenset[str]] = {}
    for line in _ACTORS.strip().splitlines():
        names, shown = line.split("|")
        group = frozenset(map(fold, f"{names} {shown}".split()))
        found |= dict.fromkeys(map(fold, names.split()), group)
    return found


def roots(words: Iterable[str]) -> frozenset[str]:
    """The roots of several words."""
    return frozenset(root(word) for word in words)


@cache
def _light() -> frozenset[str]:
    return roots(_LIGHT.split())


@cache
def _alike() -> dict[str, frozenset[str]]:
    alike: dict[str, frozenset[str]] = {}
    for line in _SAME.strip().splitlines():
        group = roots(line.split())
        for token in group:
            alike[token] = alike.get(token, frozenset()) | group
    return alike
