"""Sentences of a message: the ask often stands last, and two asks can stand in one message."""

from __future__ import annotations

import re

from bot.text.fold import fold

# A break is a run of end marks, or a line break. Which full stops count is decided per match.
_MARK = re.compile(r"[.?!…;]+|\n")
_ABBREVIATED = re.compile(r"(?:^|[^\w])(?:tp|tx|tt|ths|ts|gs|pgs|bs|ks|st|ng|nv|vv|v\.v|dc|sdt|[a-z])$")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, without the spaces around it; end marks belong to it."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for match in _MARK.finditer(text):
        if _ends_sentence(text, begin, match):
            spans.append((begin, match.end()))
            begin = match.end()
    spans.append((begin, len(text)))
    trimmed = (_trim(text, start, end) for start, end in spans)
    return [(start, end) for start, end in trimmed if start < end]


def split_sentences(text: str) -> list[str]:
    """The sentences of ``text`` in order; joined, they hold every visible character of it."""
    return [text[start:end] for start, end in sentence_spans(text)]


def _ends_sentence(text: str, begin: int, match: re.Match[str]) -> bool:
    mark, before, after = match.group(), text[begin : match.start()], text[match.end() : match.end() + 1]
    between_digits = before[-1:].isdigit() and after.isdigit()
    if mark == ";":
        return not between_digits
    return mark != "." or not (between_digits or _is_inner_stop(before, after))


def _is_inner_stop(before: str, after: str) -> bool:
    """Whether a full stop between ``before`` and the character ``after`` ends no sentence."""
    if before.strip().isdigit():
        return True  # "1. Hồ sơ": a number in a list
    if _ABBREVIATED.search(fold(before[-8:])):
        return True  # TP. Quảng Ngãi
    if after and not after.isspace():
        # "xong.Nhà" forgot its space; "ansinh.gov.vn" did not.
        return not (before[-1:].islower() and after.isupper())
    return False


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
