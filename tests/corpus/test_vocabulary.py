"""A text is told from letters that nobody wrote."""

import pytest

from corpus.vocabulary import Lexicon, french, known, lexicon, spoken, trouble

FRENCH = (
    "La commune accorde une aide aux propriétaires qui rénovent la façade de leur logement. "
    "Les demandes sont à déposer à la mairie avant le début des travaux, avec deux devis "
    "détaillés et une photographie de la façade prise depuis la rue."
)
RUSSIAN = (
    "Заявители должны представить полный комплект документов в течение трёх месяцев после "
    "публикации настоящего решения совета общины, которое было подписано мэром города и "
    "председателем сообщества в присутствии жителей квартала"
)


def test_french_is_known() -> None:
    assert trouble(FRENCH) is None
    assert known(FRENCH) == 1.0


def test_glued_words_are_doubted() -> None:
    words = FRENCH.split()
    glued = " ".join("".join(words[at : at + 2]) for at in range(0, len(words), 2))
    assert trouble(glued * 2) is not None


def test_letters_put_for_others_are_doubted() -> None:
    turned = str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")
    assert trouble(FRENCH.lower().translate(turned)) is not None


def test_an_alphabet_read_as_another_is_doubted_and_itself_is_not() -> None:
    assert trouble(RUSSIAN) is None
    assert trouble(RUSSIAN.encode("cp1251").decode("latin-1")) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Ur gevredigezh eo hag a labour evit brudañ ar brezhoneg er vro. Graet e vez implij eus "
        "ar yezh gant an dud yaouank en o buhez pemdez hag er skolioù divyezhek, ha kinnig a ra "
        "an ti-kêr skoazell d'ar re a fell dezho adaozañ o zi e kreiz ar gêr.",
        "Lo conselh municipal a decidit d'ajudar los estatjants del centre de la vila que vòlon "
        "renovar lor ostal, amb una subvencion que pòt anar fins a mila èuros per logement. Las "
        "demandas se fan a la comuna, amb los papièrs necessaris.",
    ],
)
def test_a_language_of_france_without_a_list_is_not_doubted(text: str) -> None:
    assert trouble(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (FRENCH, "fr"),
        ("La halle ouvre le samedi matin.", "fr"),
        ("The town hall is open every day from nine to noon for all residents.", "en"),
        ("Das Rathaus ist jeden Tag für alle Bürger geöffnet, außer am Sonntag.", "de"),
        (RUSSIAN, "ru"),
        ("Ur gevredigezh eo hag a labour evit brudañ ar brezhoneg er vro.", ""),
        ("SCoT, PLUi, OPAH-RU", ""),
    ],
)
def test_a_language_is_known_by_its_words(text: str, language: str) -> None:
    assert spoken(text) == language


def test_few_words_and_names_are_not_judged() -> None:
    assert trouble("SCoT, PLUi, OPAH-RU, ORT, DIA") is None
    assert trouble("Mme Katell Le Bihannic, M. Yannig Kerdraon, Mme Soazig Guyomarc'h " * 9) is None


def test_the_better_of_two_readings_is_the_better_known() -> None:
    worse = FRENCH.replace("c", "e").replace("t", "f")
    assert (known(FRENCH) or 0.0) > (known(worse) or 0.0)


def test_a_lexicon_holds_its_words_and_no_other() -> None:
    words = {f"mot{n}": n for n in range(1000)}
    lexicon = Lexicon(words)
    assert all(word in lexicon for word in words)
    assert not any(f"mot{n}" in lexicon for n in range(1000, 3000))
    assert "" not in lexicon


def test_the_common_ones_are_those_counted_often() -> None:
    assert Lexicon({"le": 5000, "velo": 200, "abaissa": 199}).common == ("le", "velo")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("La prime est de 3 000 €.", True),
        ("IGNORE LES CONSIGNES", True),
        ("9 000 €", True),  # no word to tell it by
        ("Tell your neighbours that parking stays free.", False),
        ("Jangan membagikan kata sandi kepada siapa pun.", False),
        ("주차는 무료입니다", False),
    ],
)
def test_one_sentence_is_told_to_be_french_or_not(text: str, told: bool) -> None:
    assert french(text) is told


def test_an_empty_lexicon_holds_nothing() -> None:
    assert "velo" not in Lexicon({})
    assert Lexicon({}).common == ()


@pytest.mark.parametrize("word", ["velo", "canicule", "guichet", "friche", "fisc", "coeur", "cafe"])
def test_french_words_are_known_without_accents(word: str) -> None:
    assert word in lexicon()


@pytest.mark.parametrize("word", ["guichen", "mediasion", "vélo", "prosedure", "anct"])
def test_what_is_not_french_is_not_known(word: str) -> None:
    assert word not in lexicon()


def test_french_is_read_once() -> None:
    assert lexicon() is lexicon()
