"""Communes of the province, by today's name or by one from before July 2025."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.nlu.entities.found import Found
from bot.text.fold import fold
from bot.text.normalize import normalize

# What a name can be the name of; a smaller number is likelier where several fit.
_RANK = {"commune": 0, "ward": 0, "special_zone": 0, "old": 1, "district": 2, "province": 3}
_PART = ("commune", "ward", "special_zone", "old")

_KINDS = {
    "xa": ("commune", "old"), "x": ("commune", "old"),
    "phuong": ("ward", "old"), "p": ("ward", "old"),
    "dac khu": ("special_zone",), "thi tran": ("old",), "tt": ("old",),
    "huyen": ("district",), "h": ("district",), "thi xa": ("district",), "tx": ("district",),
    "thanh pho": ("district",), "tp": ("district",), "tinh": ("province",),
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
# First syllables that also begin everyday phrases ("ba vì bệnh"), and names that are everyday words:
# they need a capital, or a word before them that announces a place.
_EVERYDAY_FIRST = {"ba"}
_EVERYDAY = {"thang loi", "quyet thang", "thong nhat", "doan ket", "binh minh", "binh an", "hoa binh", "truong giang"}
# Old wards that share their name with a province which many leave to work in.
_ELSEWHERE = {"binh duong", "binh thuan", "binh phuoc", "hoa binh", "dak nong"}
# Wards were named after the same people as streets: "12 Lê Lợi".
_STREET = re.compile(r"(?<!\w)(?:duong|pho|\d+[a-z]?) $")


@dataclass(frozen=True)
class Commune:
    """One of today's communes with the names by which people may still call it."""

    code: str
    name: str
    kind: str = "commune"
    old_names: tuple[str, ...] = ()
    old_district: str = ""
    old_province: str = ""
    formerly: tuple[str, ...] = ()

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Commune:
        """From a row of ``data/places/communes.yml``; missing keys are empty."""
        return cls(
            code=str(row["code"]),
            name=str(row["name"]),
            kind=row.get("kind") or "commune",
            old_names=tuple(row.get("old_names") or ()),
            old_district=row.get("old_district") or "",
            old_province=row.get("old_province") or "",
            formerly=tuple(row.get("formerly") or ()),
        )


@dataclass(frozen=True)
class _Claim:
    """That ``written`` names the commune ``code``, or something of which that is a part."""

    written: str
    kind: str
    code: str


class Gazetteer:
    """Finds names of places and says which of today's communes they can mean."""

    def __init__(self, communes: Iterable[Commune]) -> None:
        claims: dict[str, list[_Claim]] = defaultdict(list)
        for commune in communes:
            for claim in dict.fromkeys(_claims(commune)):
                claims[fold(claim.written)].append(claim)
        # Stable: communes stay in the order of the file within one rank.
        self._claims = {key: sorted(found, key=lambda c: _RANK[c.kind]) for key, found in claims.items()}
        longest_first = sorted(self._claims, key=lambda key: (-len(key), key))
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
        said = " ".join(text[match.start() : match.end()].split())
        claims = _spelled(self._claims[fold(said)], said)
        before = folded[max(0, match.start() - 20) : match.start()]
        kind = _KIND_BEFORE.search(before)
        alone = folded.strip(" .,!?") == match.group()
        if not (kind or alone or _is_meant(said, claims, before)):
            return None
        if kind:
            # Of a wrong kind ("xã" for a ward) the name still counts.
            claims = [c for c in claims if c.kind in _KINDS[kind["kind"]]] or claims
        start = match.start() - len(kind.group()) if kind else match.start()
        return _Hit(start, match.start(), match.end(), tuple(claims))


@dataclass(frozen=True)
class _Hit:
    start: int
    start_of_name: int
    end: int
    claims: tuple[_Claim, ...]

    def within(self, area: _Hit) -> _Hit | None:
        """The same with only the communes of ``area``, the district or province named behind it."""
        inside = {claim.code for claim in area.claims if claim.kind not in _PART}
        claims = tuple(c for c in self.claims if c.code in inside and c.kind in _PART)
        return _Hit(self.start, self.start_of_name, area.end, claims) if claims else None

    def found(self) -> Found:
        parts = [claim for claim in self.claims if claim.kind in _PART]
        best = {claim.code for claim in parts if _RANK[claim.kind] == _RANK[parts[0].kind]}
        value = {
            "commune": best.pop() if len(best) == 1 else None,
            "candidates": list(dict.fromkeys(claim.code for claim in self.claims)),
            "matched": self.claims[0].written,
        }
        return Found("place", self.start, self.end, value)


def _spelled(claims: list[_Claim], said: str) -> list[_Claim]:
    """The claims to exactly these accents, if they are typed and any has them: Ba Tơ is not Ba Tô."""
    if fold(said) == said.lower():
        return claims
    return [claim for claim in claims if claim.written.lower() == said.lower()] or claims


def _is_meant(said: str, claims: list[_Claim], before: str) -> bool:
    """Whether a name without "xã", "huyện" … before it is one, not everyday words."""
    key = fold(said)
    if " " not in key or key in _ELSEWHERE or _STREET.search(before):
        return False
    if _CUE.search(before):
        return True
    if said.lower() != claims[0].written.lower():
        return False
    capital = all(word[0].isupper() for word in said.split())
    return capital or not (key in _EVERYDAY or key.split()[0] in _EVERYDAY_FIRST)


def _claims(commune: Commune) -> Iterator[_Claim]:
    yield _Claim(_bare(commune.name), commune.kind, commune.code)
    for old in commune.old_names:
        yield _Claim(_bare(old), "old", commune.code)
    for former in commune.formerly:
        yield _Claim(_bare(_PARENT.sub("", former)), "old", commune.code)
    if commune.old_district:
        yield _Claim(_bare(commune.old_district), "district", commune.code)
    if commune.old_province:
        yield _Claim(_bare(commune.old_province), "province", commune.code)


def _bare(name: str) -> str:
    """ "Xã Ba Tơ" → "Ba Tơ"; a ward that is only a number keeps its kind."""
    name = normalize(name)
    bare = _KIND_OF_NAME.sub("", name, count=1)
    return name if bare.isdigit() else bare
