import pytest

from bot.knowledge.dialogue.people import members_spoken_of
from tests.knowledge.dialogue.conversation import said


@pytest.mark.parametrize(
    ("text", "relations", "meant"),
    [
        ("mẹ tui 76 tuổi lãnh tiền tuất của ba tui", {"mẹ tui": "mother", "ba tui": "father"}, ["mother"]),
        ("trợ cấp của ba tôi bao nhiêu", {"ba tôi": "father"}, ["father"]),
        ("bà nội con 81 tuổi có được không", {"bà nội": "grandmother", "con": "child"}, ["grandmother"]),
        ("con tôi 5 tuổi với mẹ tôi 80 tuổi được gì", {"con tôi": "child", "mẹ tôi": "mother"}, ["child", "mother"]),
        ("em là mẹ đơn thân nuôi con 3 tuổi", {"mẹ": "mother", "con": "child"}, ["child"]),
        ("tôi chưa có chồng được gì không", {"chồng": "husband"}, []),
        ("chồng em mất năm ngoái, nuôi con 3 tuổi", {"chồng em": "husband", "con": "child"}, ["child"]),
        ("chong em mat the, xin o dau", {"chong em": "husband"}, ["husband"]),
        ("bà nội tôi 81 tuổi mới mất, tiền mai táng bao nhiêu", {"bà nội tôi": "grandmother"}, ["grandmother"]),
        ("con trai em khuyết tật, vậy em có được tiền không", {"con trai em": "child"}, ["self"]),
        ("con trai em có được tiền không", {"con trai": "child"}, ["child"]),
        ("nhà em có mẹ 76 tuổi có được tiền không", {"mẹ": "mother"}, ["mother"]),
        ("tôi có được mua bảo hiểm cho mẹ tôi không", {"mẹ tôi": "mother"}, ["mother"]),
    ],
)
def test_who_is_meant(text: str, relations: dict[str, str], meant: list[str]) -> None:
    entities = (("relation", value, words) for words, value in relations.items())
    assert members_spoken_of(said(text, "ask_eligibility", *entities)) == meant
