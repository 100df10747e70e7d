"""Communes of the province, by today's name or by one from before July 2025."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.nlu.entities.found import Found
from bot.text.fold import fold

# How sure a name's owner is of it, best first.
_TODAY, _OLD_WARD, _DISTRICT, _PROVINCE = range(4)

_KINDS = {
    "xa": (_TODAY, _OLD_WARD), "x": (_TODAY, _OLD_WARD),
    "phuong": (_TODAY, _OLD_WARD), "p": (_TODAY, _OLD_WARD),
    "dac khu": (_TODAY,), "thi tran": (_OLD_WARD,), "tt": (_OLD_WARD,),
    "huyen": (_DISTRICT,), "h": (_DISTRICT,), "thi xa": (_DISTRICT,), "tx": (_DISTRICT,),
    "thanh pho": (_DISTRICT,), "tp": (_DISTRICT,), "tinh": (_PROVINCE,),
}  # fmt: skip
_KIND = r"(?P<kind>xa|phuong|p|x|dac khu|thi tran|tt|huyen|h|thi xa|tx|thanh pho|tp|tinh)"
_KIND_BEFORE = re.compile(rf"(?<!\w){_KIND}(?:\. ?| )$")
_KIND_OF_NAME = re.compile(r"(?:Xã|Phường|Đặc khu|Thị trấn|Huyện|Thị xã|Thành phố|Tỉnh)\s+", re.IGNORECASE)
_PARENT = re.compile(r"\s*\((?P<parent>[^)]*)\)\s*$")

# Words after which a name in lower case or without accents is still a place.
_CUE = re.compile(
    r"(?<!\w)(?:o|tai|que|thuoc|xa|phuong|huyen|thon|nguoi|dan|ve|len|tu|vung|ben|ubnd|uy ban|dao|to dan pho)"
    r"(?: (?:xa|phuong|ben|vung|dao|huyen))? $"
)
_JOINT = re.compile(r"[ ,\-–(]*(?:(?:thuoc|cua|cu|truoc day|truoc kia|huyen|thi xa|tx|thanh pho|tp|tinh|h)[. ]*)*")
# First syllables that also begin everyday phrases: "ba vì bệnh", "an toàn", "bình thường".
_EVERYDAY = {"ba"}


@dataclass(frozen=True)
class Commune:
    """One of today's communes with the names by which people may still call it."""

    code: str
    name: str
    old_names: tuple[str, ...] = ()
    old_districts: tuple[str, ...] = ()
    old_province: str = ""
    formerly: tuple[str, ...] = ()

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Commune:
        """From a row of ``data/places/communes.yml``; missing keys are empty."""
        district = row.get("old_district") or ()
        return cls(
            code=str(row["code"]),
            name=str(row["name"]),
            old_names=tuple(row.get("old_names") or ()),
            old_districts=(district,) if isinstance(district, str) else tuple(district),
            old_province=row.get("old_province") or "",
            formerly=tuple(row.get("formerly") or ()),
        )


@dataclass(frozen=True)
class _Name:
    """What one spelling can stand for: the commune codes, by how sure they are of it."""

    written: str
    codes: dict[int, tuple[str, ...]] = field(default_factory=dict)


