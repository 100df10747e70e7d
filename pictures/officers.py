"""What officers do before the camera, in the order in which it would happen: one function for each part."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from bot.knowledge.tables import ParameterValueRecord
from pictures.camera import Camera
from pictures.world import ADMINISTRATOR, APPROVER, EDITOR, PARAMETER, PASSWORD, REVIEWER

PROGRAM = "huu_tri_xa_hoi"
TITLE = "Trợ cấp hưu trí xã hội từ ngày 01/07/2026"
QUESTION = "Hưu trí xã hội được hưởng những gì?"


def sign_in(camera: Camera, login: str) -> Page:
    """The start page of the officer."""
    page = camera.open("/console/")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    _press(page, "Đăng nhập")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trang đầu")
    return page


def a_new_value(camera: Camera, value: ParameterValueRecord) -> None:
    """A decree sets a new amount: entered, tried out, approved and published."""
    camera.take(camera.open("/console/"), "dang-nhap")
    lan, minh = sign_in(camera, EDITOR), sign_in(camera, APPROVER)
    _go(lan, f"/parameters/{PARAMETER}")
    lan.get_by_role("link", name="Thêm mức mới").click()
    lan.get_by_label("Mức mới", exact=True).fill(f"{value.amount:,.0f}".replace(",", "."))
    lan.get_by_label("Áp dụng từ ngày").fill(value.applies_from.isoformat())
    lan.get_by_label("Căn cứ văn bản").select_option(value.document)
    lan.get_by_label("Điều, khoản").fill(value.article or "")
    lan.get_by_label("Mức tin cậy").select_option(value.evidence)
    lan.get_by_label("Tên lần thay đổi mới").fill(TITLE)
    _press(lan, "Xem những gì thay đổi theo")
    told = lan.locator("#impact")
    expect(told).to_be_visible()
    camera.take(lan, "muc-moi", end=lan.get_by_label("Điều, khoản"))
    camera.take(lan, "thay-doi-theo", start=told)
    _press(lan, "Ghi vào lần thay đổi")
    draft = lan.url
    camera.take(lan, "lan-thay-doi")

    lan.goto(f"{draft}/try")
    lan.get_by_label("Câu hỏi, như người dân gõ").fill(QUESTION)
    _press(lan, "Hỏi")
    expect(lan.get_by_role("region", name="Với lần thay đổi này")).to_be_visible()
    camera.take(lan, "thu-hoi")
    lan.goto(f"{draft}/impact")
    _press(lan, "Chạy thử")
    expect(lan.get_by_role("heading", name=re.compile("khác đi"))).to_be_visible(timeout=300_000)
    camera.take(lan, "thu-tac-dong")
    lan.goto(draft)
    _press(lan, "Gửi duyệt")

    minh.goto(draft)
    camera.take(minh, "duyet", start=minh.get_by_role("heading", name="Việc tiếp theo"))
    _press(minh, "Duyệt và công bố ngay")
    expect(minh.get_by_text("Đã duyệt và công bố.")).to_be_visible()


def conversations(camera: Camera) -> None:
    """The inbox, the log and the review."""
    lan, hoa = sign_in(camera, EDITOR), sign_in(camera, REVIEWER)
    _go(lan, "/inbox")
    camera.take(lan, "hop-thu")
    lan.locator("#rows tbody a").first.click()
    _press(lan, "Nhận trả lời")
    lan.get_by_label("Trả lời người dân").fill(
        "Chào bác, em đã hỏi Tổ tiết kiệm và vay vốn của thôn, sẽ báo bác trong hôm nay ạ."
    )
    camera.take(lan, "yeu-cau")

    _go(hoa, "/log")
    camera.take(hoa, "nhat-ky-hoi-thoai")
    _go(hoa, "/log?q=the+bhyt")
    hoa.locator("#rows tbody a").first.click()
    camera.take(hoa, "cuoc-tro-chuyen", start=hoa.locator("article").first)
    _review(camera, hoa)
    _go(lan, "/tasks")
    camera.take(lan, "viec-can-sua")
    lan.locator("#rows tbody a").first.click()
    camera.take(lan, "viec-giao")

    _go(hoa, "/samples")
    today = hoa.evaluate("new Date().toISOString().slice(0, 10)")
    hoa.get_by_label("Từ ngày").fill(today)
    hoa.get_by_label("Đến ngày").fill(today)
    hoa.get_by_label("Số câu trả lời").fill("5")
    _press(hoa, "Rút mẫu")
    camera.take(hoa, "mau-danh-gia")


def _review(camera: Camera, hoa: Page) -> None:
    _go(hoa, "/queue")
    camera.take(hoa, "xem-lai")
    hoa.get_by_role("link", name=re.compile("[Tt]iền điện")).first.click()
    _press(hoa, "Nhận xem mục này")
    hoa.get_by_label("Cần một mục hỏi đáp mới").check()
    hoa.get_by_label("Vì sao quyết định như vậy").fill("Nhiều người hỏi, chưa có mục trả lời.")
    hoa.get_by_label("Câu cần dạy").fill("Tiền điện tháng này sao cao?")
    hoa.get_by_label("Câu kiểm tra").fill("Hoá đơn điện kỳ này tăng là vì sao?")
    hoa.get_by_label("Người dân hỏi về").select_option("other")
    hoa.get_by_label("Lĩnh vực của mục hỏi đáp mới").select_option("electricity")
    camera.take(hoa, "quyet-dinh", start=hoa.get_by_role("heading", name="Quyết định"))
    hoa.get_by_role("button", name="Ghi quyết định").last.click()
    expect(hoa.get_by_role("link", name="Xem việc đã giao")).to_be_visible()
    _go(hoa, "/cases")
    _press(hoa, "Chạy lại tất cả")
    expect(hoa.get_by_text(re.compile("Đã chạy"))).to_be_visible()
    camera.take(hoa, "cau-kiem-tra")
    _go(hoa, "/training")
    camera.take(hoa, "huan-luyen")


def content(camera: Camera) -> None:
    """FAQ, programs, documents, facts, Excel, and what waits."""
    lan = sign_in(camera, EDITOR)
    camera.take(lan, "trang-dau")
    _go(lan, "/faq")
    camera.take(lan, "cau-hoi-thuong-gap")
    _go(lan, "/faq?q=huu+tri")
    lan.locator("#rows tbody a").first.click()
    lan.get_by_role("link", name="Sửa", exact=True).click()
    lan.get_by_label("Câu trả lời").press("End")
    expect(lan.locator("#warnings")).to_be_attached()
    camera.take(lan, "sua-cau-hoi")

    _go(lan, f"/parameters/{PARAMETER}")
    camera.take(lan, "tham-so")
    _go(lan, f"/programs/{PROGRAM}")
    camera.take(lan, "chuong-trinh")
    lan.get_by_role("link", name=re.compile("^Sửa quy định")).last.click()
    camera.take(lan, "quy-dinh")
    lan.locator("ol.rows a", has_text="Sửa").first.click()
    camera.take(lan, "dieu-kien")
    _go(lan, "/documents")
    camera.take(lan, "van-ban")
    _go(lan, "/new-document")
    camera.take(lan, "them-van-ban")
    _go(lan, "/offices")
    lan.locator("#rows tbody a").first.click()
    camera.take(lan, "noi-lien-he")
    _go(lan, "/topics")
    lan.locator("#rows tbody a").first.click()
    camera.take(lan, "chu-de")
    _go(lan, "/facts")
    lan.locator("#rows tbody a").first.click()
    camera.take(lan, "thong-tin")
    _go(lan, "/excel")
    camera.take(lan, "excel")

    minh = sign_in(camera, APPROVER)
    _go(minh, "/todo")
    camera.take(minh, "viec-can-lam")
    _go(minh, "/todo/confirm?faq=no")
    minh.locator("#rows tbody a").first.click()
    camera.take(minh, "xac-nhan")
    _go(minh, "/changes")
    camera.take(minh, "cac-lan-thay-doi")


def office(camera: Camera) -> None:
    """People, switches, figures, personal data and the audit log."""
    dung = sign_in(camera, ADMINISTRATOR)
    _go(dung, "/officers")
    camera.take(dung, "danh-sach-can-bo")
    _go(dung, "/switches")
    dung.get_by_label("Tắt phần nào").select_option(f"program/{PROGRAM}")
    dung.get_by_label("Lý do").fill("Chờ hướng dẫn mới của cấp trên.")
    dung.get_by_label("Lời nhắn cho người dân").fill(
        "Nội dung này đang được cập nhật. Mình hỏi Ủy ban nhân dân xã, hoặc hỏi lại em vào tuần sau ạ."
    )
    camera.take(dung, "tat-bat-tra-loi")
    _press(dung, "Tắt")
    camera.take(dung, "dang-tat", end=dung.locator("article").first)
    dung.get_by_role("button", name=re.compile("^Bật lại")).click()
    _go(dung, "/figures")
    camera.take(dung, "so-lieu-bao-cao")
    _go(dung, "/privacy")
    camera.take(dung, "du-lieu-ca-nhan")
    _go(dung, "/audit")
    camera.take(dung, "nhat-ky")


def _go(page: Page, path: str) -> None:
    page.goto(f"{page.url.partition('/console')[0]}/console{path}")


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
