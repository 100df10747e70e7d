from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.knowledge.case import SELF, Case
from bot.knowledge.dialogue.stated import (
    Vocabulary,
    answer_to,
    day_spoken_of,
    is_personal,
    says_dont_know,
    stated_facts,
)
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import Age, FactKey, FactValue
from tests.knowledge.dialogue.conversation import said
from tests.knowledge.rows import TODAY

MONEY = {"amount": 1_500_000, "per": None}
BA_TO = {"commune": "ba_to", "candidates": ["ba_to"], "matched": "Ba Tơ"}


@pytest.fixture(scope="module")
def words(small: Snapshot) -> Vocabulary:
    return Vocabulary(small.facts)


def test_the_class_is_the_household_s_and_the_age_the_mother_s(words: Vocabulary) -> None:
    message = said(
        "nhà tôi cận nghèo ở Ba Tơ, mẹ 76 tuổi, được hưởng gì?",
        "screen",
        ("place", BA_TO, "Ba Tơ"),
        ("relation", "mother", "mẹ"),
        ("age", {"years": 76}, "76 tuổi"),
    )
    assert stated_facts(message, Case(), words) == {
        (None, "household_class"): "near_poor",
        (None, "commune"): "ba_to",
        ("mother", "age"): Age.of_years(76, TODAY),
    }


def test_each_age_belongs_to_the_person_named_before_it(words: Vocabulary) -> None:
    message = said(
        "mẹ tôi 76 tuổi, con tôi 5 tuổi",
        "inform",
        ("relation", "mother", "mẹ"),
        ("age", {"years": 76}, "76 tuổi"),
        ("relation", "child", "con"),
        ("age", {"years": 5}, "5 tuổi"),
    )
    told = stated_facts(message, Case(), words)
    assert told == {("mother", "age"): Age.of_years(76, TODAY), ("child", "age"): Age.of_years(5, TODAY)}


def test_an_age_with_nobody_named_is_of_who_is_asked_about_else_of_the_citizen(words: Vocabulary) -> None:
    message = said("76 tuổi", "inform", ("age", {"years": 76}, "76 tuổi"))
    assert [*stated_facts(message, Case(), words)] == [(SELF, "age")]
    assert [*stated_facts(message, Case(pending=("father", "age")), words)] == [("father", "age")]
    assert [*stated_facts(message, Case(subjects=("mother",)), words)] == [("mother", "age")]


def test_a_question_about_people_in_general_states_nothing(words: Vocabulary) -> None:
    message = said("hộ nghèo được hỗ trợ gì?", "ask_benefit")
    assert not is_personal(message)
    assert stated_facts(message, Case(), words) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tui nuôi con một mình, hộ nghèo, có trợ cấp không?", True),
        ("tôi sống một mình, hộ nghèo", True),
        ("cho tôi hỏi, hộ nghèo, hộ cận nghèo được gì?", False),
        ("tôi nghe nói, hộ nghèo, được thẻ phải không?", False),
        ("tôi sống một mình, hộ nghèo thì được gì?", False),
        ("người cao tuổi, hộ nghèo, được gì?", False),
    ],
)
def test_a_class_between_commas_is_that_of_who_speaks_of_themselves(words: Vocabulary, text: str, told: bool) -> None:
    stated = stated_facts(said(text, "ask_benefit"), Case(), words)
    assert stated == ({(None, "household_class"): "poor"} if told else {})


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("nhà tôi không phải hộ nghèo", (None, "household_class"), "other"),
        ("nhà tôi không nghèo", (None, "household_class"), "other"),
        ("nha toi ho ngheo", (None, "household_class"), "poor"),
        ("nhà tôi không ở đảo", (None, "island"), False),
        ("nhà tôi ở đảo", (None, "island"), True),
        ("tôi không phải dân tộc thiểu số", (SELF, "ethnic_minority"), False),
        ("tôi là người Hrê", (SELF, "ethnic_minority"), True),
        ("tôi là người Kinh", (SELF, "ethnic_minority"), False),
        ("tôi không có lương hưu", (SELF, "pension_amount"), Decimal(0)),
    ],
)
def test_phrases_and_their_negations(words: Vocabulary, text: str, key: FactKey, value: FactValue) -> None:
    assert stated_facts(said(text), Case(), words) == {key: value}


