"""What a report says: sections of paragraphs, tables and charts, whichever file shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.conversation.figures.figures import Figures, Part, Totals
from bot.conversation.figures.small import Published, published
from bot.conversation.report import words
from bot.conversation.report.words import NOTHING, Names
from bot.conversation.review.sample import Correctness

ColumnKind = Literal["text", "number", "share"]

Unit = Literal["share", "seconds", "mean"]

_MOST_PROGRAMS = 15
_MOST_COMMUNES = 20
_NO_WORDS = (
    "Không có câu hỏi nào còn lưu lời trong kỳ này: không có câu chưa trả lời được, hoặc nội dung đã hết thời hạn lưu "
    "và đã xóa."
)
_OPEN = "(Cán bộ phụ trách bổ sung phần này trước khi trình ký.)"


@dataclass(frozen=True)
class Amount:
    """A figure with its unit: a ``share`` is from 0 to 1, a ``mean`` has one decimal."""

    value: float
    unit: Unit


Cell = str | int | float | Amount | None


@dataclass(frozen=True)
class Column:
    """A column; ``share`` cells are from 0 to 1."""

    title: str
    kind: ColumnKind = "text"


@dataclass(frozen=True)
class Chart:
    """A chart of the first column against ``columns`` (numbers of columns) of its table."""

    kind: Literal["bars", "line"]
    columns: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """A table; ``sheet`` is its short name, at most 31 letters; ``None`` in a cell is a dash.

    ``empty`` says why there are no rows; ``quotes`` that it holds citizens' own words, which not everybody may read.
    """

    title: str
    sheet: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: Chart | None = None
    note: str = ""
    empty: str = "Không có số liệu trong kỳ."
    quotes: bool = False

    def number(self, row: int, column: int) -> int:
        """A count of the table; 0 where there is none."""
        cell = self.rows[row][column]
        return cell if isinstance(cell, int) else 0


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it."""

    title: str
    blocks: tuple[str | Table, ...]


@dataclass(frozen=True)
class Content:
    """A whole report; ``title`` goes on "Báo cáo", beginning small."""

    title: str
    opening: str
    sections: tuple[Section, ...]

    @property
    def tables(self) -> list[Table]:
        """All tables, in order."""
        return [block for section in self.sections for block in section.blocks if isinstance(block, Table)]


def content(figures: Figures, names: Names, *, least: int) -> Content:
    """The report of ``figures``; counts of topics, programs and communes below ``least`` are not told."""
    now, before = figures.now, figures.before
    when, last = words.period(now.period), words.period(before.period)
    return Content(
        title=f"kết quả hoạt động của trợ lý an sinh xã hội {when}",
        opening=(
            "Trợ lý an sinh xã hội trả lời người dân về chính sách an sinh xã hội trên địa bàn tỉnh. Báo cáo này tổng "
            f"hợp số liệu {when} (từ {now.period.first:%d/%m/%Y} đến {now.period.last:%d/%m/%Y}), so với {last}. Số "
            "liệu do hệ thống tự đếm từ nhật ký hội thoại đã che thông tin cá nhân."
        ),
        sections=(
            Section("Tình hình chung", (_summary(now, before), _main(figures), _course(now))),
            Section("Người dân hỏi những gì", tuple(_asked(now, before, names, least))),
            Section("Chất lượng trả lời", tuple(_quality(figures))),
            Section("Những điều người dân hỏi mà trợ lý chưa trả lời được", tuple(_unanswered(figures, names))),
            Section("Đánh giá, kiến nghị", (_OPEN,)),
        ),
    )


def _summary(now: Totals, before: Totals) -> str:
    return (
        f"Trong kỳ, người dân đã hỏi {words.number(now.questions)} câu, "
        f"{words.change(now.questions, before.questions)} so với kỳ trước. Trợ lý trả lời được "
        f"{words.part(now.answered)} câu hỏi thuộc phạm vi; {words.part(now.not_covered)} câu chưa có dữ liệu để trả "
        f"lời; {words.number(now.handed_over)} câu được chuyển cán bộ."
    )


