"""For everyone: axe on each view, keys alone, large letters, contrast, speech where there is any."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, Page, ViewportSize, expect

from tests.widget import answers
from tests.widget.conftest import DESKTOP, PHONE, NewPage, ask, begin, say
from tests.widget.site import Site
from tools.bootstrap import ROOT

AXE = ROOT / "bot/widget/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
SMALLEST = 44
"""Pixels of a touch target, each way."""

# Chromium without a screen has neither a Vietnamese voice nor a microphone.
SPEECH = """
window.spoken = [];
window.speechSynthesis.getVoices = () => [{lang: 'vi-VN', name: 'Giọng'}];
window.speechSynthesis.speak = (utterance) => { window.spoken.push(utterance.text); };
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.SpeechRecognition = window.webkitSpeechRecognition = class {
  start() {
    window.language = this.lang;
    setTimeout(() => {
      this.onresult({results: [[{transcript: 'hộ nghèo được gì'}]]});
      this.onend();
    });
  }
  stop() {}
};
"""
SILENCE = """
delete window.speechSynthesis;
Object.defineProperty(window, 'SpeechRecognition', {value: undefined});
Object.defineProperty(window, 'webkitSpeechRecognition', {value: undefined});
"""


FOCUSED = """(() => {
  const it = document.activeElement;
  return it.matches('button, input') ? it.value || it.textContent : '';
})()"""


def judge(page: Page | Frame, view: str) -> None:
    """Fails with what axe finds."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules}).then(result => result.violations)", RULES)
    told = [
        (each["id"], [(node["html"][:120], node.get("failureSummary", "")[:200]) for node in each["nodes"]])
        for each in found
    ]
    assert told == [], view
    small = page.locator("button, summary, .tick, textarea, .takeaway a").evaluate_all(
        """(all, least) => all.map(each => [each.outerHTML.slice(0, 90), each.getBoundingClientRect()])
             .filter(([, box]) => box.width && (box.width < least || box.height < least))
             .map(([html, box]) => [html, box.width, box.height])""",
        SMALLEST,
    )
    assert small == [], view


@pytest.mark.parametrize(
    ("size", "theme", "scheme"),
    [(PHONE, "auto", "light"), (PHONE, "auto", "dark"), (PHONE, "contrast", "light"), (DESKTOP, "light", "dark")],
    ids=["phone", "dark", "contrast", "desktop"],
)
def test_axe_finds_nothing_in_any_view(
    site: Site, new_page: NewPage, size: ViewportSize, theme: str, scheme: str
) -> None:
    script = f"localStorage.setItem('ansinh.theme', '{theme}');" + SPEECH
    # axe makes elements of text for itself, which our policy would refuse.
    page = new_page(site.address, script=script, viewport=size, color_scheme=scheme, bypass_csp=True)
    judge(page, "notice")
    begin(page)
    judge(page, "greeting")
    for view, answer in (
        ("verdict", answers.REFUSED),
        ("choices", answers.SEVERAL),
        ("screening", answers.SCREENING),
        ("hostile", answers.HOSTILE),
    ):
        site.answers(answer)
        ask(page, view)
    for summary in page.locator("summary").all():
        summary.click()
    page.get_by_role("button", name="Chưa đúng").first.click()
    page.get_by_role("button", name="Gửi góp ý").wait_for()
    site.officer_says("Chào bà.")
    page.get_by_text("Chào bà.").wait_for()
    judge(page, "answers, officer and reasons")
    page.get_by_role("button", name="Tùy chọn").click()
    judge(page, "menu")
    page.get_by_role("button", name="Xóa dữ liệu của tôi").click()
    judge(page, "question")
    page.keyboard.press("Escape")
    page.route("**/api/web/messages", lambda route: None)
    say(page, "hỏi")
    page.locator(".typing").wait_for()
    judge(page, "waiting")


