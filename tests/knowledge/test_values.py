from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.values import Age, from_json, to_json
from tests.knowledge.rows import TODAY

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2060, 12, 31))


@given(st.integers(0, 120), days)
def test_an_age_in_years_is_that_age_on_the_day_it_was_told(years: int, day: date) -> None:
    assert Age.of_years(years, day).years_on(day) == (years, years)


@given(st.integers(0, 120), days)
def test_every_birth_day_of_that_age_lies_in_the_span_and_no_other(years: int, day: date) -> None:
    age = Age.of_years(years, day)
    one = timedelta(days=1)
    assert Age(age.earliest - one, age.earliest - one).years_on(day) == (years + 1, years + 1)
    assert Age(age.latest + one, age.latest + one).years_on(day) == (years - 1, years - 1)


def test_a_year_later_the_age_told_is_one_of_two() -> None:
    assert Age.of_years(76, TODAY).years_on(date(2026, 11, 24)) == (75, 76)
    assert Age.of_years(76, TODAY).years_on(date(2027, 11, 25)) == (77, 77)
    assert Age.of_years(76, TODAY).years_on(date(2027, 6, 1)) == (76, 77)


@given(st.integers(0, 1200), days)
def test_months_are_counted_in_whole_months(months: int, day: date) -> None:
    age = Age.of_months(months, day)
    assert age.earliest <= age.latest <= day
    least, most = age.years_on(day)
    assert least <= months / 12
    assert months // 12 in (least, most)


def test_18_months_is_one_year_old() -> None:
    age = Age.of_months(18, TODAY)
    assert (age.earliest, age.latest) == (date(2025, 4, 26), date(2025, 5, 25))
    assert age.years_on(TODAY) == (1, 1)


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ((1951,), (74, 75)),
        ((1951, 11), (74, 75)),
        ((1951, 12), (74, 74)),
        ((1951, 11, 25), (75, 75)),
        ((1951, 11, 26), (74, 74)),
    ],
)
def test_the_less_is_told_of_a_birth_day_the_wider_the_age(born: tuple[int, ...], age: tuple[int, int]) -> None:
    assert Age.born(*born).years_on(TODAY) == age


def test_a_child_of_29_february_has_its_birthday_on_1_march_in_common_years() -> None:
    age = Age.born(2024, 2, 29)
    assert age.years_on(date(2025, 2, 28)) == (0, 0)
    assert age.years_on(date(2025, 3, 1)) == (1, 1)


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="day"):
        Age.born(1950, 2, 30)


@given(
    st.one_of(
        st.booleans(),
        st.text(max_size=20),
        st.decimals(allow_nan=False, allow_infinity=False),
        st.builds(Age, days, days),
    )
)
def test_every_value_comes_back_from_its_json_form(value: bool | str | Decimal | Age) -> None:
    back = from_json(to_json(value))
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("stored", [None, 7, 7.5, [], {"years": 76}, {"earliest": 1950, "latest": 1950}])
def test_anything_else_is_refused(stored: object) -> None:
    with pytest.raises(ValueError, match="stored form"):
        from_json(stored)
