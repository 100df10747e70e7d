"""The page itself: its weight, its policy, whom it calls, how it looks at both sizes."""

from __future__ import annotations

import pytest
import yaml

from tests.widget import answers
from tests.widget.conftest import DESKTOP, PHONE, NewPage, ask, begin
from tests.widget.site import Site
from tools.bootstrap import ROOT

WEIGHT = 45 * 1024
"""Bytes that a browser may receive for the widget in all."""

LOOKS: dict[str, dict[str, object]] = {
    "phone": {"viewport": PHONE},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
    "phone-contrast": {"viewport": PHONE, "theme": "contrast"},
    "phone-large": {"viewport": PHONE, "size": "200"},
    "desktop": {"viewport": DESKTOP},
    "desktop-dark": {"viewport": DESKTOP, "color_scheme": "dark"},
}


def look(settings: dict[str, object]) -> tuple[str, dict[str, object]]:
    """A script that chooses size and theme before the page reads them, and what is left for the browser."""
    given = dict(settings)
    chosen = {name: given.pop(name) for name in ("size", "theme") if name in given}
    script = "".join(f"localStorage.setItem('ansinh.{name}', '{value}');" for name, value in chosen.items())
    return script, given


@pytest.mark.parametrize("name", LOOKS)
def test_every_view_fits_its_screen(site: Site, new_page: NewPage, name: str) -> None:
    script, settings = look(LOOKS[name])
    page = new_page(site.address, script=script, **settings)
    pictures = ROOT / "var" / "screenshots"

    def picture(view: str) -> None:
        page.screenshot(path=pictures / f"{name}-{view}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
        wide = page.locator("main, .top, .log, .rows, .bubble, .choices").evaluate_all(
            "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.className)"
        )
        assert wide == [], view

    picture("1-notice")
    begin(page)
    picture("2-greeting")
    for view, answer in (
        ("3-verdict", answers.REFUSED),
        ("4-choices", answers.SEVERAL),
        ("5-screening", answers.SCREENING),
        ("6-hostile", answers.HOSTILE),
    ):
        site.answers(answer)
        ask(page, view)
        picture(view)
    page.get_by_role("button", name="Tùy chọn").click()
    picture("7-menu")
    page.get_by_role("button", name="Xóa dữ liệu của tôi").click()
    picture("8-question")


def test_the_whole_is_light(site: Site, new_page: NewPage) -> None:
    sizes: list[int] = []
    page = new_page("about:blank")
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(site.address)
    page.get_by_role("button", name="Em hiểu rồi, bắt đầu hỏi").wait_for()
    with page.expect_request_finished():
        page.evaluate("fetch('/widget.js').then(response => response.text())")
    assert len(sizes) >= 4
    assert sum(sizes) <= WEIGHT


def test_nobody_else_is_called(site: Site, new_page: NewPage) -> None:
    called: set[str] = set()
    page = new_page("about:blank")
    page.on("request", lambda request: called.add(request.url))
    page.goto(site.address)
    begin(page)
    ask(page, "hỏi")
    assert len(called) > 5
    assert [address for address in called if not address.startswith(site.address)] == []


def test_the_policy_lets_nothing_be_made_of_text(site: Site, new_page: NewPage) -> None:
    page = new_page(site.address, watch=False)
    policy = page.request.get(site.address).headers["content-security-policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"):
        assert part in policy
    assert "unsafe" not in policy
    assert (
        page.evaluate(
            "() => { try { document.body.innerHTML = '<b>x</b>'; return 'made'; } catch { return 'refused'; } }"
        )
        == "refused"
    )


def test_openings_are_those_of_the_assistant() -> None:
    """The card knows some lines of an answer by how they begin: a change of wording must reach it."""
    voice = yaml.safe_load((ROOT / "bot/knowledge/voice.yml").read_text(encoding="utf-8"))
    words = (ROOT / "bot/widget/src/chat/words.ts").read_text(encoding="utf-8")

    def opening(*keys: str) -> str:
        text = voice
        for key in keys:
            text = text[key]
        assert isinstance(text, str)
        return text.split("{")[0]

    for keys in (
        ("answers", "basis"),
        ("answers", "as_of"),
        ("answers", "as_of_past"),
        ("check", "bring"),
        ("screening", "eligible"),
        ("screening", "unknown"),
        ("screening", "not_eligible"),
        ("verdicts", "eligible"),
        ("verdicts", "not_eligible"),
        ("verdicts", "unknown"),
    ):
        assert f'"{opening(*keys)}"' in words, keys
    assert opening("answers", "unverified").split(",", maxsplit=1)[0] in words
    assert voice["marks"] == {"eligible": "✓", "not_eligible": "✗", "unknown": "?"}
