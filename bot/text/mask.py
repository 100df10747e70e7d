"""Personal numbers out of a message, before anything stores or reads it.

Reads text that ``normalize`` has been over. Any run of digits with single separators between
("0905 123 456", "051.234.567.890") is taken as one number, with these marks to tell it by:
a length, a first digit, and words before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from bot.text.fold import fold
from bot.text.offsets import compose

PLACEHOLDERS = {
    "national_id": "[số định danh]",
    "insurance_card": "[số thẻ]",
    "insurance_number": "[mã số]",
    "phone": "[số điện thoại]",
    "bank_account": "[số tài khoản]",
    "email": "[email]",
}
_ANY_PLACEHOLDER = "|".join(re.escape(fold(p)) for p in PLACEHOLDERS.values())

_SEPARATOR = r"[ .\-–_()]{1,3}"
_CLUSTER = re.compile(rf"\d+(?:{_SEPARATOR}\d+)*")
_SHORTEST = 6
_LONGEST = 19  # digits of the longest bank account number
_DATE = re.compile(r"(?<!\d)[0-3]?\d([.\-])[01]?\d\1(?:19|20)\d\d(?!\d|[.\-]\d)")
_PHONE = re.compile(r"0[35789]\d{8}|02\d{8,9}|84[35789]\d{8}|840[35789]\d{8}")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# The letters say why the holder is insured. Apart from the digits only known ones count: "là 45…".
_CARD_CODES = (
    "dn|hx|ch|nn|tk|hc|xk|ht|tb|ct|xb|tn|cs|qn|cy|xn|ms|cc|ck|cb|kc|hd|te|bt|hn|dt|dk|xd|ts|tc|tq|ty|"
    "hg|ls|pv|tg|hs|sv|gb|gd|nd"
)
_CARD = re.compile(rf"(?<![a-z0-9])(?:[a-z]{{2}}|(?:{_CARD_CODES}){_SEPARATOR})\d(?:(?:{_SEPARATOR})?\d){{12}}(?!\d)")

# A cue stands before its number with no other number, placeholder or sentence end between.
_GAP = r"[^\d.?!\n\[\]]{0,40}$"
_BANK_CUE = re.compile(r"\b(?:stk|so tk|so tai khoan|tai khoan|tk ngan hang|account)\b" + _GAP)
_CARD_CUE = re.compile(r"\b(?:bhyt|bao hiem y te|ma the|so the|the)\b" + _GAP)
_BHXH_CUE = re.compile(
    r"\b(?:bhxh|bao hiem xa hoi|so so|so bao hiem|ma bao hiem|ma so|bhyt|bao hiem y te|ma the|so the)\b" + _GAP
)
_ID_CUE = re.compile(r"\b(?:cmnd|cmt|cccd|chung minh|can cuoc|dinh danh|so the|ma so|giay to|so cm|ho chieu)\b" + _GAP)
_MONEY_AFTER = re.compile(r" ?(?:dong|vnd|d|₫|k|nghin|ngan|trieu|tr|ty)(?![a-z])")


@dataclass(frozen=True)
class Masked:
    """``text`` with placeholders, and the kinds that were replaced, each once, in order."""

    text: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class _Run:
    digits: str
    start: int
    end: int


@dataclass(frozen=True)
class _Hit:
    start: int
    end: int
    kind: str


def mask(text: str) -> Masked:
    """Replace personal numbers and addresses in ``text`` by words in brackets.

    Found: national ID numbers (12 digits; 9 behind a word such as "CMND"), health insurance
    cards (2 letters and 13 digits), social insurance numbers (10 digits behind a word), phone
    numbers, bank accounts behind a word, e-mail addresses – each also with spaces, dots or
    dashes inside. Sums of money, dates and all other text stay as they are, and masking again
    changes nothing.
    """
    composed = compose(text)
    folded = fold(composed.text)
    hits: list[_Hit] = []
    for hit in sorted(_hits(folded), key=lambda h: (h.start, -h.end)):
        if not hits or hit.start >= hits[-1].end:
            hits.append(hit)
    pieces: list[str] = []
    at = 0
    for hit in hits:
        start, end = composed.original_span(hit.start, hit.end)
        pieces += [text[at:start], PLACEHOLDERS[hit.kind]]
        at = end
    return Masked("".join([*pieces, text[at:]]), tuple(dict.fromkeys(hit.kind for hit in hits)))


def _hits(folded: str) -> Iterator[_Hit]:
    taken = [(m.start(), m.end()) for m in _DATE.finditer(folded)]
    for pattern, kind in ((_EMAIL, "email"), (_CARD, "insurance_card")):
        for match in pattern.finditer(folded):
            yield _Hit(match.start(), match.end(), kind)
            taken.append((match.start(), match.end()))
    # What is taken is a wall to the clusters around it, as its placeholder is the next time.
    walled = folded
    for start, end in taken:
        walled = walled[:start] + "[" * (end - start) + walled[end:]
    for cluster in _CLUSTER.finditer(walled):
        runs = [_Run(m.group(), m.start(), m.end()) for m in re.finditer(r"\d+", cluster.group())]
        shift = cluster.start()
        yield from _read([_Run(r.digits, r.start + shift, r.end + shift) for r in runs], walled)


def _read(runs: list[_Run], text: str) -> Iterator[_Hit]:
    """Personal numbers among neighbouring runs of digits, the longest from left to right."""
    first = 0  # runs before it are spoken for
    index = 0
    while index < len(runs):
        piece: list[_Run] = []
        found: tuple[int, str] | None = None
        is_cued = _cues_before(runs[index].start, text)
        for last in range(index, len(runs)):
            piece.append(runs[last])
            if sum(len(run.digits) for run in piece) > _LONGEST:
                break
            kind = _kind(piece, runs[max(first, index - 3) : index], text, is_cued)
            if kind:
                found = last, kind
        if found is None:
            index += 1
            continue
        last, kind = found
        start = runs[index].start
        if kind == "phone" and text[start - 1 : start] == "+":
            start -= 1
        yield _Hit(start, runs[last].end, kind)
        first = index = last + 1


def _cues_before(start: int, text: str) -> Callable[[re.Pattern[str]], bool]:
    """Whether a cue stands before ``start``; looked for once, however many numbers may begin there."""
    ahead = text[max(0, start - 60) : start]
    return cache(lambda cue: cue.search(ahead) is not None)


def _kind(piece: list[_Run], before: list[_Run], text: str, is_cued: Callable[[re.Pattern[str]], bool]) -> str | None:
    digits = "".join(run.digits for run in piece)
    if len(digits) < _SHORTEST:
        return None
    paid = _MONEY_AFTER.match(text, piece[-1].end) is not None
    facts = _Facts(
        digits=digits,
        whole=len(piece) == 1,
        paid=paid,
        round_sum=digits[0] != "0" and (digits.endswith("00000") or paid),
        grouped=(paid or digits.endswith("000")) and _in_thousands(before, piece),
        is_cued=is_cued,
    )
    for lengths, kind, is_kind in _RULES:
        if len(digits) in lengths and is_kind(facts):
            return kind
    return None


@dataclass(frozen=True)
class _Facts:
    """What tells an ID from a sum: the digits, in one piece or in groups, and the text around."""

    digits: str
    whole: bool
    paid: bool
    round_sum: bool
    grouped: bool
    is_cued: Callable[[re.Pattern[str]], bool]


def _cued(cue: re.Pattern[str]) -> Callable[[_Facts], bool]:
    return lambda f: not f.round_sum and f.is_cued(cue)


def _is_national_id(f: _Facts) -> bool:
    if f.digits[0] == "0":
        return not f.grouped and not f.digits.startswith("000")
    money = f.paid or f.digits.endswith("000")
    return _cued(_ID_CUE)(f) or (f.whole and not money)


def _is_phone(f: _Facts) -> bool:
    return not f.grouped and _PHONE.fullmatch(f.digits) is not None


_RULES: tuple[tuple[range, str, Callable[[_Facts], bool]], ...] = (
    (range(_SHORTEST, _LONGEST + 1), "bank_account", _cued(_BANK_CUE)),
    (range(10, 11), "insurance_number", _cued(_BHXH_CUE)),
    (range(13, 16), "insurance_card", _cued(_CARD_CUE)),
    (range(10, 13), "phone", _is_phone),
    (range(12, 13), "national_id", _is_national_id),
    (range(9, 10), "national_id", _cued(_ID_CUE)),
)


def _in_thousands(before: list[_Run], piece: list[_Run]) -> bool:
    """Whether the digits belong to a sum written in groups of three, "1 050 000 000"."""
    runs = before + piece
    for start in range(len(before) + 1):
        head, rest = runs[start], runs[start + 1 :]
        total = len(head.digits) + 3 * len(rest)
        could_be_sum = head.digits[0] != "0" and len(head.digits) <= 3 and total <= 12
        if could_be_sum and rest and all(len(run.digits) == 3 for run in rest):
            return True
    return False
