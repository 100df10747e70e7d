"""The notice, the warning before an ID number leaves the phone, and erasing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.models import ConsentRow, MessageRow, SessionRow
from tests.conversation.fake_rasa import answer
from tests.widget.conftest import NewPage, say
from tests.widget.site import Site

KEPT_TO_TEACH = ("có thể giữ lại để dạy em", "không ghi ai đã hỏi", "chỉ câu mẫu, nếu có, là còn")
SENSITIVE = "em chỉ dùng để trả lời cho đúng"


def test_nothing_is_stored_before_the_notice_is_read(site: Site, new_page: NewPage) -> None:
    page = new_page(site.address)
    notice = page.get_by_role("main")
    for told in ("Em lưu những gì?", "trong 24 giờ", "90 ngày", "Xóa dữ liệu của tôi", *KEPT_TO_TEACH, SENSITIVE):
        expect(notice).to_contain_text(told)
    with Session(site.engine) as db:
        assert db.scalars(select(SessionRow)).all() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_what_was_accepted_is_recorded(site: Site, chat: Page) -> None:
    with Session(site.engine) as db:
        (row,) = db.scalars(select(ConsentRow)).all()
    assert (row.channel, row.decision, row.version) == ("web", "noticed", "2026-12.2")


def test_the_notice_can_be_read_again(chat: Page) -> None:
    chat.get_by_role("button", name="Tùy chọn").click()
    chat.get_by_role("button", name="Em lưu những gì?").click()
    dialog = chat.get_by_role("alertdialog", name="Em lưu những gì?")
    expect(dialog).to_contain_text("trong 24 giờ")
    dialog.get_by_role("button", name="Đóng lại").click()
    expect(dialog).to_have_count(0)


def test_an_id_number_is_warned_of_and_can_be_taken_out(site: Site, chat: Page) -> None:
    say(chat, "căn cước 051234567890 thì được gì")
    dialog = chat.get_by_role("alertdialog")
    expect(dialog).to_contain_text("số căn cước")
    expect(dialog.get_by_role("button", name="Để tôi sửa lại")).to_be_focused()
    chat.keyboard.press("Escape")
    box = chat.get_by_label("Câu hỏi của mình")
    expect(box).to_be_focused()
    expect(box).to_have_value("căn cước 051234567890 thì được gì")
    assert site.said() == []


def test_an_id_number_can_be_sent_all_the_same_and_is_masked(site: Site, chat: Page) -> None:
    say(chat, "căn cước 051234567890 thì được gì")
    chat.get_by_role("button", name="Vẫn gửi").click()
    chat.get_by_text("Em đã che đi").wait_for()
    assert site.said() == ["căn cước [số định danh] thì được gì"]


@pytest.mark.parametrize("text", ["vay 150.000.000 đồng", "mẹ tôi 76 tuổi"])
def test_other_numbers_go_out_at_once(site: Site, chat: Page, text: str) -> None:
    say(chat, text)
    chat.get_by_text(f"Câu 1: {text}").wait_for()
    assert site.said() == [text]


def test_erasing_from_the_menu_asks_once(site: Site, chat: Page) -> None:
    say(chat, "chuyện nhà tôi")
    chat.get_by_text("Câu 1").wait_for()
    for choice in ("Không xóa", "Xóa hết"):
        chat.get_by_role("button", name="Tùy chọn").click()
        chat.get_by_role("button", name="Xóa dữ liệu của tôi").click()
        chat.get_by_role("button", name=choice).click()
    chat.get_by_text("Em đã xóa xong dữ liệu của mình.").wait_for()
    expect(chat.get_by_text("chuyện nhà tôi")).to_have_count(0)
    assert site.said() == []
    assert chat.evaluate("localStorage.getItem('ansinh.token')") is None


def test_erasing_by_a_button_of_the_chat_takes_what_is_shown_away_too(site: Site, chat: Page) -> None:
    say(chat, "chuyện nhà tôi")
    chat.get_by_text("Câu 1").wait_for()
    site.answers(
        answer(
            "Mình muốn xóa phải không ạ?",
            status="asked_back",
            source="system",
            buttons=[{"title": "Xóa dữ liệu của tôi", "act": {"act": "erase_data"}}],
        )
    )
    say(chat, "xóa dữ liệu của tôi")
    chat.get_by_role("log").get_by_role("button", name="Xóa dữ liệu của tôi").click()
    chat.get_by_text("Dạ em đã xóa").wait_for()
    expect(chat.get_by_text("chuyện nhà tôi")).to_have_count(0)
    with Session(site.engine) as db:
        assert [text for text in db.scalars(select(MessageRow.text)) if "chuyện nhà tôi" in text] == []


def test_a_person_can_be_asked_and_answers(site: Site, chat: Page) -> None:
    chat.get_by_role("button", name="Tùy chọn").click()
    chat.get_by_role("button", name="Gặp cán bộ").click()
    chat.get_by_text("cần hỏi cán bộ điều gì").wait_for()
    say(chat, "thẻ của mẹ tôi bao giờ có")
    chat.get_by_role("button", name="Không để số").click()
    chat.get_by_text("Mã tiếp nhận của mình là").wait_for()
    assert site.handovers() == 1
    site.officer_says("Thẻ có ngày mai.")
    expect(chat.get_by_role("article", name="Cán bộ trả lời")).to_contain_text("Thẻ có ngày mai.")
