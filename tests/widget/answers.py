"""Answers as the assistant gives them, for cards whose parts a test looks at."""

from __future__ import annotations

from typing import Any

from tests.conversation.fake_rasa import answer

LAW = {
    "document": "41/2024/QH15",
    "article": "Điều 21",
    "effective_from": "2025-07-01",
    "effective_to": None,
    "url": "https://congbao.chinhphu.vn/van-ban/x.htm",
}
DECREE = {**LAW, "document": "176/2025/NĐ-CP", "article": "Điều 2", "url": "http://insecure.example/x"}

REFUSED: dict[str, Any] = answer(
    "Hưu trí xã hội – mẹ: CHƯA KẾT LUẬN ĐƯỢC.\n"
    "Vì sao:\n"
    "✓ Từ đủ 75 tuổi (mình cho biết: 76 tuổi) – Điều 21, 41/2024/QH15\n"
    "✗ Thuộc hộ nghèo – Điều 21, 41/2024/QH15\n"
    "? Không hưởng tiền tuất hằng tháng – Điều 22, 41/2024/QH15\n"
    "Được hưởng:\n"
    "- Trợ cấp mỗi tháng: 540.000 đồng/tháng\n"
    "Giấy tờ mang theo: Tờ khai (Mẫu 01); Căn cước – Để đối chiếu.\n"
    "Căn cứ: Điều 21, 41/2024/QH15; Điều 22, 41/2024/QH15; Điều 2, 176/2025/NĐ-CP.\n"
    "Tính đến ngày 25/11/2026.",
    source="eligibility",
    program="huu_tri_xa_hoi",
    member="mother",
    verdict="unknown",
    criteria=[
        {"label": "Từ đủ 75 tuổi", "verdict": "eligible", "value": "76 tuổi", "legal_basis": "Điều 21, 41/2024/QH15"},
        {"label": "Thuộc hộ nghèo", "verdict": "not_eligible", "value": None, "legal_basis": "Điều 21, 41/2024/QH15"},
        {
            "label": "Không hưởng tiền tuất hằng tháng",
            "verdict": "unknown",
            "value": None,
            "legal_basis": "Điều 22, 41/2024/QH15",
        },
    ],
    documents=["Tờ khai (Mẫu 01)", "Căn cước – Để đối chiếu."],
    office="UBND xã",
    citations=[LAW, {**LAW, "article": "Điều 22"}, DECREE],
    as_of="2026-11-25",
    verified=False,
    buttons=[{"title": "Được hưởng gì?", "act": {"act": "aspect", "program": "huu_tri_xa_hoi", "aspect": "benefit"}}],
)

SEVERAL: dict[str, Any] = answer(
    "Hằng tháng mẹ có nhận khoản nào sau đây không ạ?\n1. Lương hưu\n2. Tiền tuất",
    status="asked_back",
    source="eligibility",
    asks={
        "fact": "monthly_money",
        "member": "mother",
        "type": "several",
        "choices": ["Lương hưu", "Tiền tuất"],
        "multiple": True,
    },
    buttons=[
        {"title": title, "act": {"act": "inform", "fact": "monthly_money", "value": title, "member": "mother"}}
        for title in ("Lương hưu", "Tiền tuất", "Không có mục nào")
    ],
)

SCREENING: dict[str, Any] = answer(
    "Kết quả xem giúp nhà mình (tính đến ngày 25/11/2026):\n"
    "Đủ điều kiện theo lời mình kể:\n"
    "- BHYT hộ cận nghèo: Nhà nước hỗ trợ ít nhất 70% tiền đóng\n"
    "Chưa chắc, cần hỏi thêm cán bộ:\n"
    "- Trợ cấp đơn thân nuôi con: còn phải làm rõ đang nuôi con dưới 16 tuổi\n"
    "Chưa thuộc diện: BHYT hộ nghèo; BHYT học sinh; và 16 chính sách khác.",
    source="eligibility",
    results=[
        {"program": "bhyt_can_ngheo", "member": None, "verdict": "eligible", "criteria": []},
        {"program": "tro_cap_don_than", "member": "self", "verdict": "unknown", "criteria": []},
        {"program": "bhyt_ho_ngheo", "member": None, "verdict": "not_eligible", "criteria": []},
    ],
    as_of="2026-11-25",
)

CLARIFY: dict[str, Any] = answer(
    "Dạ em chưa chắc mình hỏi điều nào. Có phải mình muốn hỏi:\n- BHYT hộ nghèo\n- BHYT hộ cận nghèo",
    status="clarify",
    source="system",
    buttons=[{"title": t, "act": {"act": "topic", "topic": "x"}} for t in ("BHYT hộ nghèo", "BHYT hộ cận nghèo")],
)

_MARKUP = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"

HOSTILE: dict[str, Any] = answer(
    f"{_MARKUP}: ĐỦ ĐIỀU KIỆN.\n{_MARKUP}:\n- {_MARKUP}: javascript:alert(1)\n✓ {_MARKUP}\nhttps://ok.example/{_MARKUP}\n"
    + "dài" * 400,
    source="eligibility",
    verdict="eligible",
    criteria=[{"label": _MARKUP, "verdict": "eligible", "value": _MARKUP, "legal_basis": _MARKUP}],
    documents=[_MARKUP],
    office=_MARKUP,
    checklist_url=None,
    citations=[
        {**LAW, "document": _MARKUP, "article": _MARKUP, "url": "javascript:document.title='broken'"},
        {**LAW, "document": "b", "url": "data:text/html,<script>alert(1)</script>"},
    ],
    as_of="2026-11-25",
    buttons=[{"title": _MARKUP, "act": {"act": "topic", "topic": "x"}}],
)
