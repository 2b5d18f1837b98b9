"""Words as thumbs type them, spelled out where they stand."""

from __future__ import annotations

import pytest

from assistant.question.sms import spelled


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("et c t kan ?", "et c'était quand ?"),
        ("cb sa coute pr un local", "combien ça coute pour un local"),
        ("combien daction a Guichen", "combien d'action a Guichen"),
        ("Paye-t-on par CB à Lassy ?", "Paye-t-on par CB à Lassy ?"),
        ("We've asked when it's open", "We've asked when it's open"),
        ("jusqu a quand", "jusqu'a quand"),
        ("jusqu kan", "jusqu'à quand"),
        ("ma boulangerie peu avoir une aide ?", "ma boulangerie peut avoir une aide ?"),
        ("un peu plus cher, peu importe", "un peu plus cher, peu importe"),
        ("on maide ? je sui boucher", "on m'aide ? je suis boucher"),
        ("jcherche un local, jpe avoir une aide", "je cherche un local, je peux avoir une aide"),
        ("ai-je droit ? jdroi a koi", "ai-je droit ? j'ai droit a quoi"),
        ("Et à Laillé ?", "Et à Laillé ?"),  # no article is stuck to the name of a town
        ("Quand ouvre le lavoir ?", "Quand ouvre le lavoir ?"),  # nor to a word that is one
        ("les comune de vhbc", "les communes de vhbc"),  # all of them are asked for
        ("combien de ville en bretagne", "combien de villes en bretagne"),
        ("ça les concerne de loin", "ça les concerne de loin"),
        ("Quel est le budget de l'ANCT ?", "Quel est le budget de l'ANCT ?"),
        ("cb d'hab, et le cp ?", "combien d'habitants, et le code postal ?"),
        ("tel mairie", "téléphone mairie"),
        ("un tel projet, tel que prévu, rien de tel", "un tel projet, tel que prévu, rien de tel"),
    ],
)
def test_a_text_is_spelled_out_where_it_must(typed: str, said: str) -> None:
    assert spelled(typed) == said
