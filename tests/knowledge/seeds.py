"""A small world of data files for the tests of storage: one of everything."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

Files = dict[str, dict[str, Any]]


def seeds() -> Files:
    """Fresh data files by path; a test changes what it is about."""
    return {
        "policy/common.yml": {
            "legal_documents": [
                {"number": "1/2020/NĐ-CP", "title": "Nghị định cũ", "replaced_by": "2/2024/NĐ-CP"},
                {
                    "number": "2/2024/NĐ-CP",
                    "title": "Nghị định mới",
                    "issuer": "Chính phủ",
                    "issued": date(2024, 6, 1),
                    "effective_from": date(2024, 7, 1),
                    "url": "https://example.org/2",
                },
            ],
            "parameters": [
                {
                    "id": "luong",
                    "name": "Lương cơ sở",
                    "unit": "đồng/tháng",
                    "values": [
                        {
                            "applies_from": date(2020, 1, 1),
                            "applies_to": date(2024, 6, 30),
                            "amount": 1490000,
                            "legal_basis": {"document": "1/2020/NĐ-CP", "article": "Điều 3"},
                            "evidence": "press",
                        },
                        {
                            "applies_from": date(2024, 7, 1),
                            "amount": "2340000.50",
                            "legal_basis": {"document": "2/2024/NĐ-CP", "article": "Điều 3"},
                            "evidence": "text",
                        },
                    ],
                }
            ],
            "citizen_facts": [
                {
                    "id": "household_class",
                    "type": "choice",
                    "scope": "household",
                    "label": "Loại hộ",
                    "question": "Nhà mình thuộc hộ nào ạ?",
                    "choices": [
                        {"id": "poor", "label": "Hộ nghèo", "phrases": ["hộ nghèo"]},
                        {"id": "other", "label": "Không thuộc"},
                    ],
                    "implies": {"poor": {"farming": True}},
                    "sensitive": True,
                },
                _fact("farming", "boolean", "household"),
                _fact("income", "money", "household"),
                _fact("age", "age", "person"),
                _fact("commune", "commune", "household"),
            ],
            "topics": [{"id": "credit", "name": "Vay vốn", "office": "bank", "keywords": ["vay"]}],
        },
        "policy/credit/loan.yml": {
            "programs": [
                {
                    "id": "loan",
                    "topic": "credit",
                    "name": "Cho vay hộ nghèo",
                    "short_name": "Vay hộ nghèo",
                    "summary": "Vay vốn ưu đãi.",
                    "scope": "household",
                    "keywords": ["vay hộ nghèo"],
                    "office": "bank",
                    "provisions": [
                        {
                            "key": "2021",
                            "state": "closed",
                            "applies_from": date(2021, 1, 1),
                            "applies_to": date(2024, 6, 30),
                            "legal_basis": [{"document": "1/2020/NĐ-CP", "article": "Điều 1"}],
                            "evidence": "memory",
                            "note": "Đã hết từ 01/7/2024.",
                        },
                        {
                            "key": "2024",
                            "state": "open",
                            "applies_from": date(2024, 7, 1),
                            "legal_basis": [
                                {"document": "2/2024/NĐ-CP", "article": "Điều 5"},
                                {"document": "1/2020/NĐ-CP"},
                            ],
                            "evidence": "press",
                            "common": [
                                {
                                    "fact": "commune",
                                    "op": "not_in",
                                    "value": ["20001"],
                                    "label": "Ngoài xã A",
                                    "legal_basis": {"document": "1/2020/NĐ-CP", "article": "Điều 9"},
                                    "evidence": "text",
                                }
                            ],
                            "groups": [
                                {
                                    "key": "poor",
                                    "label": "Hộ nghèo",
                                    "criteria": [
                                        {
                                            "fact": "household_class",
                                            "op": "eq",
                                            "value": "poor",
                                            "label": "Là hộ nghèo",
                                        },
                                        {
                                            "fact": "income",
                                            "op": "le",
                                            "parameter": "luong",
                                            "factor": "0.5",
                                            "label": "Thu nhập thấp",
                                        },
                                    ],
                                },
                                {
                                    "key": "old",
                                    "label": "Người già làm nông",
                                    "criteria": [
                                        {"fact": "age", "op": "ge", "value": 60, "label": "Từ 60 tuổi"},
                                        {"fact": "age", "op": "lt", "value": 80.5, "label": "Dưới 80,5 tuổi"},
                                        {"fact": "farming", "op": "eq", "value": True, "label": "Làm nông"},
                                        {"fact": "farming", "op": "unsettled", "label": "Chưa rõ"},
                                    ],
                                },
                            ],
                            "benefits": [
                                {"label": "Mức vay", "amount": 100000000, "unit": "đồng/hộ", "at_most": True},
                                {"label": "Lãi suất", "percent": "6.6", "of": "năm", "period": "year"},
                                {
                                    "label": "Phụ cấp",
                                    "parameter": "luong",
                                    "factor": "1.5",
                                    "groups": ["old"],
                                    "evidence": "text",
                                    "legal_basis": {"document": "2/2024/NĐ-CP", "article": "Điều 7"},
                                },
                            ],
                            "documents": [
                                {"name": "Giấy đề nghị vay", "form": "Mẫu 01"},
                                {"name": "Căn cước", "evidence": "text"},
                            ],
                            "steps": [
                                {"text": "Nộp đơn", "where": "Tổ vay vốn", "time_limit": "5 ngày"},
                                {"text": "Nhận tiền", "url": "https://example.org/vay", "evidence": "memory"},
                            ],
                        },
                    ],
                }
            ],
        },
        "faq/credit.yml": {
            "faq_entries": [
                {
                    "id": "loan_amount",
                    "topic": "credit",
                    "aspect": "benefit",
                    "program": "loan",
                    "question": "Hộ nghèo vay được bao nhiêu?",
                    "phrasings": ["vay được mấy đồng", "mức vay hộ nghèo", "vay tối đa bao nhiêu"],
                    "answer": "Tối đa 100 triệu đồng; lương cơ sở là {luong} đồng.",
                    "legal_basis": [{"document": "2/2024/NĐ-CP", "article": "Điều 6"}],
                    "evidence": "press",
                    "applies_from": date(2024, 7, 1),
                }
            ]
        },
        "places/all.yml": {
            "communes": [
                {
                    "code": "20001",
                    "name": "Xã A",
                    "kind": "commune",
                    "area": "rural",
                    "mountainous": True,
                    "old_names": ["Thị trấn B", "Xã C"],
                    "old_district": "Huyện D",
                    "old_province": "Kon Tum",
                },
                {"code": "20002", "name": "Phường E", "kind": "ward"},
            ],
            "offices": [
                {
                    "id": "bank",
                    "name": "Ngân hàng Chính sách xã hội",
                    "description": "Phòng giao dịch nơi ở",
                    "phone": "0255 000 000",
                    "evidence": "memory",
                }
            ],
        },
    }


def write(root: Path, files: Files) -> Path:
    """Write the files under ``root``, which is returned."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return root


def provision(files: Files, number: int = 1) -> Any:
    """A provision of the one program; by default the open one."""
    return files["policy/credit/loan.yml"]["programs"][0]["provisions"][number]


def _fact(name: str, kind: str, scope: str) -> dict[str, Any]:
    return {"id": name, "type": kind, "scope": scope, "label": name, "question": f"{name}?"}