@pytest.mark.parametrize(
    "text",
    [
        "hàng xóm tôi hộ nghèo còn tôi thì không",
        "nhà tôi trước đây là hộ nghèo giờ hết rồi",
        "nhà tôi là hộ nghèo nay thoát rồi",
        "năm ngoái nhà tôi là hộ nghèo",
        "nhà tôi mới ra khỏi hộ nghèo",
        "nhà tôi vừa bị cắt hộ nghèo",
        "nhà tôi hộ nghèo đã bị cắt",
        "nhà tôi chưa được cấp sổ hộ nghèo",
        "tôi chưa có giấy xác nhận hộ nghèo",
        "tôi muốn xin vào hộ nghèo",
        "nhà chú tôi hộ nghèo",
        "nhà tôi không được công nhận hộ nghèo",
    ],
)
@pytest.mark.parametrize("intent", ["inform", "ask_eligibility"])
def test_a_class_of_others_or_of_another_day_is_not_stated(words: Vocabulary, text: str, intent: str) -> None:
    assert (None, "household_class") not in stated_facts(said(text, intent), Case(), words)


def test_shorthand_for_no_denies_as_well(words: Vocabulary) -> None:
    for text in ("mẹ ko có lương hưu", "mẹ hông có lương hưu", "me k co luong huu"):
        mother = ("relation", "mother", text.split()[0])
        assert stated_facts(said(text, "inform", mother), Case(), words) == {("mother", "pension_amount"): Decimal(0)}


def test_a_past_year_beside_today_is_no_day_to_answer_for() -> None:
    last_year = ("date", {"year": 2025, "month": None, "day": None}, "năm ngoái")
    past = said("năm ngoái nhà tôi được gì?", "ask_benefit", last_year)
    assert day_spoken_of(past) == date(2025, 12, 31)
    assert day_spoken_of(said("năm ngoái thoát nghèo, năm nay được gì?", "ask_benefit", last_year)) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("khuyết tật nặng", "severe"),
        ("giấy khuyết tật đặc biệt nặng", "extremely_severe"),
        ("khuyết tật nặng nhưng chưa có giấy", "none"),
        ("đang làm giấy khuyết tật nặng", "none"),
        ("chua co giay", "none"),
        ("không phải khuyết tật đặc biệt nặng", None),
    ],
)
def test_only_a_paper_one_has_tells_the_degree(published: Snapshot, text: str, value: str | None) -> None:
    assert answer_to((SELF, "disability"), said(text), published.facts) == value


@pytest.mark.parametrize(
    "text",
    [
        "tôi bị khuyết tật nặng",
        "tôi đang xin giấy xác nhận khuyết tật nặng",
        "cháu tôi 7 tuổi mồ côi cha, mẹ đi làm xa",
        "cháu tôi mồ côi cha mẹ tái giá",
        "nhà tôi chưa có giấy xác nhận hộ nghèo",
    ],
)
def test_what_entitles_is_asked_where_it_was_not_quite_said(published: Snapshot, text: str) -> None:
    facts = {fact for _, fact in stated_facts(said(text), Case(), Vocabulary(published.facts))}
    assert facts.isdisjoint({"disability", "orphan_without_care", "household_class"})


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("tui 66 tuổi hộ nghèo sống một mình, có được trợ cấp không", "poor"),
        ("má tui 67 tuổi hộ cận nghèo có được luật sư miễn phí không", "near_poor"),
        ("chưa cưới, nuôi con 3 tuổi, hộ cận nghèo, tôi có được trợ cấp không", "near_poor"),
        ("tui 74 tuổi muốn xin vào hộ nghèo có được không", None),
        ("tôi muốn hỏi hỗ trợ cho hộ nghèo, hộ cận nghèo, hộ mới thoát nghèo", None),
        ("tôi nghe nói hộ nghèo được vay vốn", None),
        ("tôi là trưởng thôn có hộ nghèo cần vay vốn", None),
        ("nhà tôi ở gần hộ nghèo", None),
    ],
)
def test_a_class_said_beside_other_facts_is_stated(published: Snapshot, text: str, state: str | None) -> None:
    told = stated_facts(said(text, "ask_eligibility"), Case(), Vocabulary(published.facts))
    assert told.get((None, "household_class")) == state


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("pension_amount", "không", Decimal(0)),
        ("minor_children", "không có", Decimal(0)),
        ("electricity_kwh", "không", None),
        ("income_month", "không", None),
        ("income_month", "12 triệu", None),
    ],
)
def test_a_no_is_none_only_where_one_is_asked_whether(
    published: Snapshot, fact: str, text: str, value: Decimal | None
) -> None:
    assert answer_to((SELF, fact), said(text, "deny"), published.facts) == value


