"""What is never searched, by rule: words of distress, and what is asked of a person's private life.

Patterns see folded text (no accents, lower case). All else that a message may be is heard
(assistant.question.hearing).
"""

from __future__ import annotations

import re

from assistant.question.sms import spell
from index.french.analysis import fold


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")\b")


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
_DISTRESS_ENGLISH = _any(
    r"(?:want|going|wish|like|ready|plan\w*) (?:to )?(?:die|kill myself|end (?:it all|my life)|"
    r"hurt myself|harm myself|disappear for ever|be dead)",
    r"kill(?:ing)? myself|suicid\w+|end my life|take my own life|"
    r"(?:no|any) (?:reason|point) (?:to|in) (?:live|living)|don'?t want to live(?: any ?more)?$|"
    r"can'?t go on|better off dead|took (?:too many |all my )?(?:pills|tablets)",
    r"(?:husband|wife|partner|boyfriend|girlfriend|father|mother|son|ex|he|she) (?:beats|hits|"
    r"is beating|is hitting|raped|threatens|strangled|abuses) me|domestic violence|"
    r"heart attack|not breathing",
)

_NAMED = (
    r"(?:monsieur|madame|mademoiselle|mr|mme|mlle|m\b)"
    r"(?! l[ea] (?:maire|presidente?|prefete?|ministre|deputee?|senat\w+))\.?(?: \w+|[ ?!.]*$)"
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
_PERSONAL_ENGLISH = _any(
    r"(?:mobile|cell|home|private|personal) (?:phone )?(?:number|address|e-?mail|telephone)",
    r"where (?:does|do|did) (?:the |our |my )?(?:\w+ ){1,4}lives?$|where (?:does|do) (?:\w+ ){1,6}"
    r"live\b",
    r"(?:names?|list) (?:and \w+ )?of (?:all )?(?:the )?(?:people|owners|neighbours|neighbors|"
    r"tenants|residents|beneficiaries|applicants|families)",
    r"which of my neighbou?rs|my neighbou?r'?s? (?:\w+ ){0,2}(?:grant|income|tax|debt|name|number)",
    r"how old is (?:the |our )?(?:mayor|president|prefect|project manager|manager|mr|mrs|ms)|"
    r"is (?:the |our )?(?:mayor|president|prefect|manager) (?:married|divorced|ill|sick|gay|rich)",
    r"(?:salary|wage|income|religion|health|date of birth|age) of (?:the |our |mr |mrs |ms )?"
    r"(?:mayor|president|prefect|manager|project manager|neighbou?r)",
    r"how much (?:does|do) (?:the |our )?(?:mayor|president|prefect|manager|project manager) "
    r"(?:earn|make|get paid)",
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


def is_distress(message: str) -> bool:
    """Whether someone says that they are in danger, or mean to harm themselves."""
    folded = fold(message)
    found = _DISTRESS.search(spell(folded)) or _DISTRESS_ENGLISH.search(folded.rstrip(" ?!."))
    return found is not None


def is_personal(message: str) -> bool:
    """Whether it asks for what is private of a person: a home, a mobile, an age, a salary."""
    folded = fold(message)
    spelled = spell(folded)
    if _PERSONAL.search(spelled):
        return _FUNDED.search(spelled) is None
    return _PERSONAL_ENGLISH.search(folded.rstrip(" ?!.")) is not None
