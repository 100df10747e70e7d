from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.knowledge.case import SELF
from bot.knowledge.derive import assume_by_age, derive
from bot.knowledge.domain import (
    Choice,
    Criterion,
    Evidence,
    FactDefinition,
    FactType,
    Operator,
    Parameter,
    Program,
    Scope,
    State,
    Verdict,
)
from bot.knowledge.engine import Judgement, Rules, judge, next_fact, verdict_if
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import Age, FactKey, FactValue
from tests.knowledge.rows import TODAY, criterion, fact, group, parameter, program, provision

ELIGIBLE, NOT_ELIGIBLE, UNKNOWN = Verdict.ELIGIBLE, Verdict.NOT_ELIGIBLE, Verdict.UNKNOWN
DAY = timedelta(days=1)

DEFINITIONS: dict[str, FactDefinition] = {
    d.id: d
    for d in (
        fact("yes_a"),
        fact("yes_b", scope=Scope.HOUSEHOLD),
        fact("kind", FactType.CHOICE, choices=(Choice("x", "X"), Choice("y", "Y"), Choice("z", "Z"))),
        fact("class", FactType.CHOICE, Scope.HOUSEHOLD, choices=(Choice("poor", "Nghèo"), Choice("other", "Khác"))),
        fact("age", FactType.AGE),
        fact("size", FactType.NUMBER, Scope.HOUSEHOLD),
        fact("income", FactType.MONEY),
        fact("hidden", askable=False),
    )
}
PARAMETERS = {"line": parameter("line", (date(2020, 1, 1), date(2026, 11, 24), 1_500_000), (TODAY, None, 2_200_000))}


def verdict_of(rule: Criterion, value: FactValue | None, day: date = TODAY, member: str | None = SELF) -> Verdict:
    facts: dict[FactKey, FactValue] = {} if value is None else {(SELF, rule.fact): value}
    return judge(program(provision([rule])), facts, member, day, DEFINITIONS, PARAMETERS).verdict


def judge_all(
    programs: Sequence[Program], facts: Mapping[FactKey, FactValue], members: Sequence[str]
) -> list[Judgement]:
    return Rules(programs, TODAY, DEFINITIONS, PARAMETERS).judge(facts, members)


# One criterion


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [
        (Operator.AT_LEAST, False, True, True),
        (Operator.MORE, False, False, True),
        (Operator.AT_MOST, True, True, False),
        (Operator.LESS, True, False, False),
        (Operator.EQUAL, False, True, False),
        (Operator.NOT_EQUAL, True, False, True),
    ],
)
def test_a_number_below_at_and_above_the_bound(operator: Operator, below: bool, at: bool, above: bool) -> None:
    rule = criterion("income", operator, 1_000_000)
    read = [verdict_of(rule, Decimal(v)) is ELIGIBLE for v in (999_999, 1_000_000, 1_000_001)]
    assert read == [below, at, above]


def test_no_income_is_a_value_and_not_a_gap() -> None:
    assert verdict_of(criterion("income", Operator.EQUAL, 0), Decimal(0)) is ELIGIBLE


@pytest.mark.parametrize(
    ("operator", "value", "told", "verdict"),
    [
        (Operator.EQUAL, "x", "x", ELIGIBLE),
        (Operator.EQUAL, "x", "y", NOT_ELIGIBLE),
        (Operator.NOT_EQUAL, "x", "y", ELIGIBLE),
        (Operator.IN, ("x", "y"), "y", ELIGIBLE),
        (Operator.IN, ("x", "y"), "z", NOT_ELIGIBLE),
        (Operator.NOT_IN, ("x", "y"), "z", ELIGIBLE),
        (Operator.NOT_IN, ("x", "y"), "x", NOT_ELIGIBLE),
    ],
)
def test_choices(operator: Operator, value: str | tuple[str, ...], told: str, verdict: Verdict) -> None:
    assert verdict_of(criterion("kind", operator, value), told) is verdict


def test_a_yes_no_fact_can_be_wanted_false() -> None:
    rule = criterion("yes_a", value=False)
    assert (verdict_of(rule, False), verdict_of(rule, True)) == (ELIGIBLE, NOT_ELIGIBLE)


def test_somebody_becomes_75_on_the_birthday() -> None:
    rule = criterion("age", Operator.AT_LEAST, 75)
    born = Age.born(1951, 11, 25)
    assert verdict_of(rule, born, TODAY - DAY) is NOT_ELIGIBLE
    assert verdict_of(rule, born, TODAY) is ELIGIBLE


