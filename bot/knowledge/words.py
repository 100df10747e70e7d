"""Vietnamese words for the fixed values of the tables, as officers read and choose them."""

from __future__ import annotations

from collections.abc import Mapping

Choices = Mapping[str, str]

EVIDENCE: Choices = {"text": "Theo văn bản", "press": "Theo báo chí, trang tin", "memory": "Chưa kiểm chứng"}
SCOPE: Choices = {"household": "Hộ gia đình", "person": "Từng người"}
STATE: Choices = {"open": "Đang áp dụng", "closed": "Đã kết thúc", "pending": "Chờ quy định"}
ASPECT: Choices = {
    "eligibility": "Điều kiện",
    "benefit": "Mức hưởng",
    "documents": "Giấy tờ",
    "procedure": "Cách làm",
    "time_limit": "Thời hạn",
    "definition": "Khái niệm",
    "legal_basis": "Căn cứ pháp lý",
    "complaint": "Khiếu nại",
    "other": "Khác",
}
OPERATOR: Choices = {
    "eq": "bằng",
    "ne": "khác",
    "in": "là một trong",
    "not_in": "không phải một trong",
    "lt": "nhỏ hơn",
    "le": "không quá",
    "gt": "lớn hơn",
    "ge": "ít nhất",
    "unsettled": "văn bản chưa rõ",
}
FACT_TYPE: Choices = {
    "boolean": "có hay không",
    "choice": "chọn một",
    "number": "con số",
    "money": "số tiền",
    "age": "tuổi",
    "duration": "số tháng",
    "commune": "xã, phường",
    "several": "chọn nhiều",
}
PERIOD: Choices = {
    "month": "mỗi tháng",
    "year": "mỗi năm",
    "once": "một lần",
    "school_year": "mỗi năm học",
    "quarter": "mỗi quý",
    "day": "mỗi ngày",
}
COMMUNE: Choices = {"commune": "xã", "ward": "phường", "special_zone": "đặc khu"}
AREA: Choices = {"rural": "nông thôn", "urban": "thành thị"}
REGION: Choices = {"I": "khu vực I", "II": "khu vực II", "III": "khu vực III"}
PROVINCE: Choices = {"Quảng Ngãi": "Quảng Ngãi", "Kon Tum": "Kon Tum"}
CALCULATOR: Choices = {
    "household_premium": "BHYT hộ gia đình",
    "supported_premium": "BHYT được hỗ trợ mức đóng",
    "voluntary_contribution": "BHXH tự nguyện",
    "social_allowance": "trợ cấp xã hội",
    "social_allowance_alone": "trợ cấp xã hội, chỉ hưởng một mức",
    "social_allowance_added": "trợ cấp xã hội, cộng thêm",
    "loan_instalment": "trả góp vốn vay",
    "poverty_line": "so với chuẩn nghèo",
}