def _main(figures: Figures) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (name, of(figures.now), of(figures.before))
        for name, of in (
            ("Số câu hỏi", lambda told: told.questions),
            ("Bình quân số câu hỏi mỗi ngày", lambda told: Amount(told.questions / told.period.days, "mean")),
            ("Tỷ lệ trả lời được", lambda told: _share(told.answered)),
            ("Tỷ lệ phải hỏi lại", lambda told: _share(told.asked_back)),
            ("Tỷ lệ chưa có dữ liệu để trả lời", lambda told: _share(told.not_covered)),
            ("Số câu chuyển cán bộ", lambda told: told.handed_over),
            ("Tỷ lệ trả lời đúng (mẫu cán bộ rà soát)", lambda told: _right(told.correctness)),
            ("Lượt khen", lambda told: told.up),
            ("Lượt chê", lambda told: told.down),
            ("Nửa số lượt được trả lời trong", lambda told: _seconds(told.p50_ms)),
            ("95% số lượt được trả lời trong", lambda told: _seconds(told.p95_ms)),
        )
    ]
    columns = (Column("Chỉ tiêu"), Column("Kỳ này", "number"), Column("Kỳ trước", "number"))
    return Table("Các chỉ tiêu chính", "Chỉ tiêu", columns, tuple(rows))


def _share(part: Part) -> Amount | None:
    return None if part.share is None else Amount(part.share, "share")


def _right(found: Correctness) -> Amount | None:
    return None if found.share is None else Amount(found.share, "share")


def _seconds(milliseconds: int | None) -> Amount | None:
    return None if milliseconds is None else Amount(milliseconds / 1000, "seconds")


def _course(now: Totals) -> Table:
    if now.period.days <= 31:
        rows = [(f"{day:%d/%m}", number) for day, number in now.by_day.items()]
        return Table("Số câu hỏi từng ngày", "Theo ngày", _counted("Ngày"), tuple(rows), Chart("line", (1,)))
    months: Counter[str] = Counter()
    for day, number in now.by_day.items():
        months[f"{day:%m/%Y}"] += number
    return Table("Số câu hỏi từng tháng", "Theo tháng", _counted("Tháng"), tuple(months.items()), Chart("bars", (1,)))


def _asked(now: Totals, before: Totals, names: Names, least: int) -> list[str | Table]:
    compared = (Column("Số câu kỳ này", "number"), Column("Tỷ lệ", "share"), Column("Số câu kỳ trước", "number"))
    communes = published(now.by_commune, least, most=_MOST_COMMUNES)
    lived = tuple((names.communes.get(code, code), number) for code, number in communes.rows)
    channels = _ranked(now.by_channel, before.by_channel, words.CHANNELS)
    topics, topics_note, no_topics = _told(now.by_topic, before.by_topic, names.topics, least)
    programs, programs_note, no_programs = _told(now.by_program, before.by_program, names.programs, least)
    return [
        Table(
            "Theo lĩnh vực",
            "Lĩnh vực",
            (Column("Lĩnh vực"), *compared),
            topics,
            Chart("bars", (1, 3)),
            note=topics_note,
            empty=no_topics,
        ),
        Table(
            "Chính sách được hỏi nhiều nhất",
            "Chính sách",
            (Column("Chính sách"), *compared),
            programs[:_MOST_PROGRAMS],
            note=programs_note,
            empty=no_programs,
        ),
        Table(
            "Xã, phường, đặc khu có nhiều câu hỏi nhất",
            "Xã, phường",
            _counted("Xã, phường, đặc khu"),
            lived,
            note=f"Chỉ tính những câu hỏi mà người dân có nói nơi ở. {_small(least)}",
            empty=_empty(communes),
        ),
        Table("Theo kênh", "Kênh", (Column("Kênh"), *compared), channels),
    ]


