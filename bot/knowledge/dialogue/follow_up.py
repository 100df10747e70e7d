"""Follow-ups that repeat the last question for others: "thế hộ cận nghèo thì sao?"."""

import re

from bot.knowledge.dialogue.understanding import Understanding
from bot.text.fold import fold

_WHAT_ABOUT = re.compile(
    r"^\W*(?:(?:vay|roi|the|con|neu|doi voi|voi) )*(?P<about>.*?)\s*\b(?:thi|la) (?:sao|nhu the nao|the nao|ra sao)\b"
    r"(?: (?:a|em|vay|nhi|ha))*\W*$"
)


def asked_about(said: Understanding) -> str | None:
    """Return what such a follow-up is about, without accents and dates; ``None`` where it is no follow-up.

    "năm 2024 thì sao?" is about nothing but a day: "".
    """
    text = fold(said.text)
    for entity in said.of("date"):
        text = text[: entity.start] + " " * (entity.end - entity.start) + text[entity.end :]
    match = _WHAT_ABOUT.match(text)
    if match is None:
        return None
    about = re.sub(r"\b(?:vao|nam|thang|ngay|hoi|truoc)\b", " ", match["about"])
    return " ".join(re.findall(r"\w+", about))
