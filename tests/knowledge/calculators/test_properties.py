"""What holds for all inputs: sums are sums of their lines, and more never costs less."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.calculators.loan_instalment import schedule
from bot.knowledge.calculators.registry import calculate
from bot.knowledge.case import SELF
from bot.knowledge.snapshot import Snapshot

PEOPLE = st.integers(1, 40)
DAYS = st.dates(date(2021, 1, 1), date(2028, 12, 31))
INCOMES = st.integers(1, 90_000_000)
LOANS = st.integers(1, 2_000_000_000)
MONTHS = st.integers(1, 400)
RATES = st.decimals("0.1", "20", places=4)
SETTINGS = settings(max_examples=60, deadline=None)


def _premium(people: int, day: date, published: Snapshot) -> int:
    told = calculate(
        published.programs["bhyt_ho_gia_dinh"], {(None, "household_size"): Decimal(people)}, SELF, day, published
    )
    monthly = sum(line.amount * line.times for line in told.lines)
    assert sum(line.times for line in told.lines) == people
    assert [total.amount for total in told.totals] == [3 * monthly, 6 * monthly, 12 * monthly]
    for line in told.lines:
        assert [one.amount for one in line.periods] == [3 * line.amount, 6 * line.amount, 12 * line.amount]
    return monthly


@SETTINGS
@given(PEOPLE, DAYS)
def test_one_more_member_costs_more_but_no_more_than_the_one_before(
    published: Snapshot, people: int, day: date
) -> None:
    fewer, now, more = (_premium(n, day, published) for n in (people, people + 1, people + 2))
    assert 0 < more - now <= now - fewer


@SETTINGS
@given(INCOMES, INCOMES, DAYS)
def test_a_higher_income_never_costs_less_and_more_support_never_costs_more(
    published: Snapshot, one: int, other: int, day: date
) -> None:
    def own(income: int) -> list[int]:
        facts = {(SELF, "chosen_income"): Decimal(income)}
        return [
            line.amount for line in calculate(published.programs["bhxh_tu_nguyen"], facts, SELF, day, published).lines
        ]

    low, high = (own(income) for income in sorted((one, other)))
    assert all(cheap <= dear for cheap, dear in zip(low, high, strict=True))
    assert low == sorted(low)
    assert low[0] > 0


@SETTINGS
@given(LOANS, MONTHS, RATES)
def test_the_parts_of_a_loan_make_the_loan(loan: int, months: int, rate: Decimal) -> None:
    paid = schedule(loan, months, rate)
    assert len(paid) == months
    assert sum(part.principal for part in paid) == loan
    assert all(part.principal >= 0 for part in paid)
    assert [part.interest for part in paid] == sorted((part.interest for part in paid), reverse=True)


@SETTINGS
@given(LOANS, MONTHS)
def test_a_calculated_loan_adds_up(published: Snapshot, loan: int, months: int) -> None:
    facts = {(None, "loan_amount"): Decimal(loan), (None, "loan_months"): Decimal(months)}
    told = calculate(published.programs["vay_ho_ngheo"], facts, SELF, date(2026, 11, 25), published)
    interest, everything = told.totals
    assert everything.amount - interest.amount == min(loan, 100_000_000)
    assert told.bounded is (loan > 100_000_000 or months > 120)
    assert len(told.lines) == (1 if min(months, 120) == 1 else 2)


@SETTINGS
@given(st.integers(0, 4_000_000), st.integers(0, 12), DAYS)
def test_less_income_and_more_lacking_never_make_less_poor(
    published: Snapshot, income: int, lacking: int, day: date
) -> None:
    ranks = {None: None, "poor": 0, "near_poor": 1, "above_line": 2}

    def rank(income: int, lacking: int) -> int | None:
        facts = {
            (None, "area"): "rural",
            (None, "income_per_head"): Decimal(income),
            (None, "deprivation_count"): Decimal(lacking),
        }
        return ranks[calculate(published.programs["cong_nhan_ho_ngheo"], facts, SELF, day, published).outcome]

    now, poorer = rank(income, lacking), rank(max(income - 1, 0), lacking + 1)
    assert (now is None) == (poorer is None) == (day < date(2022, 1, 1))
    assert now is None or poorer is None or poorer <= now