@pytest.mark.parametrize(("year", "verdict"), [(1950, ELIGIBLE), (1951, UNKNOWN), (1952, NOT_ELIGIBLE)])
def test_a_birth_year_alone_is_not_enough_in_the_year_of_the_bound(year: int, verdict: Verdict) -> None:
    assert verdict_of(criterion("age", Operator.AT_LEAST, 75), Age.born(year)) is verdict


def test_a_birth_year_at_the_bound_asks_for_more_and_a_birth_day_settles_it() -> None:
    subject = program(provision([criterion("age", Operator.AT_LEAST, 75)]))
    facts: dict[FactKey, FactValue] = {(SELF, "age"): Age.born(1951)}
    vague = judge(subject, facts, SELF, TODAY, DEFINITIONS, PARAMETERS)
    assert next_fact([vague], DEFINITIONS) == (SELF, "age")
    facts = {(SELF, "age"): Age.born(1951, 3, 2)}
    assert judge(subject, facts, SELF, TODAY, DEFINITIONS, PARAMETERS).verdict is ELIGIBLE


def test_a_parameter_is_read_on_the_day_of_the_question() -> None:
    rule = criterion("income", Operator.AT_MOST, None, parameter="line")
    assert verdict_of(rule, Decimal(2_000_000), TODAY - DAY) is NOT_ELIGIBLE
    assert verdict_of(rule, Decimal(2_000_000), TODAY) is ELIGIBLE


def test_a_factor_multiplies_the_parameter() -> None:
    rule = criterion("income", Operator.AT_MOST, None, parameter="line", factor=Decimal("1.5"))
    assert (verdict_of(rule, Decimal(3_300_000)), verdict_of(rule, Decimal(3_300_001))) == (ELIGIBLE, NOT_ELIGIBLE)


def test_a_figure_missing_on_the_day_leaves_it_open_and_asks_nothing() -> None:
    rule = criterion("income", Operator.AT_MOST, None, parameter="line")
    result = judge(
        program(provision([rule], applies_from=date(2000, 1, 1))), {}, SELF, date(2019, 1, 1), DEFINITIONS, PARAMETERS
    )
    assert (result.verdict, result.open_facts) == (UNKNOWN, ())


@pytest.mark.parametrize("told", [True, False, None])
def test_what_rests_on_memory_never_decides_and_is_never_asked(told: bool | None) -> None:
    rule = criterion("yes_a", evidence=Evidence.MEMORY)
    facts: dict[FactKey, FactValue] = {} if told is None else {(SELF, "yes_a"): told}
    result = judge(program(provision([rule])), facts, SELF, TODAY, DEFINITIONS, PARAMETERS)
    assert (result.verdict, result.open_facts) == (UNKNOWN, ())


def test_what_the_sources_leave_open_never_decides() -> None:
    assert verdict_of(criterion("yes_a", Operator.UNSETTLED), True) is UNKNOWN


def test_memory_does_not_hide_a_clear_refusal() -> None:
    rules = [criterion("yes_b", evidence=Evidence.MEMORY), criterion("yes_a")]
    result = judge(program(provision(rules)), {(SELF, "yes_a"): False}, SELF, TODAY, DEFINITIONS, PARAMETERS)
    assert result.verdict is NOT_ELIGIBLE


# Provisions


def test_one_of_several_groups_is_enough_and_needs_no_other() -> None:
    subject = program(provision(groups=[group("a", criterion("yes_a")), group("k", criterion("kind", value="x"))]))
    result = judge(subject, {(SELF, "yes_a"): True}, SELF, TODAY, DEFINITIONS, PARAMETERS)
    assert (result.verdict, result.open_facts, result.held_groups) == (ELIGIBLE, (), ("a",))
    assert [r.key for r in result.deciding] == [(SELF, "yes_a")]


def test_a_failed_group_asks_no_more_and_leaves_the_others() -> None:
    subject = program(
        provision(
            groups=[
                group("a", criterion("yes_a"), criterion("income", Operator.EQUAL, 0)),
                group("k", criterion("kind", value="x")),
            ]
        )
    )
    result = judge(subject, {(SELF, "yes_a"): False}, SELF, TODAY, DEFINITIONS, PARAMETERS)
    assert (result.verdict, result.open_facts, result.held_groups) == (UNKNOWN, ((SELF, "kind"),), ("k",))


