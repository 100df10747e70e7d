"""Texts as citizens, and those who wish us ill, might send them. Runs in both environments."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

# What the parsers look for, so that they are reached at all.
_WORDS = (
    "con", "mẹ", "vợ chồng", "hai đứa nhỏ", "ông bà nội", "nhà 5 người", "tuổi", "sinh năm", "1956", "12/3/1950",
    "31-2-2026", "năm ngoái", "tháng 13", "triệu", "tr", "1tr5", "rưỡi", "nghìn", "k", "tỷ", "đồng/tháng", "₫",
    "4.500.000", "1,5", "một trăm linh", "mười mốt", "hai mươi lăm", "không phẩy năm", "0912 345 678",
    "+84-912-345-678", "cmnd", "số thẻ", "stk", "GD4", "012345678901", "a@b.vn", "xã Ba Tơ", "phường", "Đức Phổ",
    "huyện", "hộ nghèo", "bhyt", "hok bik", "ko dc", "?", "...", "/greet", "#b:", "3-4", "½", "%", "1e9", "٣٤", "９",
    "Ⅳ", "²", "m2", "năm năm", "tư", "rằm", "mồng 1 tháng giêng", "từ", "đến", "chưa", "hơn", "dưới 2 triệu",
)  # fmt: skip
_ODD = (
    "\u0300", "\u0309", "\u031b", "\u0323", "\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\u00ad", "\x00",
    "\x1b[2J", "\x85", "\u2028", "\ufffd", "\ud800", "ﬁ", "İ", "ß", "ǅ", "ﷺ", "𝟙", "🏻‍👩", "Ã¡º»",
    "a\u0302\u0301\u0323", "̂", "đ̣", "\r\n", "\t", "\u3000",
)  # fmt: skip
_GLUE = ("", " ", "  ", "\n", ".", ",", "-", "/", ":", "\u00a0")


def _joined(parts: list[str], glue: str) -> str:
    return glue.join(parts)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


_PIECES = st.one_of(
    st.sampled_from(_WORDS),
    st.sampled_from(_ODD),
    st.text(max_size=12),
    st.integers(0, 10**13).map(str),
    st.from_regex(r"[0-9]{1,4}([ .,/-][0-9]{1,4}){0,8}", fullmatch=True),
)
_LONG = st.builds(str.__mul__, _PIECES, st.integers(1, 400)).map(lambda text: text[:2000])

TEXTS: st.SearchStrategy[str] = st.one_of(
    st.builds(_joined, st.lists(_PIECES, max_size=25), st.sampled_from(_GLUE)),
    st.builds(_joined, st.lists(_PIECES, max_size=8), st.sampled_from(_GLUE)).map(_decomposed),
    _LONG,
)
"""Up to a message's length, and a little beyond."""
