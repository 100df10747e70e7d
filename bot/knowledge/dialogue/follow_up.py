"""Follow-ups: the last question for others ("thế hộ cận nghèo thì sao?", "hộ nghèo"), and why ("sao lại không?")."""

import re

from bot.knowledge.dialogue.understanding import Understanding
from bot.text.fold import fold

_WHAT_ABOUT = re.compile(
    r"^\W*(?:(?:vay|roi|the|con|neu|doi voi|voi) )*(?P<about>.*?)\s*\b(?:thi|la) (?:sao|nhu the nao|the nao|ra sao)\b"
    r"(?: (?:a|em|vay|nhi|ha))*\W*$"
)
_AND_THESE = re.compile(
    r"^\W*(?:(?:vay|roi|the|da|em|ua) )*(?:con|neu)(?: (?:neu|voi|doi voi|dien|ben))* "
    r"(?P<about>(?:ho|nguoi|tre|hoc sinh|sinh vien|can ngheo|ngheo|moi thoat)\b[\w ]{0,40}?)"
    r"(?: (?:a|em|vay|nhi|ha))*\W*$"
)
_ONLY_THESE = re.compile(
    r"^\W*(?:(?:da|thi|em|a|nha|gia dinh|toi|tui|minh|con|chau|la|thuoc|dien|cung) )*"
    r"(?P<about>(?:ho )?(?:moi thoat ngheo|can ngheo|ngheo)(?: moi thoat)?)(?: (?:a|em|nha|nghe|ma|do|co so))*\W*$"
)
_ASKS_MORE = re.compile(r"\b(?:gi|chi|nao|mo|sao|dau|bao nhieu|nhieu|may|khong|ko|k|hong|giay|ho so|thu tuc)\b")

_WHY = re.compile(
    r"^\W*(?:(?:da|u|ua|the|vay|roi|ma|em|oi) )*"
    r"(?:(?:tai|vi|do) (?:sao|rang)|sao|rang|ly do|hoi (?:chi|gi|lam (?:gi|chi)|de lam (?:gi|chi)))\b"
    r"(?: (?:lai|khong|ko|k|duoc|dc|chua|toi|tui|minh|nha|me|cha|ba|ong|bi|loai|tu choi|du dieu kien|thuoc dien|"
    r"phai|can|hoi|biet|cai|chuyen|do|nay|vay|rua|the|la|gi|chi|a|ha|nhi|em))*\W*$"
)


def asks_why(said: Understanding) -> bool:
    """Say whether the message asks why: why something was asked, or why a verdict is as it is."""
    return _WHY.match(fold(said.text)) is not None


def says_only_whom(said: Understanding) -> bool:
    """Say whether the message is a class of households and nothing else: whom the last question is for."""
    return _ONLY_THESE.match(fold(said.text)) is not None


def asked_about(said: Understanding) -> str | None:
    """Return what such a follow-up is about, without accents and dates; ``None`` where it is no follow-up.

    "năm 2024 thì sao?" is about nothing but a day: "".
    """
    text = fold(said.text)
    for entity in said.of("date"):
        text = text[: entity.start] + " " * (entity.end - entity.start) + text[entity.end :]
    match = _WHAT_ABOUT.match(text) or _ONLY_THESE.match(text)
    if match is None:
        match = _AND_THESE.match(text)
        if match is None or _ASKS_MORE.search(match["about"]):
            return None
    about = re.sub(r"\b(?:vao|nam|thang|ngay|hoi|truoc)\b", " ", match["about"])
    return " ".join(re.findall(r"\w+", about))