def test_a_group_that_holds_does_not_replace_the_common_criteria() -> None:
    subject = program(provision([criterion("kind", value="x")], [group("a", criterion("yes_a"))]))
    facts: dict[FactKey, FactValue] = {(SELF, "yes_a"): True}
    assert judge(subject, facts, SELF, TODAY, DEFINITIONS, PARAMETERS).open_facts == ((SELF, "kind"),)
    refused = judge(subject, {**facts, (SELF, "kind"): "y"}, SELF, TODAY, DEFINITIONS, PARAMETERS)
    assert refused.verdict is NOT_ELIGIBLE
    assert [r.key for r in refused.deciding] == [(SELF, "kind")]


@pytest.mark.parametrize(("state", "verdict"), [(State.CLOSED, NOT_ELIGIBLE), (State.PENDING, UNKNOWN)])
def test_closed_refuses_and_pending_stays_open_whatever_is_told(state: State, verdict: Verdict) -> None:
    subject = program(provision([criterion("yes_a")], state=state))
    result = judge(subject, {(SELF, "yes_a"): True}, SELF, TODAY, DEFINITIONS, PARAMETERS)
    assert (result.verdict, result.open_facts) == (verdict, ())


def test_a_provision_without_criteria_entitles_nobody_by_itself() -> None:
    assert judge(program(provision()), {}, SELF, TODAY, DEFINITIONS, PARAMETERS).verdict is UNKNOWN


def test_the_provision_of_the_day_is_read_on_both_sides_of_a_change() -> None:
    old = provision(
        [criterion("age", Operator.AT_LEAST, 80)], key="cu", applies_from=date(2021, 7, 1), applies_to=date(2025, 6, 30)
    )
    new = provision([criterion("age", Operator.AT_LEAST, 75)], key="moi", applies_from=date(2025, 7, 1))
    subject = program(old, new)
    facts: dict[FactKey, FactValue] = {(SELF, "age"): Age.born(1947, 1, 1)}

    def on(day: date) -> tuple[str | None, Verdict]:
        result = judge(subject, facts, SELF, day, DEFINITIONS, PARAMETERS)
        return result.provision.key if result.provision else None, result.verdict

    assert on(date(2021, 6, 30)) == (None, NOT_ELIGIBLE)
    assert on(date(2021, 7, 1)) == ("cu", NOT_ELIGIBLE)
    assert on(date(2025, 6, 30)) == ("cu", NOT_ELIGIBLE)
    assert on(date(2025, 7, 1)) == ("moi", ELIGIBLE)


# Household and members


def test_a_person_program_is_judged_for_each_member_and_a_household_program_once() -> None:
    person = program(provision([criterion("age", Operator.AT_LEAST, 75)]), id="person")
    household = program(provision([criterion("class", value="poor")]), id="household", scope=Scope.HOUSEHOLD)
    facts: dict[FactKey, FactValue] = {
        ("mother", "age"): Age.of_years(76, TODAY),
        (SELF, "age"): Age.of_years(40, TODAY),
        (None, "class"): "poor",
    }
    results = judge_all([person, household], facts, ["mother", SELF])
    assert [(r.program.id, r.member, r.verdict) for r in results] == [
        ("person", "mother", ELIGIBLE),
        ("person", SELF, NOT_ELIGIBLE),
        ("household", None, ELIGIBLE),
    ]


def test_nobody_named_means_the_citizen() -> None:
    subject = program(provision([criterion("age", Operator.AT_LEAST, 75)]))
    assert [r.member for r in judge_all([subject], {}, [])] == [SELF]


def test_a_household_fact_is_asked_once_for_all_its_members() -> None:
    subject = program(provision([criterion("class", value="poor")]))
    results = judge_all([subject], {}, ["mother", "father"])
    assert {key for r in results for key in r.open_facts} == {(None, "class")}
    told = judge_all([subject], {(None, "class"): "poor"}, ["mother", "father"])
    assert {r.verdict for r in told} == {ELIGIBLE}


def test_one_member_s_fact_says_nothing_of_another() -> None:
    subject = program(provision([criterion("yes_a")]))
    facts: dict[FactKey, FactValue] = {("mother", "yes_a"): True}
    assert judge(subject, facts, "father", TODAY, DEFINITIONS, PARAMETERS).verdict is UNKNOWN


# What to ask next


def test_the_question_that_settles_most_comes_first() -> None:
    programs = [
        program(provision([criterion("yes_a"), criterion("kind", value="x")]), id="1"),
        program(provision([criterion("yes_a"), criterion("size", Operator.AT_LEAST, 2)]), id="2"),
    ]
    results = judge_all(programs, {}, [SELF])
    assert next_fact(results, DEFINITIONS) == (SELF, "yes_a")


