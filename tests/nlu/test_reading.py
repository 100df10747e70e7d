from __future__ import annotations

from bot.nlu.reading import Chances, Piece, Sentence, asks, read

BENEFIT, DOCUMENTS = "ask_benefit", "ask_documents"


def piece(ask: float, benefit: float, at: int = 0) -> Piece:
    return Piece((at, at + 1), {"ask": ask, "inform": 1 - ask}, {BENEFIT: benefit, DOCUMENTS: 1 - benefit})


def sentence(ask: float, benefit: float, *clauses: Piece, marked: bool = False, at: int = 0) -> Sentence:
    given = piece(ask, benefit, at)
    return Sentence(given.span, given.acts, given.aspects, [*clauses] or [given], marked)


def aspect(chances: Chances) -> str:
    return max(chances, key=lambda name: chances[name])


def test_facts_around_the_ask_do_not_drown_it() -> None:
    facts, ask = sentence(0.1, 0.9), sentence(0.9, 0.1, marked=True)
    acts, aspects = read(piece(0.4, 0.8), [facts, ask, facts])
    assert acts["ask"] > acts["inform"]
    assert aspect(aspects) == DOCUMENTS


def test_the_first_of_two_asks_is_the_one_to_answer() -> None:
    _, aspects = read(piece(0.9, 0.5), [sentence(0.8, 0.9), sentence(0.9, 0.05)])
    assert aspect(aspects) == BENEFIT


def test_a_faint_ask_before_a_clear_one_does_not_count() -> None:
    _, aspects = read(piece(0.9, 0.5), [sentence(0.4, 0.6), sentence(0.9, 0.05)])
    assert aspect(aspects) == DOCUMENTS


def test_the_first_asking_clause_tips_the_scales() -> None:
    clauses = [piece(0.1, 0.1), piece(0.9, 0.9), piece(0.9, 0.1)]
    _, aspects = read(piece(0.9, 0.4), [sentence(0.9, 0.4, *clauses)])
    assert aspect(aspects) == BENEFIT


def test_one_sentence_is_read_as_the_whole() -> None:
    acts, _ = read(piece(0.3, 0.5), [sentence(0.9, 0.5)])
    assert acts == {"ask": 0.3, "inform": 0.7}


def test_asks_are_told_in_order_and_facts_left_out() -> None:
    found = asks([sentence(0.1, 0.9, at=0), sentence(0.9, 0.9, at=10), sentence(0.9, 0.1, at=20)])
    assert [each.span[0] for each in found] == [10, 20]


def test_clauses_that_ask_different_things_are_asks_of_their_own() -> None:
    clauses = [piece(0.9, 0.9, at=1), piece(0.9, 0.1, at=2)]
    assert [each.span[0] for each in asks([sentence(0.9, 0.5, *clauses)])] == [1, 2]


def test_clauses_that_ask_for_one_aspect_are_two_asks_as_they_may_be_about_two_things() -> None:
    clauses = [piece(0.9, 0.9, at=1), piece(0.9, 0.8, at=2)]
    assert [each.span[0] for each in asks([sentence(0.9, 0.9, *clauses)])] == [1, 2]


def test_a_sentence_with_one_asking_clause_is_one_ask() -> None:
    clauses = [piece(0.1, 0.9, at=1), piece(0.9, 0.8, at=2)]
    assert [each.span[0] for each in asks([sentence(0.9, 0.9, *clauses)])] == [0]
