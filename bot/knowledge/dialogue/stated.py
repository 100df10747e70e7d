"""Which facts a message states, and of whom.

Ages, amounts and places come as entities; choice and yes/no facts are spotted by the phrases in their rows, so a
fact that an officer adds is understood without training. The class of a household belongs to the household, an
age to the person it is said of (``people.py``).
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bot.knowledge.case import Case
from bot.knowledge.dialogue.people import member_at
from bot.knowledge.dialogue.understanding import Entity, Understanding
from bot.knowledge.domain import Choice, FactDefinition, FactType, Scope
from bot.knowledge.values import Age, FactKey, FactValue
from bot.text.abbreviations import expansions
from bot.text.durations import find_durations
from bot.text.fold import fold
from bot.text.normalize import normalize
from bot.text.sentences import sentence_spans

# Who speaks of their own home or kin states a fact; "hộ nghèo được gì?" only asks.
_PERSONAL = re.compile(
    r"\b(?:toi|tui|nha (?:toi|tui|em|minh|con|chau)|gia dinh (?:toi|em|minh|tui)|"
    r"(?:me|ma|cha|ba|bo|con|chau|vo|chong|ong|anh|chi) (?:toi|tui|em|minh)|minh (?:la|thuoc|bi|o))\b"
)
_NEGATION = re.compile(
    r"\b(?:khong|chua|chang|ko|k|kg|hong)"
    r"(?: (?:phai|co|bi|thuoc|duoc|con|la|dien|cong nhan|xet|cap|giay|so|xac nhan|vao))* ?$"
)
# "bảo hiểm y tế hộ nghèo" names a card, "nhà tôi hộ nghèo" says what one is.
_CLASS_STATED = re.compile(
    r"\b(?:toi|tui|em|minh|con|chau|nha|gia dinh|ho|thuoc|dien|la|duoc cong nhan|cong nhan)"
    r"(?: (?:dang|hien|van|thuoc|dien|la|con|cung|moi|vua|co|duoc|xet|so))* ?$"
)
# "tôi nuôi con một mình, hộ nghèo, có được gì không": between two commas it says what the one who speaks is.
_CLAUSE_BEFORE, _CLAUSE_AFTER = re.compile(r"(?P<clause>[^,;.?!\n]+)[,;.] *$"), re.compile(r"^ *(?:[,;.]|$)")
_NEIGHBOURS = "hang xom|nguoi ta|nguoi quen|ban toi"
# "hàng xóm tôi", "trước đây là": not of this household, or not of today.
_NOT_OURS_NOW = re.compile(
    rf"\b(?:{_NEIGHBOURS}|nha ben|nha (?:chu|bac|co|di|cau|mo|thim) (?:toi|tui|em|minh)|"
    r"truoc day|truoc kia|hoi truoc|ngay truoc|nam ngoai|nam truoc|da tung|tung la)\b[^.?!\n]*$"
)
# "mới ra khỏi hộ nghèo", "muốn xin vào hộ nghèo": it was so, or is only wished for.
_WAS_OR_WISHED = re.compile(
    r"\b(?:het|thoat|ra khoi|khoi|cat|rut|mat so|xin|muon|dinh|dang lam|lam giay|lam so)(?: \w+){0,2} $"
)
# "hộ nghèo giờ hết rồi", "hộ nghèo đã bị cắt".
_NO_MORE = re.compile(
    r"^[ ,]*(?:(?:nhung|ma|gio|nay|nam nay|bay gio|da|vua|moi|bi|thi) )*"
    r"(?:het|thoat|khong con|ra khoi|cat|rot|cu)\b|^[\w ,+#]{0,30}\b(?:deu|cung) (?:khong|ko|chua)\b"
)
# "không phải hộ nghèo hay cận nghèo": what is denied goes on; "#" stands for it.
_AND_SO = re.compile(r"#(?: (?:hay|hoac|va|lan|cung|la|thuoc|ho|dien))* ?$")
_OTHERS = re.compile(rf"\b(?:{_NEIGHBOURS})\b[^.?!\n]*$")
# "chưa có giấy", "đang làm giấy": an answer to which paper one has.
_NO_PAPER = re.compile(
    r"\b(?:chua|khong|ko|k|hong|hok) (?:(?:co|lam|duoc|cap|xin) )*giay\b|\b(?:dang|muon|dinh) (?:lam|xin)\b"
)
# What speaks of a right, or asks, states nothing: "tôi có được vay vốn hộ nghèo".
_OF_A_RIGHT = re.compile(
    r"\b(?:hoi|biet|nghe|thay|noi|duoc|dc|huong|vay|mua|nhan|xin|the|bhyt|bao hiem|tro cap|ho tro|giup|cho|chinh sach|"
    r"che do|quyen loi|muon|dinh|lam|tieu chi|doi tuong|gom|nhu|cac|nhung|thon|xom|can bo|gan|canh|ben)\b"
)
_A_CLASS = re.compile(r"\bngheo\b")
_STATING_INTENTS = frozenset({"inform", "screen", "correct", "affirm", "deny"})
_YES = re.compile(
    r"^(?:da |vang |u )*(?:co|da|vang|u|uh|um|phai|dung|dung roi|roi|co roi|co a|ok|dung vay|yes)"
    r"(?: a| roi| nha| nhe| em)*$"
)
_NO = re.compile(
    r"^(?:da |da em )*(?:khong|chua|ko|k|hong|hok|khong co|chua co|khong phai|chua bao gio|no)"
    r"(?: a| nha| dau| em| co)*$"
)
_ASKS_WHETHER = re.compile(r"\bmay\b|\bco\b.*\bkhong\b")
_NUMBERS_ONLY = re.compile(r"^(?:so |dien |muc |chon )*\d+(?:(?:[\s,;.+&]|va|voi|so|muc)+\d+)*$")
_NONE_OF_THESE = re.compile(
    r"^(?:da |thua )*(?:(?:khong|ko|k|hong|chang)(?: \w+){0,3} (?:nao|ai|gi|het|ca)\b|het(?: roi)?\b|"
    r"chi (?:co )?(?:vay|the|nhieu do)\b)"
)
_DONT_KNOW = re.compile(
    r"\b(?:khong biet|ko biet|k biet|hong biet|hok biet|chua biet|khong ro|ko ro|chua ro|khong nho|khong chac|chiu|"
    r"(?:khong|ko|k|hong|hok) (?:muon|thich) (?:noi|ke|tra loi|khai))\b"
)

# What is earned, and what is a rate of the State's or of insurance.
_PAY, _RATE = re.compile(r"\bluong\b"), re.compile(r"\b(?:co so|toi thieu|vung|dong|binh quan|muc)\b")
# "xài 45 số điện", "45 kWh".
_KWH = re.compile(
    r"\b(?:dung|xai|sai|het|tieu thu|chay)\b[^.,;?!\d]{0,25}(\d{1,4}) ?(?:so dien|so|kwh|ki ?lo ?oat|ky dien)\b"
)
_TODAY = re.compile(r"\b(?:nam nay|hien nay|hien gio|gio|bay chu|nay|hien tai)\b|\bchừ\b")
"""Behind a day that is past, these say that the question is about today after all."""
# "từ năm 2023": since then, and still.
_SINCE = re.compile(r"\btu(?: (?:hoi|luc|nam|thang|ngay|dau|cuoi|giua))* $")
# "…, có được …": what is asked comes after what was told.
_THEN_ASKS = re.compile(r"[^?.!]*[,;]| (?:thi co|co duoc|co dc|ma|roi|nen)\b|\.")
_OPENING = re.compile(r"(?:(?:a|da|the|vay|con|hoi|vao|trong|luc|dip|dau|cuoi|giua|nam|thang|ngay)\W*)*$")
FIRST_YEAR = 2021
"""The tables hold what applied from this year on."""
WORDS_OF_A_DAY_QUESTION = 12


class Vocabulary:
    """The facts and the phrases that state them, longest first so that the more exact phrase wins."""

    def __init__(self, definitions: Mapping[str, FactDefinition]) -> None:
        self.definitions = definitions
        self.phrases: dict[str, tuple[str, str, FactValue]] = {}
        for definition in definitions.values():
            for phrase, value in _phrases(definition):
                self.phrases.setdefault(fold(phrase), (normalize(phrase), definition.id, value))
        longest_first = sorted(self.phrases, key=len, reverse=True)
        self.pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!\w)")


def is_personal(understanding: Understanding) -> bool:
    """Say whether the message speaks of the citizen's own household rather than of people in general."""
    return (
        understanding.intent in _STATING_INTENTS
        or bool(understanding.of("relation") and (understanding.of("age") or understanding.of("birth")))
        or _PERSONAL.search(fold(understanding.text)) is not None
    )


