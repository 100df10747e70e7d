"""The form of an official report: the State's (Decree 30/2020/NĐ-CP, appendix I) or the Party's (Guideline 36-HD/VPTW).

What differs is gathered here, so that ``document.py`` reads the same for both. Sizes are in points, margins in mm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.settings import Settings

BLANK = "…………………"


@dataclass(frozen=True)
class Style:
    """Sizes and marks of one form; ``number`` and ``section`` are patterns."""

    margins: tuple[int, int, int, int]
    superior: int
    agency: int
    number: str
    number_size: int
    heading: tuple[tuple[str, int], ...]
    kind_size: int
    summary_size: int
    section: str
    recipients_size: int
    star: bool


STYLES: dict[Literal["party", "state"], Style] = {
    "state": Style(
        margins=(20, 20, 30, 15),
        superior=13,
        agency=13,
        number="Số:       /{symbol}",
        number_size=13,
        heading=(("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13), ("Độc lập - Tự do - Hạnh phúc", 14)),
        kind_size=14,
        summary_size=14,
        section="{number}. {title}",
        recipients_size=11,
        star=False,
    ),
    "party": Style(
        margins=(20, 20, 30, 15),
        superior=14,
        agency=14,
        number="Số       -{symbol}",
        number_size=14,
        heading=(("ĐẢNG CỘNG SẢN VIỆT NAM", 15),),
        kind_size=16,
        summary_size=15,
        section="{number}- {title}",
        recipients_size=12,
        star=True,
    ),
}
"""Margins: top, bottom, left, right."""


@dataclass(frozen=True)
class Form:
    """Which form, and what the office writes into it; what is not set stays a dotted blank to be filled in."""

    kind: Literal["party", "state"]
    superior: str = ""
    agency: str = ""
    symbol: str = ""
    place: str = ""
    signer: str = ""
    on_behalf: str = ""
    recipients: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings, kind: Literal["party", "state"] | None = None) -> Form:
        """The form of the settings, or another ``kind`` with their words – but for the symbol, which fits one form."""
        recipients = tuple(name for part in settings.report_recipients.split(";") if (name := part.strip()))
        kind = kind or settings.report_form
        return cls(
            kind=kind,
            superior=settings.report_superior,
            agency=settings.report_agency,
            symbol=settings.report_symbol if kind == settings.report_form else "",
            place=settings.report_place,
            signer=settings.report_signer,
            on_behalf=settings.report_on_behalf,
            recipients=recipients,
        )

    @property
    def style(self) -> Style:
        """Its sizes and marks."""
        return STYLES[self.kind]

    @property
    def number(self) -> str:
        """The line of the number, which the registry fills in."""
        return self.style.number.format(symbol=self.symbol or f"BC{'/' if self.kind == 'party' else '-'}…")
