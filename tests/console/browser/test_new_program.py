"""A new program from the console alone, in a real Chromium: from nothing to the citizen's verdict."""

from __future__ import annotations

import uuid
from typing import Any

from playwright.sync_api import Page, expect

from tests.console.browser.test_faq import officer, silent_site, site
from tests.console.browser.test_pages import DESKTOP, PHONE, ConsoleSite, Looker, choose, heading, press
from tests.console.conftest import PASSWORD
from tests.widget.conftest import NewPage, browser, new_page

__all__ = ["browser", "new_page", "silent_site", "site"]

TITLE = "Hỗ trợ bê giống"
SAVE = "Ghi vào lần thay đổi"
QUESTION = "Được cấp bê giống rồi có được bán đi không?"
ANSWER = "Dạ không: trong 3 năm đầu mình chưa được bán bê giống đã nhận ạ."


class Citizen:
    """A conversation over the gateway's address."""

    def __init__(self, site: ConsoleSite, page: Page) -> None:
        self._page, self._address = page, f"{site.address}/api/web"
        token = page.request.post(f"{self._address}/session").json()["token"]
        self._headers = {"Authorization": f"Bearer {token}"}
        self.told: list[dict[str, Any]] = []

    def says(self, **message: str) -> str:
        """What the citizen hears."""
        data = {"id": str(uuid.uuid4()), **message}
        answer = self._page.request.post(
            f"{self._address}/messages", headers=self._headers, data=data, timeout=60_000
        ).json()
        self.told = answer["messages"]
        return " ".join(each["text"] for each in self.told)

    def presses(self, title: str) -> str:
        """What is heard after a button."""
        buttons = [button for each in self.told for button in each["buttons"] if button["title"] == title]
        assert buttons, [button["title"] for each in self.told for button in each["buttons"]]
        return self.says(payload=buttons[0]["payload"])


def add_program(lan: Page, look: Looker) -> None:
    """The program with its first provision."""
    choose(lan, "Nội dung", "Chương trình")
    lan.get_by_role("link", name="Thêm chương trình").click()
    look(lan, "program")
    lan.get_by_label("Tên chương trình").fill(TITLE)
    lan.get_by_label("Tên ngắn").fill("Bê giống")
    lan.get_by_label("Chủ đề").select_option("poverty_benefits")
    lan.get_by_label("Tóm tắt").fill("Cấp một con bê giống cho hộ nghèo có đất chăn nuôi.")
    lan.get_by_label("Từ khoá").fill("bê giống\nbò giống\ncấp bê")
    lan.get_by_label("Áp dụng từ ngày").fill("2026-10-01")
    lan.get_by_label("Căn cứ văn bản").select_option("188/2025/NĐ-CP")
    lan.get_by_label("Điều, khoản").fill("Điều 99")
    press(lan, SAVE)
    heading(lan, f"{TITLE}: quy định từ 01/10/2026")


def add_rows(lan: Page, look: Looker) -> None:
    """Two criteria, one on a fact that is not there yet; a benefit, a paper, a step."""
    lan.get_by_role("link", name="Thêm điều kiện chung").click()
    lan.get_by_label("Điều kiện dựa vào").select_option(label="Loại hộ")
    press(lan, "Tiếp")
    lan.get_by_label("So sánh").select_option("eq")
    lan.get_by_role("checkbox", name="Hộ nghèo", exact=True).check()
    press(lan, SAVE)
    lan.get_by_role("link", name="Thêm điều kiện chung").click()
    lan.get_by_role("link", name="Chưa có thông tin ấy?").click()
    look(lan, "fact-type")
    lan.get_by_label("Có hay không").check()
    press(lan, "Tiếp")
    lan.get_by_label("Tên gọi").fill("Có đất chăn nuôi")
    lan.get_by_label("Câu hỏi", exact=True).fill("Nhà mình có đất để nuôi bò không ạ?")
    lan.get_by_label("Cách nói nghĩa là có").fill("có đất nuôi bò")
    look(lan, "fact")
    press(lan, SAVE)
    heading(lan, "Điều kiện: Có đất chăn nuôi")
    lan.get_by_label("Có", exact=True).check()
    press(lan, SAVE)
    lan.get_by_role("link", name="Thêm mức hưởng").click()
    lan.get_by_label("Tên khoản").fill("Giá trị con giống")
    lan.get_by_label("Số tiền").fill("12.345.000")
    lan.get_by_label("Đơn vị").fill("đồng/hộ")
    press(lan, SAVE)
    lan.get_by_role("link", name="Thêm giấy tờ cần có").click()
    lan.get_by_label("Tên giấy tờ").fill("Đơn xin nhận bê giống")
    press(lan, SAVE)
    lan.get_by_role("link", name="Thêm các bước làm").click()
    lan.get_by_label("Làm gì").fill("Nộp đơn cho trưởng thôn")
    press(lan, SAVE)
    look(lan, "provision")