def stated_facts(understanding: Understanding, case: Case, vocabulary: Vocabulary) -> dict[FactKey, FactValue]:
    """Return the facts that the message states by itself, whatever was asked before."""
    definitions = vocabulary.definitions
    facts: dict[FactKey, FactValue] = {}
    for entity in understanding.entities:
        value = _entity_value(entity, understanding)
        if value is None or _OTHERS.search(fold(understanding.text[: entity.start])):
            continue
        fact, worth = value
        definition = definitions.get(fact)
        if definition is not None:
            facts[_key(definition, member_at(entity.start, understanding, case))] = worth
    if is_personal(understanding) or case.pending is not None:
        used = _KWH.search(fold(understanding.text))
        if used is not None and "electricity_kwh" in definitions:
            facts[None, "electricity_kwh"] = Decimal(used[1])
        for start, fact, worth in _spotted(understanding, vocabulary):
            definition = definitions[fact]
            facts.setdefault(_key(definition, member_at(start, understanding, case)), worth)
    return facts


def answer_to(
    key: FactKey, understanding: Understanding, definitions: Mapping[str, FactDefinition]
) -> FactValue | None:
    """Return what the message answers to a question about ``key``; ``None`` where it is no answer."""
    definition = definitions[key[1]]
    folded = fold(understanding.text).strip(" .!?,")
    match definition.type:
        case FactType.BOOLEAN:
            return _yes_or_no(folded, understanding.intent)
        case FactType.CHOICE:
            return _chosen(definition, folded)
        case FactType.AGE:
            return _age_told(understanding)
        case FactType.MONEY:
            for entity in understanding.of("money"):
                return Decimal(entity.value["amount"])
            return Decimal(0) if _says_none(definition, folded, understanding.intent) else None
        case FactType.NUMBER:
            for entity in (*understanding.of("number"), *understanding.of("household_size")):
                return Decimal(str(entity.value))
            return Decimal(0) if _says_none(definition, folded, understanding.intent) else None
        case FactType.DURATION:
            for span in find_durations(understanding.text):
                return Decimal(span.months)
        case FactType.COMMUNE:
            for entity in understanding.of("place"):
                if entity.value.get("commune"):
                    return str(entity.value["commune"])
    return None


