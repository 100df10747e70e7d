"""What a picture shows, and that taking it leaves the page as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from pictures.camera import LONGEST, MARGIN, MOST_BYTES, Camera
from tests.widget.conftest import browser

__all__ = ["browser"]

WIDTH = 600
FORM = f"""
<body style="margin: 0"><main style="width: {WIDTH}px; margin: 40px">
<h1 style="margin: 0; height: 50px">Một trang</h1>
<form><input type="date" value="2026-07-01"><input type="datetime-local" value="2026-07-01T08:30"></form>
<p style="height: 1000px">Dài</p></main></body>
"""


@pytest.fixture
def camera(browser: Browser, tmp_path: Path) -> Camera:
    return Camera(browser, "about:blank", tmp_path)


@pytest.fixture
def page(camera: Camera) -> Iterator[Page]:
    page = camera.open("")
    page.set_content(FORM)
    yield page
    page.context.close()


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def test_a_picture_shows_the_content_as_far_as_fits(camera: Camera, page: Page, tmp_path: Path) -> None:
    camera.take(page, "whole")
    content = (tmp_path / "whole.webp").read_bytes()
    assert len(content) <= MOST_BYTES
    assert size(tmp_path / "whole.webp") == (WIDTH + 2 * MARGIN, LONGEST)


def test_a_picture_ends_where_it_is_told(camera: Camera, page: Page, tmp_path: Path) -> None:
    page.evaluate("scrollTo(0, 30)")
    camera.take(page, "part", end=page.locator("h1"))
    assert size(tmp_path / "part.webp") == (WIDTH + 2 * MARGIN, 50 + MARGIN)


def test_days_are_shown_as_in_vietnam_and_the_fields_stay_what_they_were(camera: Camera, page: Page) -> None:
    seen: list[list[str]] = []
    page.expose_function("note", lambda *values: seen.append(list(values)))
    page.evaluate(
        "new MutationObserver(() => note(...[...document.forms[0]].map((each) => each.value)))"
        ".observe(document.forms[0], {subtree: true, attributes: true})"
    )
    camera.take(page, "days")
    assert ["01/07/2026", "01/07/2026, 08:30"] in seen
    fields = page.locator("input").evaluate_all("all => all.map((each) => [each.type, each.value])")
    assert fields == [["date", "2026-07-01"], ["datetime-local", "2026-07-01T08:30"]]