class Gazetteer:
    """Finds names of places and says which of today's communes they can mean."""

    def __init__(self, communes: Iterable[Commune]) -> None:
        owners: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        written: dict[str, str] = {}
        for commune in communes:
            for rank, name in _names(commune):
                key = fold(name)
                written.setdefault(key, name)
                if commune.code not in owners[key][rank]:
                    owners[key][rank].append(commune.code)
        self._names = {
            key: _Name(written[key], {rank: tuple(codes) for rank, codes in ranks.items()})
            for key, ranks in owners.items()
        }
        longest_first = sorted(self._names, key=lambda key: (-len(key), key))
        names = "|".join(re.escape(key).replace(r"\ ", r"\s+") for key in longest_first)
        self._pattern = re.compile(rf"(?<!\w)(?:{names})(?!\w)") if names else None

    def find(self, text: str) -> Iterator[Found]:
        """``place`` entities: ``{"commune": "21484", "candidates": [...], "matched": "Ba Tơ"}``.

        ``commune`` is None while several are possible, or only an old district or province is
        named; ``candidates`` holds all that the words can mean, likeliest first. A ward with its
        district behind ("Phổ Ninh, Đức Phổ") is one entity. ``text`` is composed (NFC).
        """
        if self._pattern is None:
            return
        folded = fold(text)
        hits = [hit for match in self._pattern.finditer(folded) if (hit := self._hit(text, folded, match))]
        at = 0
        while at < len(hits):
            hit, within = hits[at], None
            if at + 1 < len(hits) and _JOINT.fullmatch(folded, hit.end, hits[at + 1].start_of_name):
                within = hits[at + 1]
            narrowed = hit.within(within) if within else None
            yield (narrowed or hit).found()
            at += 2 if narrowed else 1

    def _hit(self, text: str, folded: str, match: re.Match[str]) -> _Hit | None:
        name = self._names[" ".join(match.group().split())]
        before = folded[max(0, match.start() - 20) : match.start()]
        kind = _KIND_BEFORE.search(before)
        wanted = _KINDS[kind["kind"]] if kind else None
        if wanted and not any(rank in name.codes for rank in wanted):
            wanted = None  # "xã Đức Phổ" for the old town: the kind is wrong, the name is right
        said = text[match.start() : match.end()]
        alone = folded.strip(" .,!?") == match.group()
        if not (kind or alone or self._is_meant(said, name, before)):
            return None
        codes = {rank: c for rank, c in sorted(name.codes.items()) if wanted is None or rank in wanted}
        start = match.start() - len(kind.group()) if kind else match.start()
        return _Hit(start, match.start(), match.end(), name, codes)

    @staticmethod
    def _is_meant(said: str, name: _Name, before: str) -> bool:
        """Whether a name without "xã", "huyện" … before it is one, not everyday words."""
        if len(name.written.split()) < 2:
            return False
        cued = _CUE.search(before) is not None
        if said.lower() != name.written.lower():
            return cued
        capital = all(word[0].isupper() for word in said.split())
        return cued or capital or fold(said).split()[0] not in _EVERYDAY


@dataclass(frozen=True)
class _Hit:
    start: int
    start_of_name: int
    end: int
    name: _Name
    codes: dict[int, tuple[str, ...]]

    def within(self, area: _Hit) -> _Hit | None:
        """The same with only the communes of ``area``, the district or province named behind it."""
        inside = {code for rank in (_DISTRICT, _PROVINCE) for code in area.name.codes.get(rank, ())}
        codes = {rank: kept for rank, c in self.codes.items() if (kept := tuple(x for x in c if x in inside))}
        return _Hit(self.start, self.start_of_name, area.end, self.name, codes) if codes else None

    def found(self) -> Found:
        candidates = list(dict.fromkeys(code for rank in sorted(self.codes) for code in self.codes[rank]))
        best = next((self.codes[rank] for rank in (_TODAY, _OLD_WARD) if rank in self.codes), ())
        value = {
            "commune": best[0] if len(best) == 1 else None,
            "candidates": candidates,
            "matched": self.name.written,
        }
        return Found("place", self.start, self.end, value)


def _names(commune: Commune) -> Iterator[tuple[int, str]]:
    yield _TODAY, _bare(commune.name)
    for old in commune.old_names:
        yield _OLD_WARD, _bare(old)
    for former in commune.formerly:
        parent = _PARENT.search(former)
        yield _OLD_WARD, _bare(_PARENT.sub("", former))
        if parent:
            yield _DISTRICT, _bare(parent["parent"].split(",")[0])
    for district in commune.old_districts:
        yield _DISTRICT, _bare(district)
    if commune.old_province:
        yield _PROVINCE, _bare(commune.old_province)


def _bare(name: str) -> str:
    """ "Xã Ba Tơ" → "Ba Tơ"; a ward that is only a number keeps its kind."""
    bare = _KIND_OF_NAME.sub("", name.strip(), count=1)
    return name.strip() if bare.isdigit() else bare