def chosen_of_several(
    understanding: Understanding, choices: Sequence[Choice], told: Collection[str]
) -> tuple[str, ...] | None:
    """Return which choices of a joint question the message names, by number or in words; ``()`` for none of them.

    ``told`` are the facts that the message states by itself. ``None`` where it is no answer.
    """
    folded = fold(understanding.text).strip(" .!?,")
    if _NUMBERS_ONLY.match(folded):
        numbers = [int(number) for number in re.findall(r"\d+", folded)]
        in_range = all(1 <= number <= len(choices) for number in numbers)
        return tuple(choices[number - 1].id for number in numbers) if in_range else None
    named = tuple(c.id for c in choices if _names(folded, c) or not {*c.when, *c.unless}.isdisjoint(told))
    if named:
        return named
    return () if _NONE_OF_THESE.match(folded) or _says_no(folded, understanding.intent) else None


def says_yes(understanding: Understanding) -> bool:
    """Say whether the message is a yes, perhaps with more beside it."""
    return _yes_or_no(fold(understanding.text).strip(" .!?,"), understanding.intent) is True


def says_dont_know(understanding: Understanding) -> bool:
    """Say whether the citizen cannot tell."""
    folded = fold(understanding.text)
    return understanding.intent == "dont_know" or (len(folded) < 40 and _DONT_KNOW.search(folded) is not None)


