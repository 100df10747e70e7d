"""What changed, in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.console.diff import compared, differences, in_words


def test_fields_that_differ_alone_are_told_in_their_order() -> None:
    changes = differences({"name": "Lan", "roles": ["editor"], "x": 1}, {"name": "Lan", "roles": [], "x": True})
    assert [(change.field, change.parts) for change in changes] == [
        ("Vai trò", [("gone", "Biên tập")]),
    ]
    changes = differences({"x": 1}, {"x": False, "y": {"a": 1}})
    assert [change.field for change in changes] == ["x", "y"]


def test_long_texts_are_compared_word_by_word() -> None:
    assert compared("Hộ nghèo được 100% tiền đóng.", "Hộ nghèo được 70% tiền đóng.") == [
        ("same", "Hộ nghèo được "), ("gone", "100%"), ("new", "70%"), ("same", " tiền đóng."),
    ]  # fmt: skip


@given(st.text(alphabet="ab \n"), st.text(alphabet="ab \n"))
def test_both_texts_are_in_a_comparison(old: str, new: str) -> None:
    parts = compared(old, new)
    assert "".join(part for mark, part in parts if mark != "new") == old
    assert "".join(part for mark, part in parts if mark != "gone") == new


def test_one_line_says_before_and_after() -> None:
    assert in_words({"name": "Lan"}, {"name": "Lan Phạm", "roles": ["editor"]}) == (
        "Họ tên: Lan → Lan Phạm; Vai trò: Biên tập"
    )
    assert in_words(None, {"locked_until": "2026-11-30 07:01:00+00:00"}) == "Khoá đến: 30/11/2026 14:01"
    assert in_words(None, None) == ""
    assert len(in_words(None, {"name": "dài " * 100})) < 140
