"""What citizens asked before the officers look: through the web page and its API, answered by the real assistant."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from playwright.sync_api import APIRequestContext, Page, expect

from pictures.camera import TELEPHONE, Camera, take_telephone

ASKED = (
    ("Hộ cận nghèo được hỗ trợ thẻ BHYT bao nhiêu?", "Cần giấy tờ gì?"),
    ("Me toi 82 tuoi co duoc tien gia khong", "Không có lương hưu"),
    ("Vay vốn hộ nghèo lãi suất bao nhiêu một tháng?",),
    ("Nhà tôi bị bão tốc mái thì được hỗ trợ gì?",),
    ("Chuẩn nghèo ở nông thôn năm nay là bao nhiêu?", "Năm sau thì sao?"),
    ("Vợ chồng tôi thuê đất rẫy trồng keo có được tiền bảo vệ rừng không?",),
    ("Con tôi học lớp 6 nhà hộ nghèo có được miễn học phí không?",),
)
"""The messages of each conversation."""

DISLIKED = (
    "Tiền điện tháng này nhà tôi sao cao thế?",
    "Tiền điện nhà tôi tháng này sao lại cao?",
)
HANDED_OVER = "Hồ sơ vay vốn của tôi nộp hôm 10/11, bao giờ thì có kết quả?"
ALSO_HANDED_OVER = "Tôi mất giấy chứng nhận hộ nghèo thì xin lại ở đâu?"
TELEPHONE_NUMBER = "0905 123 456"


class Citizen:
    """One conversation with the web API."""

    def __init__(self, requests: APIRequestContext, address: str) -> None:
        self._requests = requests
        self._address = f"{address}/api/web"
        opened = requests.post(f"{self._address}/session")
        expect(opened).to_be_ok()
        self._headers = {"Authorization": f"Bearer {opened.json()['token']}"}

    def say(self, text: str) -> list[dict[str, Any]]:
        """Send a message; the replies."""
        return self._post("messages", {"id": str(uuid.uuid4()), "text": text})["messages"]  # type: ignore[no-any-return]

    def dislike(self, text: str) -> None:
        """Send a message, and say that its answer was of no help."""
        self._post("feedback", {"message": self.say(text)[-1]["id"], "value": -1})

    def ask_a_person(self, text: str, telephone: str | None) -> None:
        """Leave a question for an officer, with a number or without."""
        self._post("handover", {})
        self.say(text)
        self.say(telephone or "Không để số")

    def _post(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._requests.post(f"{self._address}/{what}", headers=self._headers, data=body)
        expect(answer).to_be_ok()
        return answer.json() if answer.status == HTTPStatus.OK else {}


def all_of_them(requests: APIRequestContext, address: str) -> None:
    """Everything that citizens ask before the officers look."""
    for messages in ASKED:
        citizen = Citizen(requests, address)
        for text in messages:
            citizen.say(text)
    for text in DISLIKED:
        Citizen(requests, address).dislike(text)
    for text, telephone in ((HANDED_OVER, TELEPHONE_NUMBER), (ALSO_HANDED_OVER, None)):
        citizen = Citizen(requests, address)
        citizen.say("Hộ nghèo được vay vốn tối đa bao nhiêu?")
        citizen.ask_a_person(text, telephone)


def conversation(camera: Camera) -> Page:
    """The conversation of the README on a telephone, and its picture."""
    page = camera.open("/", TELEPHONE, scale=1.6)
    page.get_by_role("button", name="Em hiểu rồi, bắt đầu hỏi").click()
    page.get_by_text("Dạ em chào").wait_for()
    for text, answers in (("me toi 76 tuoi co duoc tien huu tri xa hoi ko", 2), ("không có lương hưu", 3)):
        page.get_by_label("Câu hỏi của mình").fill(text)
        page.get_by_role("button", name="Gửi", exact=True).click()
        expect(page.get_by_role("article")).to_have_count(answers)
        expect(page.locator(".typing")).to_have_count(0)
    expect(page.get_by_text("Đủ điều kiện")).to_be_visible()
    take_telephone(page)
    return page
