"""Lost connections, reloads, and other tabs: everything said is there once."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

from aiohttp import web
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.conversation.models import SessionRow
from tests.widget.conftest import DESKTOP, NewPage, begin, say
from tests.widget.site import Site

QUESTION = "hộ nghèo được gì"


def mine(page: Page) -> Locator:
    """What the citizen said, as the page shows it."""
    return page.get_by_role("log").locator(".mine .bubble")


def test_history_is_there_after_a_reload_without_the_notice(chat: Page) -> None:
    say(chat, QUESTION)
    chat.get_by_text(f"Câu 1: {QUESTION}").wait_for()
    chat.reload()
    expect(mine(chat)).to_have_text([f"Mình: {QUESTION}"])
    expect(chat.get_by_text(f"Câu 1: {QUESTION}")).to_have_count(1)
    # Only the last answer's buttons can still be pressed.
    expect(chat.get_by_role("button", name="Có", exact=True)).to_have_count(1)
    expect(chat.get_by_role("button", name="Nước sạch")).to_have_count(0)


def test_a_message_written_offline_goes_out_once_the_network_is_back(site: Site, chat: Page) -> None:
    chat.context.set_offline(True)
    say(chat, QUESTION)
    expect(chat.get_by_role("status")).to_contain_text("Mất kết nối mạng")
    expect(chat.get_by_text("Đang gửi…")).to_be_visible()
    chat.context.set_offline(False)
    chat.get_by_text(f"Câu 1: {QUESTION}").wait_for()
    expect(chat.get_by_text("Đang gửi…")).to_have_count(0)
    assert site.said() == [QUESTION]


def test_a_reply_that_got_lost_is_fetched_again_and_runs_nothing_twice(site: Site, chat: Page) -> None:
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(str(route.request.post_data))
        if len(lost) > 1:
            route.continue_()
            return
        route.fetch()
        route.abort("connectionreset")

    chat.route("**/api/web/messages", lose)
    say(chat, QUESTION)
    chat.get_by_text(f"Câu 1: {QUESTION}").wait_for()
    expect(mine(chat)).to_have_text([f"Mình: {QUESTION}"])
    assert site.said() == [QUESTION]
    assert len(site.rasa.seen) == 1


def test_a_reload_in_the_middle_sends_the_same_message_again(site: Site, chat: Page) -> None:
    chat.route("**/api/web/messages", lambda route: None)
    say(chat, QUESTION)
    chat.get_by_text("Đang gửi…").wait_for()
    chat.unroute_all()
    chat.reload()
    chat.get_by_text(f"Câu 1: {QUESTION}").wait_for()
    expect(mine(chat)).to_have_text([f"Mình: {QUESTION}"])
    assert site.said() == [QUESTION]


def test_an_answer_slower_than_the_connection_comes_by_the_event_stream(site: Site, chat: Page) -> None:
    async def slow(body: dict[str, Any]) -> web.Response:
        await asyncio.sleep(0.3)
        return web.json_response(site.rasa.count(body))

    site.rasa.behaviour = slow
    requests: list[str] = []

    def lose(route: Route) -> None:
        requests.append(route.request.method)
        if route.request.method == "GET":
            route.continue_()
            return
        route.fetch()
        # The browser never hears of it: the page waits, and the stream tells the answer.

    chat.route("**/api/web/messages*", lose)
    say(chat, QUESTION)
    chat.get_by_text(f"Câu 1: {QUESTION}").wait_for()
    assert requests.count("POST") == 1


def test_a_gateway_that_is_busy_is_asked_again(site: Site, chat: Page) -> None:
    refusals = [429, 503]

    def refuse(route: Route) -> None:
        if not refusals:
            route.continue_()
            return
        route.fulfill(status=refusals.pop(0), headers={"Retry-After": "1"}, json={"error": {"message": "Mình chờ."}})

    chat.route("**/api/web/messages", refuse)
    say(chat, QUESTION)
    expect(chat.get_by_role("status")).to_have_text("Em đang bận, 1 giây nữa em tự gửi lại cho mình.")
    chat.get_by_text(f"Câu 1: {QUESTION}").wait_for()
    expect(chat.get_by_role("status")).to_be_empty()
    assert site.said() == [QUESTION]


def test_a_conversation_that_has_expired_says_so_and_keeps_what_was_typed(site: Site, new_page: NewPage) -> None:
    chat = new_page(site.address)
    # The stream would tell the end before anything can be typed.
    chat.route("**/api/web/events*", lambda route: None)
    begin(chat)
    with Session(site.engine) as db, db.begin():
        db.execute(update(SessionRow).values(expires_at=dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc)))
    say(chat, QUESTION)
    chat.get_by_text("đã hết hạn").wait_for()
    begin(chat)
    expect(chat.get_by_label("Câu hỏi của mình")).to_have_value(QUESTION)
    chat.get_by_role("button", name="Gửi", exact=True).click()
    chat.get_by_text(f"Câu 1: {QUESTION}").wait_for()


def test_an_officer_is_heard_at_once_in_every_tab(site: Site, chat: Page, new_page: NewPage) -> None:
    other = new_page(site.address, context=chat.context)
    other.get_by_text("Dạ em chào").wait_for()
    site.officer_says("Chào bà, tôi là cán bộ xã.")
    for page in (chat, other):
        officer = page.get_by_role("article", name="Cán bộ trả lời")
        expect(officer).to_contain_text("Chào bà, tôi là cán bộ xã.")


def test_two_tabs_show_one_conversation(site: Site, chat: Page, new_page: NewPage) -> None:
    other = new_page(site.address, context=chat.context)
    other.get_by_text("Dạ em chào").wait_for()
    say(chat, QUESTION)
    other.get_by_text(f"Câu 1: {QUESTION}").wait_for()
    say(other, "câu của thẻ kia")
    chat.get_by_text("Câu 2: câu của thẻ kia").wait_for()
    for page in (chat, other):
        expect(mine(page)).to_have_text([f"Mình: {QUESTION}", "Mình: câu của thẻ kia"])


def test_what_one_tab_erases_is_gone_from_the_other(site: Site, chat: Page, new_page: NewPage) -> None:
    say(chat, QUESTION)
    other = new_page(site.address, context=chat.context, viewport=DESKTOP)
    other.get_by_text(f"Câu 1: {QUESTION}").wait_for()
    chat.get_by_role("button", name="Tùy chọn").click()
    chat.get_by_role("button", name="Xóa dữ liệu của tôi").click()
    chat.get_by_role("button", name="Xóa hết").click()
    for page in (chat, other):
        page.get_by_role("button", name="Em hiểu rồi, bắt đầu hỏi").wait_for()
        expect(page.get_by_text(QUESTION)).to_have_count(0)
    # A new conversation in one is taken up by the other.
    begin(other)
    chat.get_by_text("Dạ em chào").wait_for()


def test_a_browser_that_lacks_what_is_new_still_talks(site: Site, new_page: NewPage) -> None:
    missing = ["AbortController", "ReadableStream", "TextDecoder", "ResizeObserver", "IntersectionObserver"]
    old = "".join(f"delete window.{name};" for name in missing)
    old += "delete crypto.randomUUID; delete Element.prototype.replaceChildren; delete Element.prototype.scrollTo;"
    old += "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden'); }});"
    page = new_page(site.address, script=old)
    begin(page)
    say(page, QUESTION)
    page.get_by_text(f"Câu 1: {QUESTION}").wait_for()