def _told(
    now: Counter[str], before: Counter[str], names: Mapping[str, str], least: int
) -> tuple[tuple[tuple[Cell, ...], ...], str, str]:
    """What may be told of both periods, with its note and why nothing is told; a dash stands for a small count."""
    told, last = published(now, least), published(before, least)
    earlier, total = dict(last.rows), now.total()
    fallen = [(key, 0) for key, _ in last.rows if not now[key]]
    rows = tuple(
        (names.get(key, key), number, number / total if total else None, earlier.get(key) if before[key] else 0)
        for key, number in [*told.rows, *fallen]
    )
    return rows, _small(least) if told.hidden or last.hidden else "", _empty(told)


def _small(least: int) -> str:
    return f"Không nêu số dưới {words.number(least)} câu để không lộ người hỏi."


def _empty(told: Published) -> str:
    """Why nothing stands in a table: small counts that are not published are not none at all."""
    if not told.hidden:
        return Table.empty
    return f"Có câu hỏi trong kỳ, nhưng không công bố vì có số dưới {words.number(told.least)} câu."


def _quality(figures: Figures) -> list[str | Table]:
    now = figures.now
    rows = _ranked(now.by_status, figures.before.by_status, words.STATUSES)
    compared = (Column("Số lượt kỳ này", "number"), Column("Tỷ lệ", "share"), Column("Số lượt kỳ trước", "number"))
    reviewed = "Trong kỳ chưa có mẫu câu trả lời nào được cán bộ rà soát, nên chưa có tỷ lệ trả lời đúng."
    found, last = now.correctness, figures.before.correctness
    if found.share is not None:
        reviewed = (
            f"Cán bộ đã rà soát ngẫu nhiên {words.number(found.judged)} câu trả lời, trong đó "
            f"{words.number(found.right)} câu đúng ({words.percent(found.share)}; khoảng tin cậy 95%: "
            f"từ {words.percent(found.low)} đến {words.percent(found.high)})."
        )
    if last.share is not None:
        judged = f"{words.number(last.right)}/{words.number(last.judged)} câu"
        reviewed += f" Kỳ trước: {judged} đúng ({words.percent(last.share)})."
    return [Table("Kết quả các lượt", "Kết quả", (Column("Kết quả"), *compared), rows), reviewed, _mended(figures)]


def _mended(figures: Figures) -> str | Table:
    now, before = figures.now.by_decision, figures.before.by_decision
    if not now and not before:
        return "Trong kỳ này và kỳ trước, cán bộ chưa xem lại câu trả lời nào mà người dân chê hoặc trợ lý chưa hiểu."
    rows = tuple((name, now[kind], before[kind]) for kind, name in words.DECISIONS.items() if now[kind] or before[kind])
    columns = (Column("Kết luận"), Column("Số mục kỳ này", "number"), Column("Số mục kỳ trước", "number"))
    note = "Mỗi mục gom những câu hỏi cùng ý mà người dân chê, trợ lý chưa hiểu hoặc chưa trả lời được."
    return Table("Câu trả lời đã được cán bộ xem lại", "Xem lại", columns, rows, note=note)


def _unanswered(figures: Figures, names: Names) -> list[str | Table]:
    if not figures.unanswered:
        return [_NO_WORDS]
    rows = tuple(
        (each.question, names.topics.get(each.topic, each.topic or NOTHING), each.times) for each in figures.unanswered
    )
    columns = (Column("Câu hỏi (đã che số giấy tờ, số điện thoại)"), Column("Lĩnh vực"), Column("Số lần", "number"))
    since = figures.words_since
    note = f"Chỉ gồm câu từ {since:%d/%m/%Y} (lời trước đó đã xóa theo thời hạn lưu)." if since else ""
    title = "Câu hỏi chưa trả lời được, nhiều nhất ở trên"
    return [Table(title, "Chưa trả lời được", columns, rows, note=note, quotes=True)]


def _counted(name: str) -> tuple[Column, ...]:
    return (Column(name), Column("Số câu", "number"))


def _ranked(now: Counter[str], before: Counter[str], names: Mapping[str, str]) -> tuple[tuple[Cell, ...], ...]:
    total = sum(now.values())
    keys = sorted({*now, *before}, key=lambda key: (-now[key], -before[key], key))
    return tuple((names.get(key, key), now[key], now[key] / total if total else None, before[key]) for key in keys)