def day_spoken_of(understanding: Understanding) -> date | None:
    """Return the day a question is about ("năm 2024 thì sao?"): the last day of a past year or month.

    A story tells many years; the one that counts stands where the ask stands, in the last sentence. A year before the
    tables begin counts only where hardly more is said: "căn nhà xây năm 1994 …" asks for today.
    """
    spans = sentence_spans(understanding.text)
    ask = spans[-1][0] if spans else 0
    short = len(understanding.text.split()) <= WORDS_OF_A_DAY_QUESTION
    for entity in understanding.of("date"):
        after = understanding.text[entity.end :]
        if _TODAY.search(fold(after)) or _TODAY.search(after.lower()):
            continue
        year, month, day = (entity.value.get(part) for part in ("year", "month", "day"))
        if year is None or entity.start < ask or (year < FIRST_YEAR and not short):
            continue
        try:
            told = date(year, month, day) if month and day else Age.born(year, month).latest
        except ValueError:  # 31 June
            continue
        today = understanding.today
        if told < today and _is_of_the_story(fold(understanding.text[ask : entity.start]), fold(after), understanding):
            continue
        return None if not day and year == today.year and month in (None, today.month) else told
    return None


def _is_of_the_story(before: str, after: str, understanding: Understanding) -> bool:
    """Say whether a past day tells when something of the citizen's came about: "nghỉ làm ruộng năm 2024, có được …"."""
    if _SINCE.search(before):
        return True
    return is_personal(understanding) and not _OPENING.match(before) and _THEN_ASKS.match(after) is not None


def _entity_value(entity: Entity, understanding: Understanding) -> tuple[str, FactValue] | None:
    match entity.name:
        case "age" | "birth" if entity.value.get("bound"):
            return None  # "từ 75 tuổi trở lên" is a rule, nobody's age
        case "age" | "birth":
            age = _age_of(entity, understanding.today)
            return ("age", age) if age else None
        case "household_size":
            return "household_size", Decimal(entity.value)
        case "place" if entity.value.get("commune"):
            return "commune", str(entity.value["commune"])
        case "money":
            before = fold(understanding.text[max(0, entity.start - 40) : entity.start])
            if "tu nguyen" in before:
                return None  # what somebody means to pay for a pension is none
            if "huu" in before or "bao hiem xa hoi" in before:
                return "pension_amount", Decimal(entity.value["amount"])
            if _PAY.search(before) and not _RATE.search(before):
                couple = "vo chong" in fold(understanding.text[: entity.start])
                return "couple_income_month" if couple else "income_month", Decimal(entity.value["amount"])
            if entity.value.get("per") == "person_month" or "binh quan" in before or "moi nguoi" in before:
                return "income_per_head", Decimal(entity.value["amount"])
    return None


def _age_of(entity: Entity, today: date) -> Age | None:
    value: dict[str, Any] = entity.value
    try:
        if entity.name == "birth":
            return Age.born(value["year"], value.get("month"), value.get("day"))
        if value.get("months") is not None:
            return Age.of_months(int(value["months"]), today)
        return Age.of_years(int(value["years"]), today)
    except ValueError:
        return None


def _age_told(understanding: Understanding) -> Age | None:
    for entity in (*understanding.of("birth"), *understanding.of("age")):
        return _age_of(entity, understanding.today)
    for entity in understanding.of("date"):
        year = entity.value.get("year")
        if year and 1900 <= year <= understanding.today.year:
            return Age.born(year, entity.value.get("month"), entity.value.get("day"))
    for entity in understanding.of("number"):
        number = int(Decimal(str(entity.value)))
        if 0 <= number <= 120:
            return Age.of_years(number, understanding.today)
        if 1900 <= number <= understanding.today.year:
            return Age.born(number)
    return None


def _key(definition: FactDefinition, member: str) -> FactKey:
    return (None if definition.scope is Scope.HOUSEHOLD else member, definition.id)


def _written_out(text: str) -> tuple[str, list[int]]:
    """Return ``text`` with shorthand and dialect written out, and where each character of it stood."""
    written, places, at = "", list[int](), 0
    for start, end, full in expansions(text):
        written += text[at:start] + full
        places += [*range(at, start), *[start] * len(full)]
        at = end
    return written + text[at:], [*places, *range(at, len(text) + 1)]


def _is_spelled(typed: str, phrase: str) -> bool:
    """Say whether each word is the phrase's or has no accents: "nhà sắp (đổ)" is not "nhà sập"."""
    pairs = zip(typed.lower().split(), phrase.lower().split(), strict=True)
    return all(word in (meant, fold(meant)) for word, meant in pairs)


