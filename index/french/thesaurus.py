"""Words that residents and publications use for one another, a group a line.

Searched and matched as the same thing at a lower weight; general French of housing, shops, town
programmes and money, not of any question. A word may stand in several groups; groups do not chain.
"""

SYNONYMS = """
    demarrer commencer debuter lancer lancement demarrage debut commencement
    finir terminer cesser arreter echeance expirer fin terme
    couter cout prix budget depense
    argent sous financement financer credit fonds enveloppe subvention
    magasin commerce boutique commercant
    bistrot bar cafe tabac
    logement habitation maison appartement habitat
    immeuble batiment bati batisse
    louer location loyer locatif bailleur locataire
    proprietaire proprio possesseur
    impot fiscal fiscalite taxe defiscalisation
    reduction baisse remise abattement exoneration
    travaux chantier renovation renover rehabilitation rehabiliter refaire
    habitant population peuple gens
    horaire heure ouverture ouvrir fermer fermeture
    telephone numero tel appeler joindre
    adresse siege situer trouver lieu
    signer signature signataire signe
    duree delai temps periode
    vide vacant vacance inoccupe
    demolir demolition raser detruire
    chef cheffe responsable
    nom appeler nommer
    maire elu conseil
    communaute intercommunalite comcom agglo agglomeration interco
    commune ville village bourg municipalite
    centre bourg coeur
    entreprise societe artisan activite
    supermarche hypermarche grande surface
    bloquer suspendre suspension empecher interdire
    vieux ancien
    retraite senior age personne
    modifier modification changer changement avenant amender
    prolonger prolongation prolonge poursuite continuer reconduire
    liste inventaire detail
    carte plan perimetre secteur zone quartier
    avancement etat progression realise
    evaluation bilan resultat rapport
    but objectif vise vocation
    creer creation naissance
    partenaire associe participant
    quartier rue
    droit possible autoriser permettre
    beneficier profiter droit eligible concerner
    condition exiger obligation obligatoire falloir
    superficie surface etendue taille
    distance kilometre loin
    maximum plafond limite
    minimum seuil plancher
    part pourcentage taux proportion
    commencer inaugurer inauguration naitre
    achever cloturer cloture fermer fin
    durer rester jusque
    anciennement avant precedent anterieur
    prochain futur suite avenir venir
    actuel recent nouveau actuellement maintenant
    monde habitant population ame individu
    patelin bled village commune
    patelin bled bourg petite
    coin territoire secteur endroit lieu
    boite entreprise commerce pme
    boulot emploi poste travail metier
    bosser travailler intervenir
    embaucher recruter recrutement embauche poste
    cadre contractuel agent poste
    aide subvention soutien prime appui accompagnement
    aider soutenir accompagner appuyer
    rallonge supplement complement
    flouze fric pognon thune argent financement euro
    cagnotte enveloppe budget dotation
    payer financer cofinancer regler prendre charge
    verser payer attribuer accorder
    toucher recevoir percevoir beneficier obtenir
    facture depense frais cout
    depenser engager consommer
    cumuler cumul ajouter compatible
    gagner remporter decrocher obtenir laureat
    choisir choix selection selectionner retenir designer
    laureat retenir selection gagnant
    concours competition appel candidature
    candidature candidat postuler dossier
    inscrire inscription adherer entrer integrer rejoindre
    vague liste phase
    deposer dossier demander demande
    papier document piece dossier formulaire
    raser demolir demolition reconstruire
    retaper renover rehabiliter restaurer
    rafraichir peinture travaux amelioration
    delabrer insalubre indigne taudis degrader ruine vetuste peril
    ecrouler ruine peril abandon
    abandonner abandon vacant vide desaffecter delaisser
    baraque bicoque maison masure immeuble
    toit toiture logement
    heritier succession proprietaire
    piquer prendre expropriation exproprier acquerir
    prendre acquerir preempter preemption
    reprendre reprise repreneur acquereur transmission
    acheter acquerir achat acquisition acquereur acheteur
    vendre vente ceder cession vendeur
    prix montant valeur tarif
    montant somme total
    occupant locataire resident
    revenu ressource salaire gagner
    riche aise revenu
    pauvre modeste precaire ressource
    famille menage foyer parent
    enfant descendant ascendant famille
    patron dirigeant gerant exploitant chef
    boutique magasin local vitrine commercant
    vitrine devanture local commerce
    boulangerie boulanger commerce boutique
    supermarche superette grande commercial
    periphrie peripherie exterieur sortie
    concurrence concurrencer nuire fragiliser
    route voirie rue mobilite deplacement
    transport bus car navette mobilite deplacement
    velo cyclable pieton mobilite
    docteur medecin sante soin medical soignant
    infirmiere infirmier sante
    ecole scolaire college lycee enfant
    arbre vegetal nature biodiversite environnement
    ecologie ecologique environnement transition climat
    parking stationnement stationner
    eglise patrimoine monument pierre
    patrimoine culture culturel
    cinema culture spectacle loisir
    chauffer chauffage energie energetique isolation thermique
    froid isolation energetique
    douche baignoire bain adaptation autonomie
    handicap handicape adaptation autonomie perte
    contester recours attaquer tribunal
    tribunal juge contentieux recours
    obliger obligatoire imposer contraindre
    interdire defendre exclure impossible
    refuser refus rejeter opposer
    accepter accorder autorisation approuver
    permission autorisation permis autoriser
    sanction punir amende penalite
    rembourser restituer reprendre rendre
    perdre retirer retrait rembourser
    manquer absence defaut
    combien nombre total
    quantite nombre chiffre
    moitie 50
    quart 25
    douzaine 12
    voisin limitrophe voisinage alentour proche
    jalousie tension concurrence voisin
    reunion comite instance conseil
    gouvernance pilotage comite suivi
    piloter diriger gerer conduire animer coordonner
    occuper charger responsable piloter gerer
    travailler intervenir agir
    role mission charge tache fonction
    service structure organisme
    bureau service accueil guichet
    guichet accueil permanence bureau
    renseigner renseignement information informer contact
    contact joindre adresser contacter
    contacter adresser joindre saisir
    porte contact interlocuteur adresser
    promettre promesse engager engagement
    accord convention contrat pacte
    contrat convention signer
    papier convention texte
    juger estimer trouver penser considerer
    penser estimer avis juger
    content satisfait positif favorable
    bon positif favorable satisfaisant reussi
    mauvais negatif insuffisant limite critique
    critique reproche limite regret regretter
    flou confusion imprecis manque lisibilite clair
    effet impact resultat consequence
    changement effet transformation evolution
    servir utile permettre utilite
    utiliser employer usage
    rapide vite rapidement acceleration accelerer
    tarder retard lent attendre
    depecher vite urgent
    apporter donner benefice avantage
    avantage benefice interet atout
    inconvenient limite contrainte
    pilier axe volet
    axe orientation priorite theme thematique
    theme thematique sujet domaine
    priorite axe enjeu
    machin truc dispositif programme
    dispositif programme mesure outil
    outil instrument dispositif moyen
    demarche programme projet
    idee projet proposition pratique
    projet action operation initiative
    faire realiser mener
    realiser mener executer accomplir
    ministre ministere gouvernement etat
    gouvernement etat ministere
    prefet prefecture prefectoral
    departement departemental
    region regional bretagne breton
    senateur senat senatorial rapporteur
    depute assemblee parlement parlementaire
    loi texte legislation article
    decret arrete reglement
    regle reglementation norme
    juridique legal loi
    fiche feuille document
    site page internet web ligne
    telecharger fichier donnee
    fichier donnee tableau base
    statistique chiffre donnee
    expert expertise specialiste competence
    ingenierie expertise etude conseil
    etude diagnostic analyse
    reseau club echange rencontre
    partager echanger echange partage
    refiler transmettre partager donner
    emprunt pret credit
    banque caisse credit
    association collectif benevole
    groupe groupement regrouper regroupe binome
    ensemble commun groupe conjoint
    seul unique isole
    concentration densite nombreux
    nombreux plusieurs beaucoup
    majorite plupart principalement
    grand important taille
    important principal majeur
    vieillir vieillissement age ancien
    jeune jeunesse
    moyenne median moyen
    femme madame
    pourquoi raison cause motif
    raison motif cause objectif
    declarer declaration signaler
    signaler prevenir avertir
    annoncer annonce presenter
    publier publication paraitre diffuser
    consulter lire telecharger trouver
    rapport etude evaluation
    marque etiquette label
    label titre marque
    logo marque affichage panneau
    communication affichage logo
    panneau affichage
    historique histoire origine
    origine naissance creation
    fusion fusionner regrouper reunir
    remplacer succeder succession
    agence organisme etablissement
    antenne delegation bureau
    siege adresse paris
    inscrit apparaitre figurer
    figurer appartenir liste compter
    appartenir membre faire partie
    membre adherent composer
    composer comprendre contenir comporter
    contenu contenir comporter partie
    etape phase calendrier
    calendrier date planning
    date jour quand
    periode duree annee
    mois trimestre
    attente delai
    verifier controler controle
    pret credit emprunt
    copropriete copro immeuble
    bail location louer
    bailleur proprietaire louer
    hlm social bailleur
    meuble airbnb touristique saisonnier
    garder conserver maintenir
    conserver maintenir prolonger
    grange local hangar batiment transformer
    transformer transformation changer conversion
    construire construction neuf
    neuf nouveau construction
    terrain parcelle foncier
    foncier terrain immobilier
    promoteur maitre constructeur
    artisan travaux entreprise
    notaire acte vente
    preavis conge depart
    famille parent ascendant descendant
    lunette perimetre
    delimiter delimitation perimetre tracer
    frontiere limite perimetre
    kilometre distance proche
    inclure comprendre comporter
    reserver reserve exclusif seulement
    deroger derogation exception
    exception derogation sauf
    marche foire
    producteur agricole paysan
    tourisme touristique visiteur
    internet numerique fibre
    ordinateur numerique
    demarche administratif papier
    carte identite passeport
    retraite pension
    caf allocation
"""