@pytest.mark.parametrize(
    ("text", "amount", "fact"),
    [
        ("tôi là công nhân lương tháng 14 triệu", "14 triệu", (SELF, "income_month")),
        ("hai vợ chồng tôi lương 30 triệu một tháng", "30 triệu", (None, "couple_income_month")),
        ("tôi có lương hưu 3 triệu", "3 triệu", (SELF, "pension_amount")),
        ("tôi đóng theo mức lương 3 triệu", "3 triệu", None),
    ],
)
def test_pay_is_income_and_a_pension_is_not(published: Snapshot, text: str, amount: str, fact: FactKey | None) -> None:
    told = {"amount": int(amount.split(maxsplit=1)[0]) * 10**6, "per": None}
    facts = stated_facts(said(text, "inform", ("money", told, amount)), Case(), Vocabulary(published.facts))
    assert [key for key, value in facts.items() if isinstance(value, Decimal)] == ([fact] if fact else [])


def test_the_power_a_home_uses_is_stated_with_its_unit(published: Snapshot) -> None:
    facts = stated_facts(said("nhà tôi mỗi tháng xài 45 số điện", "inform"), Case(), Vocabulary(published.facts))
    assert facts == {(None, "electricity_kwh"): Decimal(45)}
    told = said("nhà tôi nghe nói được hỗ trợ 30 số điện", "inform")
    assert stated_facts(told, Case(), Vocabulary(published.facts)) == {}


def test_the_age_of_the_dead_is_nobody_else_s(words: Vocabulary) -> None:
    message = said(
        "chồng tôi 76 tuổi mới mất, tôi có được trợ cấp không",
        "ask_eligibility",
        ("relation", "husband", "chồng tôi"),
        ("age", {"years": 76}, "76 tuổi"),
    )
    assert [*stated_facts(message, Case(), words)] == [("husband", "age")]


@pytest.mark.parametrize(
    ("text", "year", "day"),
    [
        ("con tui bị khuyết tật nặng từ năm 2023, mỗi tháng được bao nhiêu", 2023, None),
        ("ba tui 76 tuổi, nghỉ làm ruộng năm 2024, có được trợ cấp không", 2024, None),
        ("hộ tôi thoát nghèo năm 2024 giờ có được bảo hiểm y tế không", 2024, None),
        ("năm 2024 thì nhà tôi được bao nhiêu", 2024, date(2024, 12, 31)),
        ("nhà tôi hồi năm 2024 thì được bao nhiêu", 2024, date(2024, 12, 31)),
        ("trợ cấp năm 2024 bao nhiêu tiền", 2024, date(2024, 12, 31)),
        ("cho tôi hỏi trợ cấp năm 2024 bao nhiêu tiền", 2024, date(2024, 12, 31)),
        ("tôi thoát nghèo năm 2024 có được vay vốn không", 2024, None),
    ],
)
def test_since_when_something_is_so_is_not_the_day_asked_about(text: str, year: int, day: date | None) -> None:
    told = {"year": year, "month": None, "day": None}
    assert day_spoken_of(said(text, "ask_benefit", ("date", told, f"năm {year}"))) == day


@pytest.mark.parametrize(
    ("text", "damage"),
    [
        ("bão làm sập nhà tôi rồi", "destroyed"),
        ("bao lam sap nha toi roi", "destroyed"),
        ("bão làm sap nhà tôi rồi", "destroyed"),
        ("tôi ở căn nhà sắp đổ", None),
        ("tôi làm nhà sắp xong", None),
        ("bão làm nhà tôi tốc mái", None),
    ],
)
def test_what_has_accents_says_what_they_say(published: Snapshot, text: str, damage: str | None) -> None:
    told = stated_facts(said(text, "inform"), Case(), Vocabulary(published.facts))
    assert told.get((None, "disaster_damage")) == damage


