"""A new decree on Monday, in a real Chromium: document, value and provision in one change set, to the live answer."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.console.browser.test_faq import officer, silent_site, site
from tests.console.browser.test_pages import DESKTOP, PHONE, ConsoleSite, Looker, choose, heading, press
from tests.widget.conftest import NewPage, browser, new_page

__all__ = ["browser", "new_page", "silent_site", "site"]

DECREE = "400/2026/NĐ-CP"
MONDAY = "2026-11-23"
QUESTION = "Trợ cấp hưu trí xã hội được bao nhiêu tiền một tháng?"


def citizen_hears(site: ConsoleSite, page: Page) -> str:
    opened = page.request.post(f"{site.address}/api/web/session").json()
    answer = page.request.post(
        f"{site.address}/api/web/messages",
        headers={"Authorization": f"Bearer {opened['token']}"},
        data={"id": str(uuid.uuid4()), "text": QUESTION},
    ).json()
    return " ".join(message["text"] for message in answer["messages"])


def test_a_new_decree_on_monday(  # noqa: PLR0915 - one morning, told in order
    site: ConsoleSite, new_page: NewPage
) -> None:
    look = Looker("policy")
    lan, minh = officer(site, new_page, "lan", DESKTOP), officer(site, new_page, "minh", PHONE)
    assert "540.000" in citizen_hears(site, lan)

    choose(lan, "Nội dung", "Văn bản")
    lan.get_by_role("link", name="Thêm văn bản").click()
    lan.get_by_label("Số hiệu").fill(DECREE)
    lan.get_by_label("Tên văn bản").fill("Nghị định về mức trợ cấp hưu trí xã hội")
    lan.get_by_label("Có hiệu lực từ ngày").fill(MONDAY)
    lan.get_by_label("Thay thế văn bản").select_option("335/2026/NĐ-CP")
    lan.get_by_label("Tên lần thay đổi mới").fill("Trợ cấp hưu trí xã hội từ 23/11/2026")
    look(lan, "document")
    press(lan, "Ghi vào lần thay đổi")
    heading(lan, "Thay căn cứ 335/2026/NĐ-CP")
    look(lan, "renewals")

    draft = lan.url.partition("/changes/")[2].partition("/")[0]
    lan.goto(f"{site.address}/console/parameters/tro_cap_huu_tri_xa_hoi/value?in={draft}")
    lan.get_by_label("Mức mới").fill("600.000")
    lan.get_by_label("Áp dụng từ ngày").fill(MONDAY)
    lan.get_by_label("Căn cứ văn bản").select_option(DECREE)
    lan.get_by_label("Điều, khoản").fill("Điều 2")
    press(lan, "Xem những gì thay đổi theo")
    expect(lan.get_by_role("region", name="Những gì thay đổi theo").first).to_contain_text("600.000 đồng")
    look(lan, "value")
    press(lan, "Ghi vào lần thay đổi")
    heading(lan, "Trợ cấp hưu trí xã hội từ 23/11/2026")

    number = lan.url.rpartition("/")[2]
    lan.goto(f"{site.address}/console/faq/htxh_bao_nhieu/edit?in={number}")
    lan.get_by_label("Câu trả lời").fill("Mỗi người được {tro_cap_huu_tri_xa_hoi} đồng/tháng.")
    press(lan, "Lưu bản soạn")

    lan.goto(f"{site.address}/console/programs/huu_tri_xa_hoi?in={draft}")
    look(lan, "program")
    lan.get_by_label("Phiên bản mới áp dụng từ ngày").fill(MONDAY)
    press(lan, "Chép thành phiên bản mới")
    look(lan, "provision")
    lan.get_by_role("link", name="Thêm giấy tờ cần có").click()
    lan.get_by_label("Tên giấy tờ").fill("Tờ khai theo nghị định mới")
    press(lan, "Ghi vào lần thay đổi")
    lan.get_by_role("link", name="Thêm nhóm").click()
    lan.get_by_label("Điều kiện dựa vào").select_option(label="Tuổi")
    press(lan, "Tiếp")
    lan.get_by_label("Tên nhóm").fill("Người từ 74 tuổi")
    lan.get_by_label("So sánh").select_option("ge")
    lan.get_by_label("Giá trị").fill("74")
    look(lan, "criterion")
    press(lan, "Ghi vào lần thay đổi")
    expect(lan.get_by_role("region", name="Người từ 74 tuổi")).to_contain_text("Tuổi từ 74 trở lên")
    lan.get_by_role("link", name="Xem như người dân sẽ thấy").click()
    expect(lan.get_by_role("region", name="Quy định ngày 23/11/2026")).to_contain_text("600.000 đồng")
    look(lan, "preview")

    lan.get_by_role("link", name="lần thay đổi này").click()
    lan.get_by_role("link", name="Thử tác động").click()
    press(lan, "Chạy thử")
    expect(lan.get_by_role("heading", name="kết quả khác đi")).to_be_visible(timeout=90_000)
    look(lan, "impact")
    lan.goto(f"{site.address}/console/changes/{number}")
    press(lan, "Gửi duyệt")

    minh.goto(f"{site.address}/console/todo")
    look(minh, "todo-phone")
    minh.get_by_role("link", name="Trợ cấp hưu trí xã hội từ 23/11/2026").click()
    press(minh, "Duyệt và công bố ngay")
    assert "600.000" in citizen_hears(site, minh)

    lan.goto(f"{site.address}/console/changes/{number}")
    press(lan, "Khôi phục như trước")
    press(lan, "Gửi duyệt")
    minh.goto(lan.url)
    press(minh, "Duyệt và công bố ngay")
    assert "540.000" in citizen_hears(site, minh)


@pytest.mark.parametrize("path", ["/todo", "/todo/confirm", "/parameters", "/programs", "/facts", "/documents"])
def test_lists_fit_a_telephone(silent_site: ConsoleSite, new_page: NewPage, path: str) -> None:
    lan = officer(silent_site, new_page, "lan", PHONE)
    lan.goto(f"{silent_site.address}/console{path}")
    Looker("policy-phone")(lan, path.strip("/").replace("/", "-"))
