import math
import shutil
from pathlib import Path

import pytest

from index.errors import IndexMissing
from index.french.analysis import grams
from index.passages import Passage
from index.stores import lexical
from index.stores.lexical import Lexical

# (headings, text); padded so that all texts have four words, all titles one, all headings one
TEXTS = [
    (("Halles", "Prix"), "marché marché samedi ville"),
    (("Marché", "Prix"), "halles samedi dimanche ville"),
    (("Halles", "Marché"), "poisson samedi dimanche ville"),
    (("Halles", "Prix"), "poisson légumes dimanche ville"),
    (("Halles", "Prix"), "1 646 L. 303-2 OPAH ville"),
]


def passage(number: int, headings: tuple[str, ...], text: str) -> Passage:
    return Passage(
        id=f"d#{number}",
        document_id="d",
        headings=headings,
        text=text,
        scope="local",
        digest=str(number),
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Lexical:
    folder = tmp_path_factory.mktemp("lexical") / "tantivy"
    lexical.write(folder, [passage(n, *found) for n, found in enumerate(TEXTS)])
    return Lexical(folder)


def test_text_weighs_more_than_headings_than_title(index: Lexical) -> None:
    found = index.words({"march": 1.0}, 10)
    assert list(found) == [0, 2, 1]  # text, heading, title
    assert found[2] / found[1] == pytest.approx(0.8 / 0.6, rel=1e-5)  # alike but for the weight


def test_a_token_counts_for_its_weight(index: Lexical) -> None:
    whole, light = index.words({"poisson": 1.0}, 10), index.words({"poisson": 0.4}, 10)
    assert set(whole) == {2, 3}
    assert light[3] == pytest.approx(0.4 * whole[3], rel=1e-5)


def test_scores_of_several_tokens_add_up(index: Lexical) -> None:
    both = index.words({"poisson": 1.0, "dimanch": 1.0}, 10)
    apart = index.words({"poisson": 1.0}, 10)[2] + index.words({"dimanch": 1.0}, 10)[2]
    assert both[2] == pytest.approx(apart, rel=1e-5)
    assert list(both)[-1] == 1  # holds one of the two


@pytest.mark.parametrize(("token", "where"), [("1646", 4), ("l303-2", 4), ("opah", 4)])
def test_numbers_and_articles_are_whole(index: Lexical, token: str, where: int) -> None:
    assert list(index.words({token: 1.0}, 10)) == [where]


def test_an_unknown_token_finds_nothing_and_spoils_nothing(index: Lexical) -> None:
    assert index.words({"licorn": 1.0}, 10) == {}
    assert index.words({}, 10) == {}
    assert index.words({"licorn": 1.0, "legum": 1.0}, 10) == index.words({"legum": 1.0}, 10)


@pytest.mark.parametrize("token", ["text:a", "a AND b", "*", '"', "[a TO b]", "march~", "é" * 5000])
def test_what_looks_like_a_query_is_a_token(index: Lexical, token: str) -> None:
    assert index.words({token: 1.0}, 10) == {}


def test_grams_find_a_word_misspelled(index: Lexical) -> None:
    # « poison » shares _poi, pois with « poisson », and son_
    assert set(index.grams(grams("poison"), 10)) == {2, 3}
    assert index.grams([], 10) == {}


def test_limit_keeps_the_best(index: Lexical) -> None:
    assert list(index.words({"march": 1.0}, 1)) == [0]


def test_rarity_is_bm25_idf(index: Lexical) -> None:
    # 5 passages, of which 3 hold « samedi » and none « licorne »
    assert index.rarity("samed") == pytest.approx(math.log(1 + 2.5 / 3.5))
    assert index.rarity("licorn") == pytest.approx(math.log(1 + 5.5 / 0.5))
    assert index.rarity("vill") < index.rarity("samed") < index.rarity("legum")


def test_an_empty_index_answers_nothing(tmp_path: Path) -> None:
    lexical.write(tmp_path / "tantivy", [])
    index = Lexical(tmp_path / "tantivy")
    assert len(index) == 0
    assert index.words({"march": 1.0}, 10) == {}
    assert index.rarity("march") == pytest.approx(math.log(2))  # (0 - 0 + .5) / (0 + .5) = 1


@pytest.mark.parametrize("harm", ["no folder", "empty folder", "garbage", "no segment"])
def test_an_index_that_cannot_be_read_is_missing(tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "tantivy"
    lexical.write(folder, [passage(0, *TEXTS[0])])
    match harm:
        case "no folder":
            shutil.rmtree(folder)
        case "empty folder":
            shutil.rmtree(folder)
            folder.mkdir()
        case "garbage":
            (folder / "meta.json").write_bytes(b"\x00garbage")
        case "no segment":
            for path in folder.glob("*.term"):
                path.unlink()
    with pytest.raises(IndexMissing, match="assistant build"):
        Lexical(folder)