def test_a_neighbour_s_age_is_nobody_s(words: Vocabulary) -> None:
    message = said("hàng xóm tôi 60 tuổi thì sao", "ask_benefit", ("age", {"years": 60}, "60 tuổi"))
    assert stated_facts(message, Case(subjects=("mother",)), words) == {}


def test_a_negated_choice_does_not_state_that_choice(words: Vocabulary) -> None:
    assert stated_facts(said("nhà tôi không thuộc cận nghèo"), Case(), words) == {}


def test_the_words_around_an_amount_tell_what_it_is(words: Vocabulary) -> None:
    pension = said("mẹ có lương hưu 1tr5", "inform", ("relation", "mother", "mẹ"), ("money", MONEY, "1tr5"))
    assert stated_facts(pension, Case(), words) == {("mother", "pension_amount"): Decimal(1_500_000)}
    income = said("bình quân mỗi người 1tr5", "inform", ("money", MONEY, "1tr5"))
    assert stated_facts(income, Case(), words) == {(None, "income_per_head"): Decimal(1_500_000)}
    bare = said("được 1tr5", "inform", ("money", MONEY, "1tr5"))
    assert stated_facts(bare, Case(), words) == {}


def test_a_birth_day_that_does_not_exist_states_nothing(words: Vocabulary) -> None:
    birth = {"year": 1950, "month": 2, "day": 30}
    message = said("sinh 30/2/1950", "inform", ("birth", birth, "30/2/1950"))
    assert stated_facts(message, Case(), words) == {}


# Answers to a question


@pytest.mark.parametrize(
    ("fact", "text", "intent", "found", "value"),
    [
        ("island", "có", "inform", (), True),
        ("island", "dạ có ạ", "nlu_fallback", (), True),
        ("island", "đúng rồi", "affirm", (), True),
        ("island", "không", "inform", (), False),
        ("island", "ko", "nlu_fallback", (), False),
        ("island", "dạ chưa", "deny", (), False),
        ("island", "hôm nay trời đẹp", "nlu_fallback", (), None),
        ("age", "76", "inform", (("number", 76, "76"),), Age.of_years(76, TODAY)),
        ("age", "sn 1950", "inform", (("birth", {"year": 1950, "month": None, "day": None}, "1950"),), Age.born(1950)),
        ("age", "1950", "inform", (("number", 1950, "1950"),), Age.born(1950)),
        ("age", "năm 1950", "inform", (("date", {"year": 1950, "month": None, "day": None}, "1950"),), Age.born(1950)),
        ("age", "18 tháng", "inform", (("age", {"months": 18}, "18 tháng"),), Age.of_months(18, TODAY)),
        ("age", "500", "inform", (("number", 500, "500"),), None),
        ("age", "già rồi", "inform", (), None),
        ("pension_amount", "1tr5", "inform", (("money", MONEY, "1tr5"),), Decimal(1_500_000)),
        ("pension_amount", "không có", "deny", (), Decimal(0)),
        ("pension_amount", "ít thôi", "inform", (), None),
        ("household_size", "4", "inform", (("number", 4, "4"),), Decimal(4)),
        ("household_size", "nhà có 4 người", "inform", (("household_size", 4, "4 người"),), Decimal(4)),
        ("household_class", "hộ cận nghèo", "inform", (), "near_poor"),
        ("household_class", "can ngheo", "nlu_fallback", (), "near_poor"),
        ("household_class", "hộ nghèo", "inform", (), "poor"),
        ("household_class", "2", "inform", (("number", 2, "2"),), "near_poor"),
        ("household_class", "4", "inform", (("number", 4, "4"),), None),
        ("household_class", "không", "deny", (), "other"),
        ("household_class", "không phải hộ nghèo", "deny", (), "other"),
        ("household_class", "không phải hộ cận nghèo", "nlu_fallback", (), None),
        ("household_class", "khong thuoc dien can ngheo", "nlu_fallback", (), None),
        ("household_class", "không phải cận nghèo, hộ nghèo", "nlu_fallback", (), "poor"),
        ("household_class", "không phải hộ nghèo hay cận nghèo", "nlu_fallback", (), "other"),
        ("household_class", "hộ nghèo, cận nghèo đều không phải", "nlu_fallback", (), None),
        ("household_class", "trước đây là hộ nghèo", "inform", (), None),
        ("household_class", "hộ nghèo giờ hết rồi", "inform", (), None),
        ("household_class", "hàng xóm hộ nghèo, nhà tôi thì không", "inform", (), None),
        ("area", "Nông thôn", "inform", (), "rural"),
        ("commune", "Ba Tơ", "inform", (("place", BA_TO, "Ba Tơ"),), "ba_to"),
        ("commune", "Ba Tơ", "inform", (("place", {"commune": None, "candidates": ["a", "b"]}, "Ba Tơ"),), None),
    ],
)
def test_answers_of_each_type(
    small: Snapshot, fact: str, text: str, intent: str, found: tuple[tuple[str, Any, str], ...], value: FactValue | None
) -> None:
    told = answer_to((None, fact), said(text, intent, *found), small.facts)
    assert told == value
    assert type(told) is type(value)