def test_what_the_citizen_does_not_know_or_cannot_be_asked_is_passed_over() -> None:
    subject = program(provision([criterion("hidden"), criterion("yes_a"), criterion("yes_b")]))
    results = judge_all([subject], {}, [SELF])
    declined = frozenset({(SELF, "yes_a")})
    assert next_fact(results, DEFINITIONS, declined) == (None, "yes_b")
    assert next_fact(results, DEFINITIONS, declined | {(None, "yes_b")}) is None


# Properties over random rules and people


@dataclass(frozen=True)
class World:
    programs: list[Program]
    parameters: Mapping[str, Parameter]
    members: list[str]
    truth: dict[FactKey, FactValue]


def _criteria() -> st.SearchStrategy[Criterion]:
    words = st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL])
    numbers = st.sampled_from(
        [Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST, Operator.EQUAL, Operator.NOT_EQUAL]
    )
    sets = st.sampled_from([Operator.IN, Operator.NOT_IN])
    evidence = st.sampled_from([Evidence.TEXT, Evidence.PRESS, Evidence.TEXT, Evidence.MEMORY])
    one = st.one_of(
        st.tuples(st.sampled_from(["yes_a", "yes_b", "hidden"]), words, st.booleans()),
        st.tuples(st.just("kind"), words, st.sampled_from("xyz")),
        st.tuples(st.just("kind"), sets, st.lists(st.sampled_from("xyz"), max_size=2).map(tuple)),
        st.tuples(st.just("class"), words, st.sampled_from(["poor", "other"])),
        st.tuples(st.just("age"), numbers, st.sampled_from([16, 60, 75, 80])),
        st.tuples(st.just("size"), numbers, st.integers(0, 4)),
        st.tuples(st.just("income"), numbers, st.sampled_from([0, 1_500_000, None])),
        st.tuples(st.sampled_from(["yes_a", "kind"]), st.just(Operator.UNSETTLED), st.none()),
    )

    def make(row: tuple[str, Operator, object], how: Evidence) -> Criterion:
        name, operator, value = row
        by_parameter = "line" if name == "income" and value is None else None
        return criterion(name, operator, value, how, parameter=by_parameter)

    return st.builds(make, one, evidence)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    numbers = count()
    programs = []
    for _ in range(draw(st.integers(1, 4))):
        common = draw(st.lists(_criteria(), max_size=3))
        groups = [
            group(str(n), *draw(st.lists(_criteria(), min_size=1, max_size=3))) for n in range(draw(st.integers(0, 3)))
        ]
        state = draw(st.sampled_from([State.OPEN] * 6 + [State.CLOSED, State.PENDING]))
        programs.append(
            program(
                provision(common, groups, state),
                id=f"p{next(numbers)}",
                scope=draw(st.sampled_from([Scope.PERSON, Scope.HOUSEHOLD])),
            )
        )
    members = draw(st.lists(st.sampled_from([SELF, "mother", "child"]), min_size=1, max_size=3, unique=True))
    truth: dict[FactKey, FactValue] = {}
    for definition in DEFINITIONS.values():
        whose = [None] if definition.scope is Scope.HOUSEHOLD else {*members, SELF}
        for member in whose:
            truth[(member, definition.id)] = draw(_true_values(definition))
    return World(programs, PARAMETERS, members, truth)


def _true_values(definition: FactDefinition) -> st.SearchStrategy[FactValue]:
    match definition.type:
        case FactType.AGE:
            years = st.sampled_from([0, 15, 16, 17, 59, 60, 74, 75, 76, 80, 99])
            exact = years.map(lambda y: Age.of_years(y, TODAY))
            return exact | st.dates(date(1940, 1, 1), TODAY).map(lambda d: Age(d, d))
        case FactType.CHOICE:
            return st.sampled_from([choice.id for choice in definition.choices])
        case FactType.NUMBER:
            return st.integers(0, 5).map(Decimal)
        case FactType.MONEY:
            return st.sampled_from([0, 1, 1_499_999, 1_500_000, 2_200_000, 9_000_000]).map(Decimal)
        case _:
            return st.booleans()


def judged(world: World, facts: Mapping[FactKey, FactValue]) -> list[Judgement]:
    return Rules(world.programs, TODAY, DEFINITIONS, world.parameters).judge(facts, world.members)


