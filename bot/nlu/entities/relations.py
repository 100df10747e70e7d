"""Who of the household a message speaks of.

Kin words are also how Vietnamese speakers address each other: "bà", "anh", "em" in "cho em hỏi"
or "anh chị ơi" name nobody of the household. Those words count only beside a word that makes
them kin ("bà nội", "em gái", "anh tôi") or, for the speaker, before something said of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.nlu.entities.found import Found
from bot.text.fold import fold

_MINE = r"(?: (?:của )?(?:tôi|tui|em|mình|cháu|nhà))"
# "ông nhà", "bà nhà" are a spouse, "anh em", "chị em" people in general.
_OURS = r"(?: (?:của )?(?:tôi|tui|em|mình|cháu))"
_NOT_WORD = r"(?!\w)"
_AGED = r"(?= (?:năm nay |nay |đã |mới |được |hơn |gần |ngoài )*(?:\d+ ?(?:tuổi|t|tháng)|sinh năm|sn)\b)"
_SAID = (
    r"(?= (?:(?:thì|cũng|đang|đã|mới|vừa|hiện|hiện nay|năm nay|nay|vẫn|sắp|lại) )*"
    r"(?:\d+ ?(?:tuổi|t)\b|là (?!ai)|bị|có|không có|chưa có|ở|sinh|sn|làm|thuộc|sống|nghèo|học|mang|đi làm|"
    r"thất nghiệp|mồ côi|nuôi|đóng|tham gia|được|muốn|cần|nghỉ)\b)"
)


# The count stays outside: it is an entity of its own.
_COUNTED = r"(?:(?<=\d )|(?<=hai )|(?<=ba )|(?<=bốn ))"


class _Rule(NamedTuple):
    value: str
    pattern: str
    # Whether the words still mean it when accents are left out.
    unaccented: bool = True


_RULES = (
    _Rule("parents", r"(?:bố mẹ|ba mẹ|cha mẹ|ba má|ba mạ|cha má|bố má|tía má|bọ mạ)"),
    _Rule("couple", r"(?:hai )?vợ chồng"),
    _Rule("mother_in_law", r"(?:mẹ|má|mạ) (?:vợ|chồng)"),
    _Rule("father_in_law", r"(?:bố|cha|ba|tía) (?:vợ|chồng)"),
    _Rule("grandparents", r"ông bà(?: (?:nội|ngoại)|" + _OURS + r")"),
    _Rule("grandmother", r"(?:bà|mệ) (?:nội|ngoại)|cụ bà"),
    # Without accents "ba toi" is rather the father.
    _Rule("grandmother", r"bà" + _OURS + r"|mệ", unaccented=False),
    _Rule("grandfather", r"ông (?:nội|ngoại)|ông" + _OURS + r"|cụ ông"),
    _Rule("grandchild", r"(?:đứa )?cháu (?:nội|ngoại|(?:của )?(?:tôi|tui))"),
    _Rule("child", r"(?:bé|nhóc) nhà (?:tôi|tui|em|mình|con|cháu)"),
    _Rule(
        "sibling",
        r"(?:anh|chị|em) (?:trai|gái|ruột|út|cả)|anh chị em ruột|(?:anh|chị|em) (?:của )?(?:tôi|tui|mình)",
    ),
    _Rule("child", r"con (?:trai|gái|út|đầu|cả|nhỏ|lớn|ruột|nuôi|thứ)|con" + _MINE),
    _Rule(
        "child",
        _COUNTED + r"(?:đứa )?(?:con|cháu|bé)|(?:đứa|các|những|mấy) (?:con|cháu|bé)|đứa (?:nhỏ|bé|lớn)",
    ),
    _Rule("child", r"(?:con|bé|cháu|cháu bé|bé con)" + _AGED),
    _Rule(
        "child",
        r"(?<=có )con|(?<=nuôi )con|(?<=sinh )con|(?<=đẻ )con|cháu (?:nhà|bé)|em bé",
        unaccented=False,
    ),
    _Rule("mother", r"(?:mẹ|má|mạ)(?: ruột| đẻ| nuôi| già)?" + _MINE),
    _Rule("mother", r"(?:mẹ|má|mạ)(?: ruột| đẻ| nuôi| già)?", unaccented=False),
    _Rule("mother", r"mẹ" + _AGED),
    _Rule("father", r"(?:bố|cha|ba|tía|bọ)(?: ruột| đẻ| nuôi| già)?" + _MINE),
    _Rule("father", r"(?:bố|cha|tía)(?: ruột| đẻ| nuôi| già)?", unaccented=False),
    _Rule("father", r"(?:bố|cha)" + _AGED),
    _Rule("wife", r"vợ" + _MINE),
    _Rule("wife", r"vợ", unaccented=False),
    _Rule("husband", r"chồng" + _MINE),
    _Rule("husband", r"chồng", unaccented=False),
    _Rule("self", r"(?:bản thân|chính)(?: (?:tôi|tui|em|mình))?"),
    _Rule("self", r"(?:tôi|tui|mình|em)" + _SAID),
    _Rule("self", r"(?:tôi|tui)(?! (?:xin |muốn |cần |có thể )?(?:hỏi|biết|nghe))", unaccented=False),
)
# A pronoun behind these says whose, or whom one asks, not who.
_WHOSE = re.compile(
    r"\b(?:nhà|hộ|gia đình|của|cho|giúp|với|dạ|xã|thôn|bên|chỗ|quê|con|cháu|mẹ|má|mạ|bố|cha|ba|tía|vợ|chồng|"
    r"ông|bà|anh|chị|em|trai|gái|nội|ngoại|ruột|út|nhỏ|lớn|cả|đầu|hàng|xóm|bạn|thôi|chào) $"
)
_ASKING = re.compile(r" (?:xin |đang |cũng )*(?:muốn |cần )?(?:hỏi|biết|được hỏi|nhờ|tư vấn|có thể hỏi|có câu)\b")
_ADDRESSED = re.compile(r" (?:ơi|oi)\b")
_OTHER_SENSE = re.compile(
    r"(?:má (?:phanh|hồng|lúm)|mạ (?:kẽm|vàng|bạc|crom)|chồng (?:chéo|lên|chất)|cha xứ|mẹ việt nam)"
)
# "mồ côi cả cha lẫn mẹ" speaks of the child.
_OTHER_BEFORE = re.compile(
    r"\b(?:gò|rau|gieo|cây|cấy|lúa|xi|thóc|(?:mồ côi|mo coi)(?: (?:cả|ca))?|(?:cha|bố|ba|bo|mẹ|me) (?:lẫn|lan)) $"
)


def _compiled(fold_them: bool) -> list[tuple[str, re.Pattern[str]]]:
    rules = [rule for rule in _RULES if rule.unaccented or not fold_them]
    make = fold if fold_them else str
    return [(rule.value, re.compile(rf"(?<!\w)(?:{make(rule.pattern)}){_NOT_WORD}")) for rule in rules]


_ACCENTED = _compiled(fold_them=False)
_PLAIN = _compiled(fold_them=True)
_WHOSE_PLAIN = re.compile(fold(_WHOSE.pattern))
_ASKING_PLAIN = re.compile(fold(_ASKING.pattern))


def find_relations(text: str) -> Iterator[Found]:
    """``relation`` entities, the surest reading first; ``text`` is composed (NFC).

    Values: self, mother, father, parents, grandmother, grandfather, grandparents, child, grandchild,
    wife, husband, couple, sibling, mother_in_law, father_in_law.
    """
    lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    without_accents = fold(text) == lower
    rules, whose, asking = (_PLAIN, _WHOSE_PLAIN, _ASKING_PLAIN) if without_accents else (_ACCENTED, _WHOSE, _ASKING)
    for value, pattern in rules:
        for match in pattern.finditer(lower):
            before = lower[max(0, match.start() - 16) : match.start()]
            if value == "self" and (whose.search(before) or asking.match(lower, match.end())):
                continue
            if _ADDRESSED.match(lower, match.end()) or _OTHER_SENSE.match(lower, match.start()):
                continue
            if not _OTHER_BEFORE.search(before):
                yield Found("relation", *match.span(), value)