def test_everything_can_be_done_with_keys(site: Site, new_page: NewPage) -> None:
    page = new_page(site.address, viewport=DESKTOP)
    site.answers(answers.SEVERAL)

    def to(name: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if name in page.evaluate(FOCUSED):
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline == "solid", f"no ring around {name}"
                return
        pytest.fail(f"no way to {name} with Tab")

    to("Em hiểu rồi")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Câu hỏi của mình")).to_be_focused()
    page.get_by_text("Dạ em chào").wait_for()
    page.keyboard.type("hỏi")
    page.keyboard.press("Enter")
    page.get_by_label("2. Tiền tuất").wait_for()
    to("2")
    page.keyboard.press("Space")
    to("Gửi mục đã chọn")
    page.keyboard.press("Enter")
    expect(page.locator(".mine .bubble").last).to_have_text("Mình: 2")
    to("Tùy chọn")
    page.keyboard.press("Enter")
    to("Em lưu những gì?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alertdialog")).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('[role=alertdialog]') !== null")
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_have_count(0)


def test_shift_enter_begins_a_line_and_enter_ends_a_vietnamese_word(site: Site, chat: Page) -> None:
    box = chat.get_by_label("Câu hỏi của mình")
    box.fill("một")
    box.press("Shift+Enter")
    expect(box).to_have_value("một\n")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(box).to_have_value("một\n")
    assert site.said() == []


def test_the_log_is_told_politely_and_old_messages_are_not(chat: Page) -> None:
    log = chat.get_by_role("log", name="Cuộc trò chuyện")
    expect(log).to_have_attribute("aria-live", "polite")
    chat.add_init_script(
        """new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((added) => {
             const row = added.classList && added.classList.contains('row');
             if (row) window.live = document.querySelector('[role=log]').getAttribute('aria-live');
           }))).observe(document, {childList: true, subtree: true});"""
    )
    chat.reload()
    chat.get_by_text("Dạ em chào").wait_for()
    assert chat.evaluate("window.live") == "off"
    expect(log).to_have_attribute("aria-live", "polite")


def test_letters_grow_stay_so_and_reach_double_size(chat: Page) -> None:
    def pixels() -> float:
        return float(chat.locator(".bubble").first.evaluate("each => parseFloat(getComputedStyle(each).fontSize)"))

    usual = pixels()
    larger = chat.get_by_role("button", name="A+ chữ to hơn")
    for _ in range(4):
        larger.click()
    expect(larger).to_have_attribute("aria-disabled", "true")
    assert pixels() >= 2 * usual
    chat.reload()
    chat.get_by_text("Dạ em chào").wait_for()
    assert pixels() >= 2 * usual
    chat.get_by_role("button", name="A− chữ nhỏ hơn").click()
    assert pixels() < 2 * usual


def test_colours_are_chosen_and_stay(chat: Page) -> None:
    chat.get_by_role("button", name="Tùy chọn").click()
    chat.get_by_label("Tương phản cao").check()
    chat.reload()
    chat.get_by_text("Dạ em chào").wait_for()
    assert chat.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"


def test_an_answer_is_read_aloud_without_its_sources(site: Site, new_page: NewPage) -> None:
    page = new_page(site.address, script=SPEECH)
    begin(page)
    site.answers(answers.REFUSED)
    ask(page, "hỏi")
    page.get_by_role("article").last.get_by_role("button", name="Nghe").click()
    spoken = page.evaluate("window.spoken")
    assert "Không đạt: Thuộc hộ nghèo." in spoken
    assert [line for line in spoken if "Căn cứ" in line or "✗" in line] == []
    page.get_by_role("button", name="Dừng đọc").click()
    expect(page.get_by_role("button", name="Dừng đọc")).to_have_count(0)


def test_speech_becomes_text_that_can_still_be_changed(site: Site, new_page: NewPage) -> None:
    page = new_page(site.address, script=SPEECH)
    expect(page.get_by_text("trình duyệt có thể gửi giọng nói")).to_be_visible()
    begin(page)
    page.get_by_role("button", name="Bấm để nói").click()
    expect(page.get_by_label("Câu hỏi của mình")).to_have_value("hộ nghèo được gì")
    assert page.evaluate("window.language") == "vi-VN"
    assert site.said() == []


def test_a_browser_without_speech_shows_no_button_for_it(site: Site, new_page: NewPage) -> None:
    page = new_page(site.address, script=SILENCE)
    expect(page.get_by_text("giọng nói")).to_have_count(0)
    begin(page)
    expect(page.get_by_role("button", name="Bấm để nói")).to_have_count(0)
    expect(page.get_by_role("button", name="Nghe")).to_have_count(0)
