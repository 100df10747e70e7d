from bot.knowledge.derive import derive
from bot.knowledge.domain import Choice, FactType, Scope
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.rows import fact


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
    assert facts[("child", "level")] == "none" and facts[(None, "in_school")] is False
    assert derive({("child", "is_student"): True}, definitions, {}) == {("child", "is_student"): True}


def test_deriving_changes_nothing_it_is_given(small: Snapshot) -> None:
    told = {(None, "commune"): "ba_to"}
    derive(told, small.facts, small.communes)
    assert told == {(None, "commune"): "ba_to"}
