"""Names: found where they are announced, whatever their capitals; nothing else taken for one."""

from __future__ import annotations

import pytest

from assistant.privacy.masking import mask
from assistant.privacy.people import is_said
from index.french.verbatim import Verbatim

NAME = "[nom masqué]"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Bonjour je suis Jean Le Goff, ai-je droit", f"Bonjour je suis {NAME}, ai-je droit"),
        ("je suis jean le goff ai-je droit", f"je suis {NAME} ai-je droit"),
        ("JE SUIS JEAN LE GOFF AI-JE DROIT", f"JE SUIS {NAME} AI-JE DROIT"),
        ("je m'appelle kerguelen yann et je loue", f"je m'appelle {NAME} et je loue"),
        ("moi c'est paul et je loue", f"moi c'est {NAME} et je loue"),
        ("Mme Petit peut-elle louer ?", f"Mme {NAME} peut-elle louer ?"),
        ("mme petit peut-elle louer ?", f"mme {NAME} peut-elle louer ?"),
        ("monsieur petit, ai-je droit", f"monsieur {NAME}, ai-je droit"),
        ("Mme de Kerjégu loue", f"Mme {NAME} loue"),
        ("ma voisine yvonne kerguelen touche-t-elle", f"ma voisine {NAME} touche-t-elle"),
        ("quelle aide ? Cordialement, J. Le Goff", f"quelle aide ? Cordialement, {NAME}"),
        ("quelle aide ? r. boulanger", f"quelle aide ? {NAME}"),
        ("quelle aide ? merci, yvonne le bihan", f"quelle aide ? merci, {NAME}"),
        ("My name is John Smith, am I eligible", f"My name is {NAME}, am I eligible"),
    ],
)
def test_a_name_is_masked(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "je suis commerçant à Guichen, ai-je droit à une aide ?",
        "Je suis Boulanger à Guichen",
        "je suis propriétaire bailleur",
        "Je suis Guichenais",
        "je suis de Guichen",
        "je suis marie et mere de deux enfants",
        "je suis agent immobilier",
        "bonjour madame je voudrais une aide",
        "bonjour monsieur petit souci avec ma boutique",
        "monsieur le maire a-t-il signé ?",
        "Mme la Présidente a-t-elle signé ?",
        "la rue Jean Moulin est-elle dans le périmètre ?",
        "l'école Jean Charcot sera-t-elle rénovée ?",
        "Can you tell me what the ORT is?",
        "Merci beaucoup, bonne journée",
        "à 10 m de la mairie",
    ],
)
def test_what_names_nobody_is_left_alone(text: str) -> None:
    assert mask(text).kinds == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Joël Vernhac", True),
        ("vernhac joel", True),
        ("Vernhac", True),
        ("Joël Vernhak", True),  # a slip
        ("Lemaire", True),
        ("Paul Vernhac", False),
        ("Petit", False),  # said, of nobody
        ("Le Bihan", False),  # « le bilan » is no slip of it
    ],
)
def test_who_is_published_is_told(name: str, said: bool) -> None:
    texts = ["Le maire, Joël Vernhac, a signé. M. Lemaire dit le bilan d'un petit bourg."]
    assert is_said(name, Verbatim(texts)) is said
