"""A Chromium that officers and citizens use, and pictures of what they see."""

from __future__ import annotations

import base64
import contextlib
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Locator, Page, ViewportSize, expect, sync_playwright

from tools.bootstrap import ROOT
from tools.say import Stop

CONSOLE = ROOT / "docs" / "huong-dan" / "bang-dieu-khien" / "pictures"
PAGE = ROOT / "docs" / "images" / "conversation.png"
DESK: ViewportSize = {"width": 1024, "height": 900}
TELEPHONE: ViewportSize = {"width": 400, "height": 800}
LONGEST = 720
"""A picture in a guide shows no more of a page than so many pixels: what matters stands on top."""
MARGIN = 16
MOST_BYTES = 60_000
QUALITIES = (80, 60, 40, 25)
TIMEOUT_MS = 60_000
# A server's Chromium knows no Vietnamese, and writes the days of form fields as Americans do.
_DATES_AS_IN_VIETNAM = """
for (const field of document.querySelectorAll("input[type=date], input[type=datetime-local]")) {
  field.dataset.was = JSON.stringify([field.type, field.value]);
  const [day, time] = field.value.split("T");
  const withTime = field.type === "datetime-local";
  field.type = "text";
  field.placeholder = withTime ? "dd/mm/yyyy, --:--" : "dd/mm/yyyy";
  field.value = [day && day.split("-").reverse().join("/"), time].filter(Boolean).join(", ");
}
"""
_DATES_AS_BEFORE = """
for (const field of document.querySelectorAll("input[data-was]"))
  [field.type, field.value] = JSON.parse(field.dataset.was);
"""
LANGUAGE = "vi-VN"


class Camera:
    """Browsers without a past, and pictures of their pages in `folder`."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self.address = address
        self._browser = browser
        self._folder = folder

    def open(self, path: str, size: ViewportSize = DESK, scale: float = 1) -> Page:
        """The page at `path` in a browser of its own; what is waited for may take a minute."""
        context = self._browser.new_context(
            viewport=size, device_scale_factor=scale, locale=LANGUAGE, color_scheme="light", reduced_motion="reduce"
        )
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        page.goto(self.address + path)
        return page

    def take(self, page: Page, name: str, *, start: Locator | None = None, end: Locator | None = None) -> None:
        """`name`.webp of the page's content from `start` to the end of `end`, or from its top as far as fits."""
        page.evaluate(_DATES_AS_IN_VIETNAM)
        whole = _box(page.locator("main"))
        top = _box(start)["y"] - MARGIN if start else whole["y"]
        bottom = whole["y"] + whole["height"]
        if end:
            last = _box(end)
            bottom = last["y"] + last["height"] + MARGIN
        scrolled = page.evaluate("window.scrollY")
        left, width = whole["x"] - MARGIN, whole["width"] + 2 * MARGIN
        clip = {"x": left, "y": top + scrolled, "width": width, "height": min(bottom - top, LONGEST), "scale": 1}
        session = page.context.new_cdp_session(page)
        for quality in QUALITIES:
            given = {"format": "webp", "quality": quality, "clip": clip, "captureBeyondViewport": True}
            taken = session.send("Page.captureScreenshot", given)
            content = base64.b64decode(taken["data"])
            if len(content) <= MOST_BYTES:
                break
        session.detach()
        page.evaluate(_DATES_AS_BEFORE)
        (self._folder / f"{name}.webp").write_bytes(content)


def take_telephone(page: Page) -> None:
    """The picture of the README: what a citizen's telephone shows, in a few colours."""
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image.quantize(64, dither=Image.Dither.NONE).save(PAGE, optimize=True)


def _box(locator: Locator) -> FloatRect:
    found = locator.first.bounding_box()
    assert found is not None
    return found


@contextlib.contextmanager
def camera(address: str) -> Iterator[Camera]:
    """A camera in front of An Sinh at `address`, for the guide of the console; raises Stop without a Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        raise Stop(
            "Cần Chromium để chụp ảnh: apt-get install chromium.",
            "Pictures need Chromium: apt-get install chromium.",
        )
    expect.set_options(timeout=TIMEOUT_MS)
    with sync_playwright() as playwright:
        # As root, and in a container, Chromium's own sandbox cannot start.
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield Camera(browser, address, CONSOLE)
        finally:
            browser.close()