def verdicts(results: list[Judgement]) -> list[Verdict]:
    return [r.verdict for r in results]


@given(worlds())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_asking_only_the_next_fact_gives_the_same_verdicts_as_asking_everything(world: World) -> None:
    facts: dict[FactKey, FactValue] = {}
    while (key := next_fact(judged(world, facts), DEFINITIONS)) is not None:
        assert key not in facts, f"asked twice: {key}"
        assert DEFINITIONS[key[1]].askable
        facts[key] = world.truth[key]
    everything = {key: value for key, value in world.truth.items() if DEFINITIONS[key[1]].askable}
    assert verdicts(judged(world, facts)) == verdicts(judged(world, everything))


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_settled_verdict_stays_whatever_else_is_told(world: World, order: object) -> None:
    keys = [*world.truth]
    order.shuffle(keys)  # type: ignore[attr-defined]  # hypothesis hands out random.Random
    facts: dict[FactKey, FactValue] = {}
    before = judged(world, facts)
    for key in keys:
        facts[key] = world.truth[key]
        after = judged(world, facts)
        for old, new in zip(before, after, strict=True):
            assert old.verdict in (UNKNOWN, new.verdict)
        before = after


@given(worlds(), st.data())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_fact_that_is_not_open_changes_no_verdict(world: World, data: st.DataObject) -> None:
    told = data.draw(st.sets(st.sampled_from(sorted(world.truth, key=str))))
    facts = {key: world.truth[key] for key in told}
    for result in judged(world, facts):
        for key in set(world.truth) - told - set(result.open_facts):
            if key[1] == "hidden":
                continue
            more = {**facts, key: world.truth[key]}
            again = judge(result.program, more, result.member, TODAY, DEFINITIONS, world.parameters)
            assert again.verdict is result.verdict


@given(worlds())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_imagining_an_answer_gives_the_verdict_of_being_told_it(world: World) -> None:
    keys = [*world.truth]
    facts = {key: world.truth[key] for key in keys[::2]}
    for result in judged(world, facts):
        for key in keys[1::2]:
            more = {**facts, key: world.truth[key]}
            again = judge(result.program, more, result.member, TODAY, DEFINITIONS, world.parameters)
            if result.provision and result.provision.state is State.OPEN and (result.common or result.groups):
                assert verdict_if(result, key, world.truth[key]) is again.verdict


@given(worlds())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_judging_is_pure(world: World) -> None:
    facts = deepcopy(world.truth)
    first, second = judged(world, facts), judged(world, facts)
    assert first == second
    assert facts == world.truth


@given(worlds())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_settled_verdict_names_the_criteria_it_rests_on(world: World) -> None:
    for result in judged(world, world.truth):
        if result.provision is None or result.provision.state is not State.OPEN:
            continue
        held = {r.verdict for r in result.deciding}
        match result.verdict:
            case Verdict.ELIGIBLE:
                assert held == {ELIGIBLE}
            case Verdict.NOT_ELIGIBLE:
                assert held == {NOT_ELIGIBLE}
            case Verdict.UNKNOWN:
                assert held <= {UNKNOWN}


# The project's own data


@given(st.data())
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_on_the_published_rows_asking_stops_and_misses_nothing(published: Snapshot, data: st.DataObject) -> None:
    truth: dict[FactKey, FactValue] = {}

    def told(key: FactKey) -> FactValue:
        if key not in truth:
            definition = published.facts[key[1]]
            if definition.type is FactType.COMMUNE:
                truth[key] = data.draw(st.sampled_from(sorted(published.communes)))
            else:
                truth[key] = data.draw(_true_values(definition))
        return truth[key]

    facts: dict[FactKey, FactValue] = {}

    def known() -> dict[FactKey, FactValue]:
        return assume_by_age(derive(facts, published.facts, published.communes), published.facts, TODAY)

    def now() -> list[Judgement]:
        return published.rules(TODAY).judge(known(), [SELF])

    while (key := next_fact(now(), published.facts)) is not None:
        assert key not in known()
        facts[key] = told(key)
    short = verdicts(now())
    for definition in published.facts.values():
        key = (None if definition.scope is Scope.HOUSEHOLD else SELF, definition.id)
        before = known()
        if definition.askable and key not in before:
            facts[key] = told(key)
            # A true household does not contradict what follows from its answers or its age.
            if any(known()[each] != value for each, value in before.items()):
                del facts[key]
    assert short == verdicts(now())
