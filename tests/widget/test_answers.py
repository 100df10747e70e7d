"""What a card shows of an answer, and that it shows nothing twice and runs nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.widget import answers
from tests.widget.conftest import NewPage, ask, begin, say
from tests.widget.site import Site


def card(page: Page) -> Locator:
    """The newest answer."""
    return page.get_by_role("article").last


@pytest.fixture
def verdict(site: Site, chat: Page) -> Page:
    site.answers(answers.REFUSED)
    ask(chat, "mẹ tôi được gì")
    card(chat).get_by_text("Chưa kết luận được").wait_for()
    return chat


def test_a_verdict_is_told_in_words_beside_its_sign(verdict: Page) -> None:
    banner = card(verdict).get_by_role("heading", name="Hưu trí xã hội – mẹ Chưa kết luận được")
    expect(banner).to_have_class("verdict unknown")
    expect(banner.locator("svg")).to_have_count(1)
    assert "CHƯA KẾT LUẬN" not in card(verdict).inner_text()


def test_each_criterion_has_its_sign_in_words_too_what_was_told_and_its_article(verdict: Page) -> None:
    told = [" ".join(text.split()) for text in card(verdict).locator(".criteria li").all_text_contents()]
    assert told == [
        "Đạt: Từ đủ 75 tuổiMình cho biết: 76 tuổiĐiều 21, 41/2024/QH15",
        "Không đạt: Thuộc hộ nghèoĐiều 21, 41/2024/QH15",
        "Chưa rõ: Không hưởng tiền tuất hằng thángĐiều 22, 41/2024/QH15",
    ]
    signs = card(verdict).locator(".criteria path").evaluate_all("paths => paths.map(each => each.getAttribute('d'))")
    assert len(set(signs)) == 3


def test_sources_are_folded_grouped_and_open_the_law_by_https_only(verdict: Page) -> None:
    sources = card(verdict).locator(".sources")
    expect(sources.get_by_role("list")).to_be_hidden()
    sources.get_by_text("Theo luật nào (2)").click()
    entries = [" ".join(text.split()) for text in sources.get_by_role("listitem").all_text_contents()]
    assert entries == [
        "41/2024/QH15 (mở trang mới): Điều 21; Điều 22hiệu lực từ 01/07/2025",
        "176/2025/NĐ-CP: Điều 2hiệu lực từ 01/07/2025",
    ]
    links = sources.get_by_role("link").all()
    assert [link.get_attribute("href") for link in links] == [answers.LAW["url"]]
    assert links[0].get_attribute("rel") == "noopener noreferrer"


def test_nothing_is_told_twice(verdict: Page) -> None:
    text = card(verdict).inner_text()
    for once in ("Tính đến ngày 25/11/2026", "540.000 đồng/tháng", "Tờ khai (Mẫu 01)", "76 tuổi"):
        assert text.count(once) == 1, once
    assert "Căn cứ:" not in text


def test_amounts_papers_office_note_and_checklist_are_there(verdict: Page) -> None:
    it = card(verdict)
    expect(it.locator(".amount", has_text="540.000 đồng/tháng")).to_be_visible()
    expect(it.get_by_role("listitem").filter(has_text="Căn cước – Để đối chiếu")).to_be_visible()
    expect(it.get_by_text("Hỏi thêm: UBND xã")).to_be_visible()
    expect(it.get_by_text("chưa được cán bộ xác nhận")).to_be_visible()
    address = it.get_by_role("link", name="Tờ ghi nhớ để in").get_attribute("href")
    assert address is not None
    assert re.search(r"/checklist/\S+$", address)


def test_several_choices_are_ticked_and_sent_together(site: Site, chat: Page) -> None:
    site.answers(answers.SEVERAL)
    ask(chat, "hỏi")
    send = chat.get_by_role("button", name="Gửi mục đã chọn")
    expect(send).to_be_disabled()
    expect(card(chat).get_by_text("2. Tiền tuất")).to_have_count(1)
    expect(chat.get_by_role("button", name="Tiền tuất")).to_have_count(0)
    chat.get_by_label("1. Lương hưu").check()
    chat.get_by_label("2. Tiền tuất").check()
    send.click()
    expect(chat.locator(".mine .bubble").last).to_have_text("Mình: 1 và 2")
    # What the numbers meant can still be read.
    expect(chat.get_by_role("article").nth(1).get_by_role("listitem")).to_have_text(["Lương hưu", "Tiền tuất"])


def test_a_button_is_pressed_once_and_then_gone(site: Site, chat: Page) -> None:
    site.answers(answers.CLARIFY)
    ask(chat, "bảo hiểm")
    expect(card(chat).get_by_role("listitem")).to_have_count(0)
    site.rasa.behaviour = None
    chat.get_by_role("button", name="BHYT hộ cận nghèo").click()
    chat.get_by_text("Câu 1: /button").wait_for()
    expect(chat.get_by_role("button", name="BHYT hộ cận nghèo")).to_have_count(0)
    expect(chat.get_by_role("article").nth(1).get_by_role("listitem")).to_have_count(2)
    assert site.said() == ["bảo hiểm", "BHYT hộ cận nghèo"]


def test_a_screening_is_in_groups_with_signs(site: Site, chat: Page) -> None:
    site.answers(answers.SCREENING)
    ask(chat, "nhà tôi được gì")
    headings = card(chat).locator("h3")
    expect(headings).to_have_text(["Đủ điều kiện theo lời mình kể", "Chưa chắc, cần hỏi thêm cán bộ"])
    expect(headings.locator("svg")).to_have_count(2)
    expect(card(chat).get_by_text("BHYT học sinh")).to_be_hidden()
    card(chat).get_by_text("Chưa thuộc diện (3)").click()
    expect(card(chat).get_by_text("BHYT học sinh")).to_be_visible()


def test_two_asks_get_two_cards(site: Site, chat: Page) -> None:
    site.answers(answers.REFUSED, answers.CLARIFY)
    ask(chat, "hai điều", 2)
    expect(chat.get_by_role("button", name="Được hưởng gì?")).to_be_enabled()
    expect(chat.get_by_role("button", name="BHYT hộ nghèo")).to_be_enabled()


def test_hostile_text_stays_text(site: Site, chat: Page) -> None:
    site.answers(answers.HOSTILE)
    ask(chat, "<b>chào</b><img src=x onerror=\"document.title='broken'\">")
    card(chat).get_by_text("Đủ điều kiện").wait_for()
    chat.locator("summary").last.click()
    assert chat.locator("main img, main script, main b").count() == 0
    links = chat.locator("main a").evaluate_all("links => links.map(each => each.href)")
    assert [link for link in links if not link.startswith(("https://ok.example/", site.address))] == []
    assert chat.title() == "An Sinh – hỏi đáp chính sách"
    assert chat.evaluate("document.documentElement.scrollWidth") <= 360
    chat.reload()
    chat.get_by_text("<b>chào</b>").wait_for()
    assert chat.locator("main img, main script, main b").count() == 0


def test_thumbs_with_a_reason(site: Site, verdict: Page) -> None:
    down = verdict.get_by_role("button", name="Chưa đúng")
    down.click()
    expect(down).to_have_attribute("aria-pressed", "true")
    assert site.feedback() == [(-1, None)]
    verdict.get_by_label("Chữ khó hiểu").check()
    verdict.get_by_label("Điều khác mình muốn nói").fill("thiếu giấy tờ")
    verdict.get_by_role("button", name="Gửi góp ý").click()
    expect(verdict.get_by_role("button", name="Gửi góp ý")).to_have_count(0)
    assert site.feedback() == [(-1, "Chữ khó hiểu; thiếu giấy tờ")]
    verdict.get_by_role("button", name="Hữu ích").click()
    expect(down).to_have_attribute("aria-pressed", "false")
    assert site.feedback() == [(1, None)]


def test_questions_and_greetings_are_not_rated(site: Site, chat: Page) -> None:
    site.answers(answers.SEVERAL)
    ask(chat, "hỏi")
    chat.get_by_text("2. Tiền tuất").wait_for()
    expect(chat.get_by_role("button", name="Hữu ích")).to_have_count(0)


def test_dots_show_while_an_answer_is_looked_for(site: Site, new_page: NewPage) -> None:
    page = new_page(site.address)
    begin(page)
    page.route("**/api/web/messages", lambda route: None)
    say(page, "hỏi")
    expect(page.locator(".typing")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Em đang tìm câu trả lời…")
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_disabled()
    assert page.locator(".typing i").first.evaluate("dot => getComputedStyle(dot).animationName") == "none"