@pytest.mark.parametrize(
    "text", ["không biết", "ko biết", "tôi không rõ ạ", "chưa rõ", "không nhớ", "tui hong muon noi"]
)
def test_not_knowing_is_neither_yes_nor_no(small: Snapshot, text: str) -> None:
    message = said(text, "nlu_fallback")
    assert says_dont_know(message)
    assert answer_to((None, "island"), message, small.facts) is None
    assert answer_to((SELF, "pension_amount"), message, small.facts) is None


def test_a_long_story_with_those_words_in_it_is_not_a_refusal_to_answer() -> None:
    assert not says_dont_know(said("mẹ tôi già yếu, tôi không biết phải nộp giấy tờ ở đâu cho đúng", "ask_procedure"))


# Days


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ({"year": 2024, "month": None, "day": None}, date(2024, 12, 31)),
        ({"year": 2027, "month": None, "day": None}, date(2027, 12, 31)),
        ({"year": 2026, "month": None, "day": None}, None),
        ({"year": 2026, "month": 11, "day": None}, None),
        ({"year": 2026, "month": 10, "day": None}, date(2026, 10, 31)),
        ({"year": 2026, "month": 11, "day": 30}, date(2026, 11, 30)),
        ({"year": 2024, "month": 2, "day": None}, date(2024, 2, 29)),
        ({"year": 2024, "month": 12, "day": None}, date(2024, 12, 31)),
        ({"year": 2025, "month": 6, "day": 30}, date(2025, 6, 30)),
        ({"year": 2025, "month": 6, "day": 31}, None),
        ({"year": None, "month": 6, "day": 3}, None),
    ],
)
def test_the_day_that_a_question_is_about(value: dict[str, int | None], day: date | None) -> None:
    assert day_spoken_of(said("năm đó thì sao", "ask_benefit", ("date", value, "năm đó"))) == day


@pytest.mark.parametrize(
    ("text", "year", "day"),
    [
        ("Nhà tôi làm hồi năm 2022. Giờ dột nát thì được giúp gì không?", 2022, None),
        ("Nhà tôi dột nát. Hồi năm 2022 thì được giúp bao nhiêu?", 2022, date(2022, 12, 31)),
        ("Căn nhà cha mẹ để lại xây từ năm 1994, nay mái sụp vách nứt thì nhà nước có giúp gì không?", 1994, None),
        ("Hồi năm 1994 hộ nghèo được gì?", 1994, date(1994, 12, 31)),
    ],
)
def test_a_year_of_the_story_is_not_the_day_asked_about(text: str, year: int, day: date | None) -> None:
    told = {"year": year, "month": None, "day": None}
    assert day_spoken_of(said(text, "ask_benefit", ("date", told, f"năm {year}"))) == day


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("tôi có được hưởng bảo hiểm y tế hộ nghèo không", False),
        ("mẹ tôi có được vay vốn cho hộ nghèo không", False),
        ("nhà tôi hộ nghèo có được vay vốn không", True),
        ("gia đình em thuộc diện hộ nghèo thì được gì", True),
    ],
)
def test_a_program_s_name_states_no_class(words: Vocabulary, text: str, states: bool) -> None:
    told = stated_facts(said(text, "ask_eligibility"), Case(), words)
    assert (told.get((None, "household_class")) == "poor") is states


def test_an_age_that_a_rule_names_is_nobody_s(words: Vocabulary) -> None:
    message = said("người từ 75 tuổi trở lên được gì", "ask_benefit", ("age", {"years": 75, "bound": "min"}, "75 tuổi"))
    assert stated_facts(message, Case(), words) == {}
