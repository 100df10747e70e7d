"""A reviewer in a real Chromium trains a model, compares, has it answer and goes back, while citizens keep asking."""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from bot.console import people
from bot.console.models import OfficerRow
from bot.console.people import By
from bot.console.roles import Role
from bot.conversation.review import phrases
from bot.conversation.review.targets import Target
from bot.knowledge.db import make_engine
from bot.knowledge.domain import Learned
from bot.nlu.archive import FOLDER, digest_path
from tests.console.browser.test_pages import DESKTOP, Looker, heading, press, sign_in
from tests.console.conftest import PASSWORD
from tests.e2e.running import ROOT, AnSinh, Talk
from tests.widget.conftest import NewPage, browser, new_page

__all__ = ["browser", "new_page"]

PHRASE = "lịch chiếu phim tối nay ở rạp"
GOLDEN = """
- {id: a, text: "Vay vốn làm nhà được bao nhiêu?", topic: credit, aspect: benefit, coverable: true, variant: clean}
- {id: b, text: "Giá vàng hôm nay bao nhiêu?", topic: null, aspect: null, coverable: false, variant: clean}
"""
STORIES = """
stories:
  - story: greet
    steps:
      - user: |
          xin chào
        intent: greet
      - action: action_social
"""
PAGE_MS = 60_000
TRAIN_MS = 1_500_000
SWAP_MS = 300_000


@pytest.fixture(scope="module")
def an_sinh() -> Iterator[AnSinh]:
    """One of its own, as its model is replaced; it checks a model with few questions."""
    with tempfile.TemporaryDirectory(prefix="ansinh-retraining-") as name:
        folder = Path(name)
        for kind, text in (("golden", GOLDEN), ("stories", STORIES)):
            (folder / "checks" / kind).mkdir(parents=True)
            (folder / "checks" / kind / "few.yml").write_text(text, encoding="utf-8")
        given = {
            "ANSINH_TRAINING_FOLDER": str(folder / "training"),
            "ANSINH_TRAINING_CHECKS": str(folder / "checks"),
            # Its citizens ask without a pause.
            "ANSINH_RATE_SESSION_MESSAGES": "6000/minute",
        }
        with AnSinh(folder, **given) as running:
            try:
                _prepare(running)
                yield running
                running.stop()
                assert running.pids() == []
            finally:
                for (model,) in running.rows("SELECT DISTINCT model FROM training_run WHERE model IS NOT NULL"):
                    for path in (ROOT / FOLDER / model, digest_path(ROOT / FOLDER / model)):
                        path.unlink(missing_ok=True)


def _prepare(running: AnSinh) -> None:
    """A reviewer, and a phrasing that was taught."""
    engine = make_engine(f"sqlite:///{running.database}")
    now = dt.datetime.now(dt.UTC)
    with Session(engine) as db, db.begin():
        people.create(db, By("(dòng lệnh)", now), "lan.pham", "Phạm Thị Lan", [Role.REVIEWER], PASSWORD)
        db.get_one(OfficerRow, "lan.pham").must_change_password = False
        phrases.learn(db, PHRASE, Target(Learned.OUT_OF_SCOPE), "lan.pham", now)
    engine.dispose()


class Citizens:
    """Several citizens who ask one question after the other; ``statuses`` counts what became of the questions."""

    def __init__(self, address: str) -> None:
        self.statuses: Counter[str] = Counter()
        self.faults: list[str] = []
        self._address = address
        self._ended = threading.Event()

    @contextmanager
    def asking(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ended.set()
            for thread in threads:
                thread.join(60)

    def _ask(self) -> None:
        try:
            talk = Talk(self._address)
            for number in itertools.count():
                if self._ended.is_set():
                    return
                replies = talk.say(f"Ai được hưởng trợ cấp hưu trí xã hội? Lần {number}")
                self.statuses[replies[0]["answer"]["status"]] += 1
        except Exception as error:  # noqa: BLE001 - whatever went wrong is a turn that was lost
            self.faults.append(repr(error))


def models(running: AnSinh) -> set[str | None]:
    """The models of the last turns."""
    return {model for (model,) in running.rows("SELECT model_version FROM turn_log ORDER BY asked_at DESC LIMIT 3")}


def wait_answering(page: Page, named: str) -> None:
    expect(page.locator("#model").get_by_role("status")).to_contain_text(named, timeout=SWAP_MS)


def test_from_a_taught_phrasing_to_a_new_model_and_back(an_sinh: AnSinh, new_page: NewPage) -> None:
    look = Looker("training")
    page = new_page(f"{an_sinh.address}/console/training", viewport=DESKTOP, bypass_csp=True)
    # The first page reads all rows, and the machine may have other things to do.
    page.set_default_timeout(PAGE_MS)
    expect.set_options(PAGE_MS)
    sign_in(page, PASSWORD)
    heading(page, "Huấn luyện")
    wait_answering(page, "Mô hình có sẵn khi cài đặt")
    expect(page.get_by_role("row", name=PHRASE)).to_contain_text("lan.pham")
    look(page, "start")
    press(page, "Huấn luyện mô hình mới")
    heading(page, "Lần huấn luyện số 1")
    expect(page.get_by_text("Huấn luyện mô hình mới").first).to_be_visible(timeout=SWAP_MS)
    look(page, "running")
    expect(page.locator("#progress").get_by_role("status")).to_have_text("Đạt", timeout=TRAIN_MS)
    page.get_by_role("link", name="Xem kết quả so sánh").click()
    expect(page.get_by_role("row", name="Bộ câu hỏi mẫu 2")).to_be_visible()
    expect(page.get_by_role("row", name="Câu chuyện mẫu 1 1 1")).to_be_visible()
    look(page, "compared")

    ((old,),) = an_sinh.rows("SELECT model FROM model_use")
    ((new,),) = an_sinh.rows("SELECT model FROM training_run")
    rasa = an_sinh.pid("rasa")
    citizens = Citizens(an_sinh.address)
    with citizens.asking():
        press(page, "Đưa mô hình mới vào dùng")
        heading(page, "Huấn luyện")
        wait_answering(page, "Lần huấn luyện số 1")
        asked = sum(citizens.statuses.values())
        page.wait_for_timeout(5000)
    assert citizens.faults == []
    assert set(citizens.statuses) == {"answered"}, citizens.statuses
    assert sum(citizens.statuses.values()) > asked > 0
    assert models(an_sinh) == {new}
    assert an_sinh.pid("rasa") == rasa, "what watches over the workers goes on"
    look(page, "promoted")

    page.reload()
    press(page, "Quay lại mô hình có sẵn khi cài đặt")
    wait_answering(page, "Mô hình có sẵn khi cài đặt")
    Talk(an_sinh.address).say("Hộ nghèo được hỗ trợ gì về nhà ở?")
    assert old in models(an_sinh)
    acts = an_sinh.rows("SELECT action, officer FROM audit WHERE kind IN ('model', 'training_run') ORDER BY id")
    assert acts == [("train", "lan.pham"), ("promote", "lan.pham"), ("back", "lan.pham")]
