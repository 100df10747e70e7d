import json
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.case import SCREENING, Case, Focus
from bot.knowledge.values import Age
from tests.knowledge.rows import TODAY

names = st.text("abcdefgh_", min_size=1, max_size=6)
keys = st.tuples(st.none() | names, names)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2060, 12, 31))
values = st.one_of(st.booleans(), names, st.decimals(allow_nan=False, allow_infinity=False), st.builds(Age, days, days))
cases = st.builds(
    Case,
    facts=st.dictionaries(keys, values, max_size=6),
    declined=st.frozensets(keys, max_size=4),
    members=st.lists(names, max_size=3).map(tuple),
    focus=st.builds(Focus, st.none() | names, st.none() | names, st.none() | names),
    goal=st.none() | names,
    subjects=st.lists(names, max_size=3).map(tuple),
    pending=st.none() | keys,
    last_asked=st.none() | keys,
    asked=st.integers(0, 50),
    as_of=st.none() | days,
    misses=st.integers(0, 9),
)


@given(cases)
def test_a_case_comes_back_from_json_text_as_it_was(case: Case) -> None:
    assert Case.from_json(json.loads(json.dumps(case.to_json()))) == case


def test_an_empty_object_is_a_new_case() -> None:
    assert Case.from_json({}) == Case()


def test_a_case_stored_before_a_field_existed_can_be_read() -> None:
    assert Case.from_json({"facts": [[None, "area", "rural"]]}) == Case(facts={(None, "area"): "rural"})


def test_a_later_statement_replaces_the_earlier_and_answers_what_was_pending_or_declined() -> None:
    key = ("mother", "age")
    case = Case(pending=key).decline(key)
    assert (case.pending, case.declined) == (None, frozenset({key}))
    case = case.state(key, Age.of_years(70, TODAY)).state(key, Age.of_years(76, TODAY))
    assert case.facts == {key: Age.of_years(76, TODAY)}
    assert case.declined == frozenset()
    assert case.members == ("mother",)


def test_stating_one_fact_leaves_another_question_pending() -> None:
    case = Case(pending=(None, "area")).state((None, "household_size"), Decimal(4))
    assert case.pending == (None, "area")
    assert case.members == ()


def test_stopping_forgets_the_check_but_not_what_was_told_and_of_whom() -> None:
    case = Case(
        facts={(None, "area"): "rural"}, goal=SCREENING, subjects=("self",), pending=(None, "island"), asked=3
    ).stop()
    assert case == Case(facts={(None, "area"): "rural"}, subjects=("self",))
