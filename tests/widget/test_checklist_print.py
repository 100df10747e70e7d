"""Each program's checklist, and that of a screening, is printed on one page of A4."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from bot.channels.web import pages
from bot.channels.web.templates import render
from bot.conversation.messages import full_answer
from bot.knowledge.answer import Reply
from bot.knowledge.case import SCREENING, Case
from bot.knowledge.checklist import checklist, has_checklist
from bot.knowledge.derive import assume_by_age, derive
from bot.knowledge.dialogue.policy import answer_program
from bot.knowledge.dialogue.results import result
from bot.knowledge.domain import Aspect
from bot.knowledge.households import make_households
from bot.knowledge.repository import snapshot_from_files
from bot.knowledge.snapshot import Snapshot
from tools.bootstrap import ROOT

DAY = dt.date(2026, 11, 25)
STYLE = (Path(pages.__file__).with_name("static") / "checklist.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def published() -> Snapshot:
    return snapshot_from_files(ROOT / "data")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def printed(page: Page, reply: Reply, snapshot: Snapshot) -> int:
    """How many pages the checklist of a reply takes; 0 where it has none."""
    answer: dict[str, Any] = full_answer(reply.to_json()["answer"])
    if not has_checklist(answer):
        return 0
    html = render("checklist.html", sheet=checklist(answer, snapshot), last_day=DAY)
    styled, links = re.subn(r"<link[^>]*stylesheet[^>]*>", f"<style>{STYLE}</style>", html)
    assert links == 1
    page.set_content(styled)
    return pages_of(page)


def pages_of(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def test_of_each_program(page: Page, published: Snapshot) -> None:
    taken = {
        program.id: printed(page, answer_program(program, Aspect.ELIGIBILITY, DAY, DAY, published), published)
        for program in published.programs.values()
    }
    assert sum(taken.values()) >= 60
    assert {program for program, count in taken.items() if count > 1} == set()


def test_of_a_screening(page: Page, published: Snapshot) -> None:
    taken = []
    for household in make_households(published, 30, DAY, seed=11):
        facts = assume_by_age(derive(household.truth, published.facts, published.communes), published.facts, DAY)
        judged = published.rules(DAY).judge(facts, [household.member], lambda program: program.screened)
        case = Case(household.truth, members=(household.member,), goal=SCREENING, subjects=(household.member,))
        taken.append(printed(page, result(judged, case, DAY, DAY, published), published))
    assert taken == [1] * 30


def test_a_longer_text_takes_more_pages(page: Page) -> None:
    page.set_content("<p style='height: 250mm'>một</p><p style='height: 250mm'>hai</p>")
    assert pages_of(page) == 2
