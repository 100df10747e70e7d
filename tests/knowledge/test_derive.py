from datetime import date

from bot.knowledge.derive import assume_by_age, derive
from bot.knowledge.domain import Choice, FactType, Scope
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import Age, FactKey, FactValue
from tests.knowledge.rows import TODAY, fact


def test_the_commune_tells_area_and_island_where_known(small: Snapshot) -> None:
    facts = derive({(None, "commune"): "ba_to"}, small.facts, small.communes)
    assert facts == {(None, "commune"): "ba_to", (None, "area"): "rural", (None, "island"): False}


def test_what_the_research_does_not_know_of_a_commune_stays_open(small: Snapshot) -> None:
    assert (None, "area") not in derive({(None, "commune"): "ly_son"}, small.facts, small.communes)


def test_what_the_citizen_states_wins_over_what_follows(small: Snapshot) -> None:
    facts = derive({(None, "commune"): "ba_to", (None, "area"): "urban"}, small.facts, small.communes)
    assert facts[(None, "area")] == "urban"


def test_an_unknown_commune_tells_nothing(small: Snapshot) -> None:
    assert derive({(None, "commune"): "x"}, small.facts, small.communes) == {(None, "commune"): "x"}


def test_an_answer_implies_others_for_the_same_member_or_the_household() -> None:
    definitions = {
        d.id: d
        for d in (
            fact("is_student", implies={"false": {"level": "none", "in_school": False}}),
            fact("level", FactType.CHOICE, choices=(Choice("none", "Không"),)),
            fact("in_school", scope=Scope.HOUSEHOLD),
        )
    }
    facts = derive({("child", "is_student"): False}, definitions, {})
    assert facts[("child", "level")] == "none"
    assert facts[(None, "in_school")] is False
    assert derive({("child", "is_student"): True}, definitions, {}) == {("child", "is_student"): True}


def test_deriving_changes_nothing_it_is_given(small: Snapshot) -> None:
    told: dict[FactKey, FactValue] = {(None, "commune"): "ba_to"}
    derive(told, small.facts, small.communes)
    assert told == {(None, "commune"): "ba_to"}


def test_age_settles_what_only_others_are_asked_and_only_beyond_the_bound() -> None:
    definitions = {"pregnant": fact("pregnant", min_age=14, max_age=50, otherwise=False)}

    def assumed(age: Age) -> object:
        return assume_by_age({("mother", "age"): age}, definitions, TODAY).get(("mother", "pregnant"))

    assert [assumed(Age.of_years(years, TODAY)) for years in (13, 14, 50, 51)] == [False, None, None, False]
    assert assumed(Age(date(1975, 1, 1), date(1976, 12, 31))) is None


def test_what_is_stated_wins_over_what_age_makes_likely() -> None:
    definitions = {"pregnant": fact("pregnant", min_age=14, max_age=50, otherwise=False)}
    told: dict[FactKey, FactValue] = {("mother", "age"): Age.of_years(51, TODAY), ("mother", "pregnant"): True}
    assert assume_by_age(told, definitions, TODAY) == told
