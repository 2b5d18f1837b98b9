"""The convention of Valbourg and its two avenants, of our own making: no such town exists.

One source for three forms (tests/doubles/forms.py): a list of blocks. ARTICLES, FICHES, SIGNATORIES
and the rest are what the reading of them is measured against.
"""

from __future__ import annotations

from dataclasses import dataclass

INVENTED = "DOCUMENT INVENTÉ POUR DES ESSAIS : la commune de Valbourg n'existe pas."


@dataclass(frozen=True, slots=True)
class Block:
    """`kind`: title, heading, fiche, text, items, labels, table, contents, signatures, page,
    columns or column. `rows` are those of a table, its headers first; labels have two cells."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    level: int = 1


@dataclass(frozen=True, slots=True)
class Fiche:
    number: str
    title: str
    pilot: str
    partners: str
    budget: str
    calendar: str
    context: str
    goals: tuple[str, ...]
    costs: tuple[tuple[str, str, str], ...]  # item, amount, who pays


ARTICLES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "1",
        "Objet de la convention",
        (
            "La présente convention a pour objet de mettre en œuvre une opération de "
            "revitalisation de territoire sur la commune de Valbourg et sur le territoire de la "
            "communauté de communes du Pays de Valbourg.",
            "Elle précise les engagements de chacun des signataires, l'organisation qu'ils "
            "choisissent pour conduire le projet, les actions retenues et leur calendrier.",
        ),
    ),
    (
        "2",
        "Engagements de la commune",
        (
            "La commune s'engage à désigner un élu référent et à maintenir un poste de chef de "
            "projet à temps plein pendant toute la durée de la convention.",
            "Elle s'engage à mobiliser les moyens nécessaires, à signaler toute difficulté au "
            "comité de pilotage et à ne pas modifier le programme sans l'accord des autres.",
            "La commune veille à ce que les habitants soient informés chaque semestre de "
            "l'avancement des actions.",
        ),
    ),
    (
        "3",
        "Engagements de la communauté de communes",
        (
            "La communauté de communes apporte son ingénierie en matière d'habitat et de mobilité. "
            "Elle met à disposition un technicien un jour et demi par semaine.",
            "Elle s'engage à mettre en cohérence le programme local de l'habitat avec les actions "
            "décrites dans les fiches annexées à la convention.",
        ),
    ),
    (
        "4",
        "Gouvernance",
        (
            "Le comité de pilotage est présidé par le maire de Valbourg. Il se réunit au moins "
            "deux fois par an, sur convocation de son président.",
            "Le comité technique prépare les réunions du comité de pilotage. Il se réunit tous les "
            "deux mois à l'hôtel de ville.",
            "Les décisions sont prises à la majorité des signataires présents.",
        ),
    ),
    (
        "5",
        "Durée de la convention",
        (
            "La présente convention est conclue pour une durée de cinq ans à compter de sa "
            "signature.",
            "Elle peut être prolongée par avenant, après accord de l'ensemble des signataires.",
        ),
    ),
    (
        "6",
        "Engagements financiers",
        (
            "Le montant total des actions inscrites à la convention est estimé à 4 856 000 € hors "
            "taxes.",
            "Les participations de l'État et des opérateurs sont accordées dans la limite des "
            "crédits disponibles. Chaque financement fait l'objet d'une demande distincte.",
        ),
    ),
    (
        "7",
        "Suivi et évaluation",
        (
            "Un bilan annuel est présenté au comité de pilotage avant le 31 mars de chaque année.",
            "Une évaluation complète est réalisée par un prestataire extérieur au cours de la "
            "quatrième année.",
        ),
    ),
    (
        "8",
        "Périmètre de l'opération",
        (
            "Le secteur d'intervention couvre le centre ancien de Valbourg, entre la rue des "
            "Halles, la place du Puits et le quai des Tanneurs, soit 38 hectares.",
            "Le plan du secteur figure en annexe 1.",
        ),
    ),
    (
        "9",
        "Communication",
        (
            "Tout support de communication relatif aux actions porte les logos des signataires.",
            "La commune tient à jour une page dédiée sur son site internet.",
        ),
    ),
    (
        "10",
        "Protection des données",
        (
            "Les données recueillies auprès des propriétaires sont conservées deux ans par le "
            "service de l'urbanisme, puis détruites.",
        ),
    ),
    (
        "11",
        "Entrée en vigueur",
        (
            "La convention entre en vigueur à la date de sa signature par l'ensemble des parties.",
            "Elle est publiée au recueil des actes administratifs de la préfecture.",
        ),
    ),
    (
        "12",
        "Modification de la convention",
        (
            "La convention est évolutive. Elle peut être modifiée par avenant, signé par "
            "l'ensemble des parties, sur proposition du comité de pilotage.",
        ),
    ),
    (
        "13",
        "Résiliation",
        (
            "En cas de manquement grave, une partie peut résilier la convention après un préavis "
            "de six mois, notifié par lettre recommandée.",
        ),
    ),
    (
        "14",
        "Traitement des litiges",
        (
            "Les litiges susceptibles de naître de l'exécution de la présente convention sont "
            "portés devant le tribunal administratif de Montclair.",
        ),
    ),
)

FICHES = (
    Fiche(
        "1",
        "Construire une halle couverte place du Puits",
        "Commune de Valbourg",
        "Département, Banque des Territoires, chambre de métiers",
        "1 240 000 € hors taxes",
        "Études en 2026, travaux de mars 2027 à juin 2028",
        "Le marché du samedi se tient en plein air et perd un étal sur cinq chaque hiver.",
        (
            "abriter trente étals toute l'année",
            "accueillir six fêtes par an",
            "libérer la place des voitures le samedi",
        ),
        (
            ("Études et concours", "96 000 €", "Commune"),
            ("Charpente et couverture", "784 000 €", "Commune et Département"),
            ("Sols et réseaux", "360 000 €", "Commune"),
        ),
    ),
    Fiche(
        "2",
        "Rénover quarante logements vacants du centre ancien",
        "Communauté de communes du Pays de Valbourg",
        "Anah, Département, propriétaires bailleurs",
        "1 680 000 € hors taxes",
        "De septembre 2026 à décembre 2030",
        "Au centre, un logement sur sept est vide depuis plus de deux ans.",
        (
            "remettre quarante logements en location",
            "accompagner chaque propriétaire pendant dix-huit mois",
        ),
        (
            ("Animation", "210 000 €", "Communauté de communes et Anah"),
            ("Aides aux travaux", "1 470 000 €", "Anah et Département"),
        ),
    ),
    Fiche(
        "3",
        "Ouvrir une maison de santé rue des Halles",
        "Commune de Valbourg",
        "Agence régionale de santé, Région",
        "936 000 € hors taxes",
        "Ouverture prévue en octobre 2027",
        "Deux médecins sur quatre partiront à la retraite avant 2028.",
        (
            "installer cinq médecins et deux infirmières",
            "réserver un cabinet aux consultations de spécialistes",
        ),
        (
            ("Achat du bâtiment", "310 000 €", "Commune"),
            ("Aménagement", "626 000 €", "Commune, Région et État"),
        ),
    ),
    Fiche(
        "4",
        "Soutenir les commerces de la rue des Halles",
        "Office de commerce de Valbourg",
        "Chambre de commerce et d'industrie, Région",
        "145 000 € hors taxes",
        "De janvier 2026 à décembre 2029",
        "Neuf vitrines sur trente et une étaient vides au printemps 2025.",
        (
            "accorder une aide au loyer à douze commerçants",
            "rénover vingt devantures",
        ),
        (
            ("Aide au loyer", "65 000 €", "Commune"),
            ("Devantures", "80 000 €", "Région et commune"),
        ),
    ),
    Fiche(
        "5",
        "Relier la gare au centre par une voie verte",
        "Communauté de communes du Pays de Valbourg",
        "Département, Région, association des usagers du vélo",
        "515 000 € hors taxes",
        "Études en 2027, travaux en 2028",
        "La gare est à 1,8 kilomètre de la place du Puits, sans trottoir continu.",
        (
            "aménager 1 800 mètres de voie partagée",
            "poser quarante-huit arceaux à vélos",
        ),
        (
            ("Acquisitions foncières", "75 000 €", "Communauté de communes"),
            ("Travaux", "440 000 €", "Communauté de communes et Département"),
        ),
    ),
    Fiche(
        "6",
        "Désimperméabiliser la cour de l'école des Tilleuls",
        "Commune de Valbourg",
        "Agence de l'eau, parents d'élèves",
        "340 000 € hors taxes",
        "Travaux à l'été 2027",
        "La cour dépasse quarante degrés pendant les vagues de chaleur.",
        ("planter trente-cinq arbres", "infiltrer l'eau de pluie sur place"),
        (
            ("Études", "28 000 €", "Commune"),
            ("Travaux et plantations", "312 000 €", "Commune et Agence de l'eau"),
        ),
    ),
)

ANNEXES = (
    ("1", "Plan du secteur d'intervention"),
    ("2", "Fiches action"),
    ("3", "Diagnostic du territoire"),
    ("4", "Composition du comité de pilotage"),
)

# for whom, by whom
SIGNATORIES = (
    ("la commune de Valbourg", "Le maire, Élodie Vernois"),
    ("la communauté de communes du Pays de Valbourg", "Le président, Marc Tessandier"),
    ("l'État", "La préfète, Hélène Brissaud"),
    ("le Département", "Le président, Yves Kermadec"),
    ("la Banque des Territoires", "La directrice régionale, Inès Morvillier"),
)
SIGNED = "2025-03-14"
SIGNED_SAID = "14 mars 2025"
DURATION = "cinq ans"

_FILL = (
    "Le diagnostic conduit en 2024 avec les habitants montre une ville qui garde ses services mais "
    "perd des habitants en son centre depuis vingt ans.",
    "Les ateliers tenus à l'hôtel de ville ont réuni des commerçants, des propriétaires, des "
    "associations et des agents ; leurs propositions sont reprises dans le programme.",
    "Le projet relie l'habitat, le commerce, la mobilité et la santé, parce qu'aucune de ces "
    "questions ne se règle seule.",
    "Les signataires conviennent de revoir chaque année l'ordre des priorités, à la lumière des "
    "moyens disponibles et de l'avancement des études.",
    "Les espaces publics sont pensés pour les enfants et les personnes âgées, qui les parcourent à "
    "pied tous les jours.",
    "Le patrimoine bâti du centre, en pierre et en brique, est entretenu selon les conseils de "
    "l'architecte des bâtiments de France.",
)


def _filler(start: int, count: int) -> tuple[Block, ...]:
    return tuple(
        Block("text", " ".join(_FILL[(start + n + k) % len(_FILL)] for k in range(3)))
        for n in range(count)
    )


def _fiche(fiche: Fiche) -> tuple[Block, ...]:
    rows = (
        ("Intitulé de l'action", fiche.title),
        ("Pilote", fiche.pilot),
        ("Partenaires", fiche.partners),
        ("Budget prévisionnel", fiche.budget),
        ("Calendrier", fiche.calendar),
    )
    costs = (("Poste de dépense", "Montant", "Financeurs"), *fiche.costs)
    return (
        Block("page"),
        Block("fiche", f"Fiche action n° {fiche.number} : {fiche.title}"),
        Block("labels", rows=rows),
        Block("text", f"Contexte : {fiche.context} " + _FILL[int(fiche.number) % len(_FILL)]),
        Block("text", "Les objectifs de cette action sont les suivants :"),
        Block("items", rows=tuple((goal,) for goal in fiche.goals)),
        Block("text", "Le plan de financement prévisionnel se répartit ainsi :"),
        Block("table", rows=costs),
        *_filler(int(fiche.number), 8),
    )


def _signatures(day: str, copies: str) -> tuple[Block, ...]:
    return (
        Block("text", f"Fait à Valbourg, le {day}, en {copies} exemplaires originaux."),
        Block("signatures", rows=tuple((f"Pour {party}", who) for party, who in SIGNATORIES)),
    )


def _parties() -> tuple[Block, ...]:
    return (
        Block("heading", "Entre les soussignés", level=1),
        Block(
            "text",
            "La commune de Valbourg, représentée par son maire, Élodie Vernois, autorisée par la "
            "délibération du conseil municipal du 6 février 2025, ci-après « la commune » ;",
        ),
        Block(
            "text",
            "La communauté de communes du Pays de Valbourg, représentée par son président, Marc "
            "Tessandier, ci-après « la communauté de communes » ;",
        ),
        Block("text", "L'État, représenté par la préfète, Hélène Brissaud ;"),
        Block("text", "Il est convenu ce qui suit :"),
    )


def convention() -> tuple[Block, ...]:
    """About thirty pages: a cover, contents, articles, signatures, annexes and fiches action."""
    contents = tuple(
        (f"Article {number} : {title}", str(3 + int(number) // 2)) for number, title, _ in ARTICLES
    ) + tuple((f"Annexe {number} : {title}", str(10 + int(number))) for number, title in ANNEXES)
    blocks: list[Block] = [
        Block(
            "title",
            "Convention-cadre Petites villes de demain valant opération de "
            "revitalisation de territoire",
        ),
        Block("title", "Commune de Valbourg", level=2),
        Block("text", INVENTED),
        Block("page"),
        Block("contents", "Sommaire", rows=contents),
        Block("page"),
        *_parties(),
        Block("heading", "Préambule"),
        *_filler(0, 5),
        Block("page"),
    ]
    for number, title, paragraphs in ARTICLES:
        blocks.append(Block("heading", f"Article {number} : {title}", level=2))
        blocks += [Block("text", text) for text in paragraphs]
        if number == "1":
            blocks.append(Block("text", "Les signataires poursuivent trois objectifs :"))
            goals = ("loger", "commercer", "se déplacer")
            blocks.append(
                Block(
                    "items", rows=tuple((f"{goal} mieux au centre de Valbourg",) for goal in goals)
                )
            )
        if int(number) % 3 == 0:
            blocks += _filler(int(number), 2)
    blocks.append(Block("heading", "Liste des annexes", level=2))
    blocks.append(
        Block("items", rows=tuple((f"Annexe {number} : {title}",) for number, title in ANNEXES))
    )
    blocks += _signatures(SIGNED_SAID, "cinq")
    blocks += [
        Block("page"),
        Block("heading", "Annexe 1 : Plan du secteur d'intervention"),
        Block(
            "text",
            "Le secteur est borné au nord par la rue des Halles, à l'est par le quai des Tanneurs "
            "et au sud par le boulevard du Moulin.",
        ),
        *_filler(1, 4),
        Block("page"),
        Block("heading", "Annexe 2 : Fiches action"),
        Block("text", "Les six actions retenues par les signataires sont décrites ci-après."),
    ]
    for fiche in FICHES:
        blocks += _fiche(fiche)
    blocks += [
        Block("columns"),
        Block("heading", "Annexe 3 : Diagnostic du territoire"),
        *_filler(2, 18),
        Block("text", "La commune comptait 6 214 habitants au dernier recensement."),
        *_filler(4, 12),
        Block("column"),
        Block("heading", "Annexe 4 : Composition du comité de pilotage"),
        Block(
            "table",
            rows=(
                ("Membre", "Titulaire", "Suppléant"),
                ("Commune", "Élodie Vernois", "Paul Andrieux"),
                ("Communauté de communes", "Marc Tessandier", "Sylvie Gaubert"),
                ("État", "Hélène Brissaud", "Denis Laurent"),
            ),
        ),
        *_filler(3, 3),
    ]
    return tuple(blocks)


AVENANTS = {"1": "2026-05-12", "2": "2026-10-02"}


def avenant_1() -> tuple[Block, ...]:
    """It replaces, modifies, completes, deletes and adds."""
    return (
        Block("title", "Avenant n° 1 à la convention-cadre Petites villes de demain"),
        Block("title", "Commune de Valbourg", level=2),
        Block("text", INVENTED),
        *_parties(),
        Block("heading", "Article 1 : Objet de l'avenant", level=2),
        Block(
            "text",
            "Le présent avenant a pour objet de prolonger la convention et d'ajuster deux actions, "
            "en application de l'article 12 de la convention.",
        ),
        Block("heading", "Article 2 : Durée", level=2),
        Block(
            "text",
            "L'article 5 de la convention est remplacé par les dispositions suivantes :",
        ),
        Block(
            "text",
            "« Article 5 : Durée de la convention. La présente convention est conclue pour une "
            "durée de sept ans à compter de sa signature. »",
        ),
        Block("heading", "Article 3 : Maison de santé", level=2),
        Block("text", "La fiche action n° 3 est modifiée comme suit :"),
        Block(
            "labels",
            rows=(
                ("Budget prévisionnel", "1 058 000 € hors taxes"),
                ("Calendrier", "Ouverture prévue en mars 2028"),
            ),
        ),
        Block("heading", "Article 4 : Engagements financiers", level=2),
        Block(
            "text",
            "À l'article 6 de la convention, la somme « 4 856 000 € » est remplacée par la somme "
            "« 4 978 000 € ».",
        ),
        Block("heading", "Article 5 : Gouvernance", level=2),
        Block("text", "L'article 4 de la convention est complété par l'alinéa suivant :"),
        Block(
            "text",
            "« Un conseil des habitants de quinze membres tirés au sort rend un avis avant chaque "
            "réunion du comité de pilotage. »",
        ),
        Block("heading", "Article 6 : Communication", level=2),
        Block("text", "L'article 9 de la convention est supprimé."),
        Block("heading", "Article 7 : Mobilité des agents", level=2),
        Block(
            "text",
            "Après l'article 7 de la convention, il est ajouté un article 7 bis ainsi rédigé :",
        ),
        Block(
            "text",
            "« Article 7 bis : Observatoire. Un observatoire du logement publie chaque trimestre "
            "le nombre de logements vacants. »",
        ),
        Block("heading", "Article 8 : Autres dispositions", level=2),
        Block("text", "Les autres articles de la convention demeurent inchangés."),
        *_signatures("12 mai 2026", "cinq"),
    )


def avenant_2() -> tuple[Block, ...]:
    """It changes again what the first changed."""
    return (
        Block("title", "Avenant n° 2 à la convention-cadre Petites villes de demain"),
        Block("title", "Commune de Valbourg", level=2),
        Block("text", INVENTED),
        *_parties(),
        Block("heading", "Article 1 : Objet de l'avenant", level=2),
        Block("text", "Le présent avenant tient compte des résultats de l'appel d'offres."),
        Block("heading", "Article 2 : Maison de santé", level=2),
        Block(
            "text",
            "Le budget de la fiche action n° 3, modifiée par l'avenant n° 1, est porté à "
            "1 112 000 € hors taxes.",
        ),
        Block("heading", "Article 3 : Pilotage de l'action commerciale", level=2),
        Block("text", "La fiche action n° 4 est remplacée par la fiche suivante :"),
        Block("fiche", "Fiche action n° 4 : Soutenir les commerces du centre"),
        Block(
            "labels",
            rows=(
                ("Intitulé de l'action", "Soutenir les commerces du centre"),
                ("Pilote", "Communauté de communes du Pays de Valbourg"),
                (
                    "Partenaires",
                    "Chambre de commerce et d'industrie, Région, Banque des Territoires",
                ),
                ("Budget prévisionnel", "189 500 € hors taxes"),
                ("Calendrier", "De janvier 2027 à décembre 2030"),
            ),
        ),
        Block("heading", "Article 4 : Autres dispositions", level=2),
        Block("text", "Les autres stipulations de la convention demeurent inchangées."),
        *_signatures("2 octobre 2026", "cinq"),
    )


# question, what the answer says word for word, what it says of the avenants
QUESTIONS: tuple[tuple[str, str, str], ...] = (
    (
        "Que dit l'article 4 ?",
        "Le comité de pilotage est présidé par le maire de Valbourg.",
        "complété par",
    ),
    (
        "Que dit l'article 4 de la convention ?",
        "Un conseil des habitants de quinze membres",
        "avenant n° 1",
    ),
    ("Que dit l'article 10 ?", "conservées deux ans par le service de l'urbanisme", ""),
    ("Que prévoit l'article 13 ?", "un préavis de six mois", ""),
    ("Que dit l'article 14 de la convention ?", "tribunal administratif de Montclair", ""),
    ("Que dit l'article 9 ?", "L'article 9 de la convention est supprimé.", "supprime l'article 9"),
    (
        "Que dit l'article 7 bis ?",
        "Un observatoire du logement publie chaque trimestre",
        "ajoute l'article 7 bis",
    ),
    ("Que dit l'article 5 ?", "une durée de sept ans", "remplace l'article 5"),
    (
        "Que disait l'article 5 avant l'avenant ?",
        "une durée de cinq ans",
        "modifié par l'avenant n° 1 (signé le 12 mai 2026)",
    ),
    ("Combien de temps dure la convention ?", "une durée de sept ans", "remplace l'article 5"),
    ("Quelle est la durée de la convention ?", "une durée de sept ans", "remplace l'article 5"),
    ("Qui a signé ?", "Élodie Vernois", ""),
    ("Qui a signé la convention ?", "Inès Morvillier", ""),
    ("Qui sont les signataires de la convention ?", "Hélène Brissaud", ""),
    ("Quand a-t-elle été signée ?", "le 14 mars 2025", ""),
    ("Quand a été signée la convention de Valbourg ?", "le 14 mars 2025", ""),
    ("Quand a été signé l'avenant n° 2 ?", "le 2 octobre 2026", ""),
    ("Qui a signé l'avenant n° 1 ?", "Marc Tessandier", ""),
    ("Qui pilote l'action 3 ?", "Pilote : Commune de Valbourg.", ""),
    (
        "Qui pilote l'action 4 ?",
        "Communauté de communes du Pays de Valbourg",
        "remplace la fiche action n° 4",
    ),
    ("Qui pilote la fiche action n° 5 ?", "Communauté de communes du Pays de Valbourg", ""),
    ("Quel budget pour la fiche action 2 ?", "1 680 000 €", ""),
    ("Quel est le budget de l'action 6 ?", "340 000 €", ""),
    ("Combien coûte l'action n° 1 ?", "1 240 000 €", ""),
    (
        "Quel est le budget de la fiche action 3 ?",
        "1 112 000 €",
        "L'avenant n° 2 (signé le 2 octobre 2026) modifie",
    ),
    (
        "Quel était le budget de la fiche action 3 avant l'avenant ?",
        "936 000 €",
        "puis par l'avenant n° 2 (signé le 2 octobre 2026)",
    ),
    ("Combien coûte la maison de santé ?", "1 112 000 €", "avenant n° 2"),
    ("Quel est le budget de l'action 4 ?", "189 500 €", "avenant n° 2"),
    ("Quel est le calendrier de l'action 3 ?", "Ouverture prévue en mars 2028", "avenant n° 1"),
    ("Quel est le calendrier de la fiche action 5 ?", "Études en 2027, travaux en 2028", ""),
    ("Avec quels partenaires se fait l'action 6 ?", "Agence de l'eau, parents d'élèves", ""),
    (
        "Quels sont les partenaires de la troisième action ?",
        "Agence régionale de santé, Région",
        "",
    ),
    ("Quel est le montant total des actions ?", "4 978 000 €", "modifie l'article 6"),
    ("Que contient l'annexe 1 ?", "le quai des Tanneurs", ""),
)
# What is not there: nothing is quoted.
UNKNOWN = (
    "Que dit l'article 42 de la convention ?",
    "Qui pilote l'action 9 ?",
    "Quel budget pour la fiche action 12 ?",
    "Combien coûte la piscine ?",
)