def test_a_new_program_from_nothing_to_a_verdict(site: ConsoleSite, new_page: NewPage) -> None:
    look = Looker("new-program")
    lan, minh = officer(site, new_page, "lan", DESKTOP), officer(site, new_page, "minh", PHONE)
    assert "Bê giống" not in Citizen(site, lan).says(text="Ai được hỗ trợ bê giống?")
    add_program(lan, look)
    add_rows(lan, look)
    lan.get_by_role("link", name="Xem như người dân sẽ thấy").click()
    look(lan, "told")
    lan.get_by_role("link", name="Thêm câu hỏi về chương trình này").click()
    expect(lan.get_by_label("Chương trình")).to_have_value("ho_tro_be_giong")
    lan.get_by_label("Câu hỏi", exact=True).fill(QUESTION)
    lan.get_by_label("Những cách hỏi khác").fill("bán bê giống được không\nbê được cấp có bán được không\nban be giong")
    lan.get_by_label("Câu trả lời").fill(ANSWER)
    press(lan, "Lưu bản soạn")
    heading(lan, f"Chương trình mới: {TITLE}")
    look(lan, "draft")
    press(lan, "Gửi duyệt")

    minh.goto(lan.url)
    look(minh, "approve-phone")
    press(minh, "Duyệt và công bố ngay")
    expect(minh.get_by_text("Đã duyệt và công bố.")).to_be_visible()

    citizen = Citizen(site, lan)
    assert "Có đất chăn nuôi" in citizen.says(text="Ai được hỗ trợ bê giống?")
    assert "12.345.000 đồng/hộ" in citizen.presses("Được hưởng gì?")
    assert ANSWER in Citizen(site, lan).says(text=QUESTION)
    assert "hộ nghèo" in citizen.says(text="Nhà tôi có được hỗ trợ bê giống không?").lower()
    assert "đất để nuôi bò" in citizen.presses("Hộ nghèo")
    citizen.presses("Có")
    verdicts = [each["answer"]["verdict"] for each in citizen.told if each["answer"]]
    assert "eligible" in verdicts, citizen.told


def test_new_figures_and_offices(silent_site: ConsoleSite, new_page: NewPage) -> None:
    look = Looker("new-units")
    lan = officer(silent_site, new_page, "lan", PHONE)
    lan.goto(f"{silent_site.address}/console/new-parameter")
    look(lan, "parameter-phone")
    lan.get_by_label("Tên tham số").fill("Mức hỗ trợ bê giống")
    lan.get_by_label("Đơn vị").fill("đồng/hộ")
    lan.get_by_label("Mức", exact=True).fill("12.345.000")
    lan.get_by_label("Áp dụng từ ngày").fill("2026-10-01")
    lan.get_by_label("Căn cứ văn bản").select_option("188/2025/NĐ-CP")
    press(lan, SAVE)
    expect(lan.get_by_text("{muc_ho_tro_be_giong}")).to_be_visible()
    look(lan, "parameter-draft-phone")
    lan.goto(f"{silent_site.address}/console/offices")
    look(lan, "offices-phone")
    lan.get_by_role("link", name="Thêm nơi liên hệ").click()
    look(lan, "office-phone")
    press(lan, SAVE)
    lan.get_by_label("Tên cơ quan").fill("Trạm Chăn nuôi và Thú y")
    lan.get_by_label("Giúp việc gì").fill("Tiêm phòng, khám bệnh cho gia súc.")
    press(lan, SAVE)
    expect(lan.get_by_role("heading", name="Cơ quan: Trạm Chăn nuôi và Thú y")).to_be_visible()


def test_forms_and_change_sets_need_no_script(silent_site: ConsoleSite, new_page: NewPage) -> None:
    page = new_page(f"{silent_site.address}/console/new-office", viewport=DESKTOP, java_script_enabled=False)
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    press(page, "Đăng nhập")
    page.get_by_label("Tên cơ quan").fill("Trạm Chăn nuôi và Thú y")
    page.get_by_label("Giúp việc gì").fill("Tiêm phòng cho gia súc.")
    press(page, SAVE)
    heading(page, "Nơi liên hệ: Trạm Chăn nuôi và Thú y")
    page.goto(f"{silent_site.address}/console/new-faq?in=1")
    page.get_by_label("Câu hỏi", exact=True).fill(QUESTION)
    page.get_by_label("Câu trả lời").fill(f"{ANSWER} Mức 123.457 đồng.")
    page.get_by_label("Tìm văn bản").fill("188/2025")
    press(page, "Tìm văn bản")
    expect(page.locator("#warnings")).to_contain_text("123.457")
    expect(page.get_by_role("checkbox", name="188/2025/NĐ-CP")).to_be_visible()
    expect(page.get_by_label("Câu hỏi", exact=True)).to_have_value(QUESTION)
    page.goto(f"{silent_site.address}/console/changes/1")
    press(page, "Gửi duyệt")
    expect(page.get_by_text("Đã gửi duyệt.")).to_be_visible()
