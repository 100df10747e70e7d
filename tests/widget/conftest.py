"""A real gateway with the built widget in front of a fake Rasa, and a real Chromium."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.widget.site import Site
from tools.bootstrap import ROOT
from tools.frontend import WIDGET

PHONE: ViewportSize = {"width": 360, "height": 640}
DESKTOP: ViewportSize = {"width": 1100, "height": 800}

# As root, and in a container, Chromium's own sandbox cannot start.
ARGUMENTS = ["--no-sandbox"]

NewPage = Callable[..., Page]


def need(condition: bool, what: str) -> None:
    """Skips a test for want of ``what``; in CI that is a failure."""
    if not condition and os.environ.get("CI") == "true":
        pytest.fail(what)
    if not condition:
        pytest.skip(what)


def _chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), "")


# Per module: as long as Playwright runs, its event loop keeps others from this thread, and so asynchronous tests.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of this machine; nothing is downloaded."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    need(bool(found), "no Chromium on PATH: install it, e.g. apt-get install chromium")
    need(WIDGET.is_built(ROOT), "the widget is not built: run make widget")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def profile(browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A profile that lets frames of other sites keep something; the other contexts are as strict as private windows."""
    preferences = tmp_path / "profile" / "Default" / "Preferences"
    preferences.parent.mkdir(parents=True)
    allowed = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}
    preferences.write_text(json.dumps(allowed), encoding="utf-8")
    context = browser.browser_type.launch_persistent_context(
        tmp_path / "profile", executable_path=_chromium(), args=ARGUMENTS, locale="vi-VN", viewport=DESKTOP
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A gateway of this test alone."""
    with Site(tmp_path) as site:
        yield site
        assert site.rasa.violations == []


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens an address; at the end no watched page may have had an error or broken its Content-Security-Policy."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(
        address: str, *, context: BrowserContext | None = None, script: str = "", watch: bool = True, **settings: object
    ) -> Page:
        if context is None:
            given = {"viewport": PHONE, "locale": "vi-VN", "reduced_motion": "reduce", **settings}
            context = browser.new_context(**given)  # type: ignore[arg-type]
            context.set_default_timeout(10_000)
            contexts.append(context)
        page = context.new_page()
        if watch:
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda said: faults.append(said.text) if _is_fault(said.type, said.text) else None)
        if script:
            page.add_init_script(script)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def _is_fault(kind: str, text: str) -> bool:
    # A test of lost connections or refusals has failed requests; that the browser notes them is no fault.
    return kind in {"error", "warning"} and not text.startswith("Failed to load resource")


@pytest.fixture
def chat(site: Site, new_page: NewPage) -> Page:
    """The full page on a phone, with the notice accepted."""
    page = new_page(site.address)
    begin(page)
    return page


def begin(page: Page) -> None:
    """Accepts the notice."""
    page.get_by_role("button", name="Em hiểu rồi, bắt đầu hỏi").click()
    page.get_by_text("Dạ em chào").wait_for()


def ask(page: Page, text: str, answers: int = 1) -> None:
    """Types, sends and waits for so many answers."""
    count = page.get_by_role("article").count()
    say(page, text)
    expect(page.get_by_role("article")).to_have_count(count + answers)
    expect(page.locator(".typing")).to_have_count(0)


def say(page: Page, text: str) -> None:
    """Types and sends."""
    page.get_by_label("Câu hỏi của mình").fill(text)
    page.get_by_role("button", name="Gửi", exact=True).click()