def _spotted(understanding: Understanding, vocabulary: Vocabulary) -> Iterator[tuple[int, str, FactValue]]:
    written, places = _written_out(understanding.text)
    folded = fold(written)
    for match in vocabulary.pattern.finditer(folded):
        phrase, fact, value = vocabulary.phrases[match.group()]
        if not _is_spelled(written[match.start() : match.end()], phrase):
            continue
        before = folded[: match.start()]
        asks = understanding.intent not in _STATING_INTENTS
        after = folded[match.end() :]
        if vocabulary.definitions[fact].type is FactType.CHOICE and _unsettled(before, after):
            continue
        if fact == "household_class" and asks and not _states_class(before, after):
            continue
        if _NEGATION.search(before) and not match.group().startswith(("khong", "chua")):
            if isinstance(value, bool):
                yield places[match.start()], fact, not value
            continue
        yield places[match.start()], fact, value


def _states_class(before: str, after: str) -> bool:
    """Say whether a class of households that stands between the two is that of the one who asks."""
    if _CLASS_STATED.search(before):
        return True
    own = re.split(r"[,;.?!\n]", before)[-1]
    if _PERSONAL.search(own) and not _OF_A_RIGHT.search(own):
        return True
    clause = _CLAUSE_BEFORE.search(before)
    if clause is None or not _CLAUSE_AFTER.search(after):
        return False
    return not _OF_A_RIGHT.search(clause["clause"]) and not _A_CLASS.search(clause["clause"])


def _phrases(definition: FactDefinition) -> Iterator[tuple[str, FactValue]]:
    for choice in definition.choices if definition.type is FactType.CHOICE else ():
        for phrase in choice.phrases:
            yield phrase, choice.id
    for phrase in definition.phrases if definition.type is FactType.BOOLEAN else ():
        yield phrase, True
    for phrase in definition.negative_phrases:
        yield phrase, Decimal(0) if definition.type is FactType.MONEY else False


def _yes_or_no(folded: str, intent: str) -> bool | None:
    if _says_no(folded, intent):
        return False
    if intent == "affirm" or _YES.match(folded):
        return True
    return None


def _names(folded: str, choice: Choice) -> bool:
    return bool(_affirmed({fold(words): choice.id for words in (choice.label, *choice.phrases)}, folded))


def _affirmed(wordings: Mapping[str, str], folded: str) -> set[str]:
    """Return what the wordings stand for that the text says; what it denies says none of those within it."""
    said: set[str] = set()
    for words in sorted(wordings, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", folded):
            before, after = folded[: match.start()], folded[match.end() :]
            denied = _NEGATION.search(before) is not None or _AND_SO.search(before) is not None
            if not denied and not _unsettled(before, after):
                said.add(wordings[words])
            mark = "#" if denied or words.startswith(("khong", "chua")) else "+"
            folded = before + mark * len(words) + after
    return said


def _unsettled(before: str, after: str) -> bool:
    """Say whether what stands between the two is of others, of the past or only wished for."""
    return any((_NOT_OURS_NOW.search(before), _WAS_OR_WISHED.search(before), _NO_MORE.search(after)))


def _says_no(folded: str, intent: str) -> bool:
    return _DONT_KNOW.search(folded) is None and (intent == "deny" or _NO.match(folded) is not None)


def _says_none(definition: FactDefinition, folded: str, intent: str) -> bool:
    """Say whether a no means none: to "có … không" and "mấy", not to "bao nhiêu", which it leaves open."""
    return _ASKS_WHETHER.search(fold(definition.question)) is not None and _says_no(folded, intent)


def _chosen(definition: FactDefinition, folded: str) -> str | None:
    if folded.isdecimal() and 1 <= int(folded) <= len(definition.choices):
        return definition.choices[int(folded) - 1].id
    wordings = {fold(words): choice.id for choice in definition.choices for words in (choice.label, *choice.phrases)}
    papers = next((c.id for c in definition.choices if c.id == "none" and "giay" in fold(c.label)), None)
    if papers is not None and _NO_PAPER.search(folded):
        return papers
    said = _affirmed(wordings, folded)
    if said:
        return said.pop() if len(said) == 1 else None
    short = [choice.id for choice in definition.choices if folded and folded in fold(choice.label).split(",")[0]]
    if len(short) == 1 and len(folded) > 2:
        return short[0]
    if _NO.match(folded):
        return next((choice.id for choice in definition.choices if choice.id in ("none", "other")), None)
    return None
