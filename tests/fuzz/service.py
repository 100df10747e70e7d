"""What the service reads: events of Zalo, buttons, files that officers upload, data files, addresses of lists."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import functools
import io
import json
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import docx
import yaml
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.channels.push.transport import json_object
from bot.channels.zalo_bot.events import read_event as read_bot_event
from bot.channels.zalo_oa.events import read_event
from bot.channels.zalo_oa.signature import is_signed, signature
from bot.console.listing.columns import Filter
from bot.console.listing.query import Query
from bot.conversation.figures.periods import Kind, Period, PeriodUnreadableError
from bot.conversation.messages import Incoming
from bot.conversation.payloads import BadPayloadError, Payloads
from bot.conversation.reading import read
from bot.csvfile import harmless
from bot.knowledge.loading.checks import check
from bot.knowledge.loading.files import read_files
from bot.knowledge.loading.problems import DataError
from bot.knowledge.sheets.lists import entries_of, read_list
from bot.knowledge.sheets.plan import make_plan
from bot.knowledge.sheets.reading import read_workbook
from bot.knowledge.sheets.safe import RefusedError
from bot.knowledge.sheets.writing import workbook
from tests.fuzz.target import Target
from tests.fuzz.texts import TEXTS
from tests.knowledge.seeds import seeds, write
from tests.knowledge.sheets.books import quiet, saved, stored_from

_NOW = dt.datetime(2026, 11, 30, 7, 0, tzinfo=dt.timezone.utc)
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["\ud800", "1", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def service_targets() -> Iterator[Target]:
    """All of them."""
    yield Target("read a message", TEXTS, _message)
    yield Target("payload", st.tuples(TEXTS, _VALUES, st.integers(0, 2000), st.integers(0, 127)), _payload)
    yield Target("event of the official account", _event(_OA_EVENTS), _oa_event)
    yield Target("event of the bot platform", _event(_BOT_EVENTS), _bot_event)
    yield Target("signature", st.tuples(st.binary(max_size=200) | _VALUES.map(_json), TEXTS), _signature)
    yield Target("json", st.binary(max_size=200) | _VALUES.map(_json), json_object)
    yield Target("address of a list", st.dictionaries(st.sampled_from(_KEYS), TEXTS | st.sampled_from(_GIVEN)), _query)
    yield Target("period", st.tuples(st.sampled_from(_KINDS), TEXTS | _DAYS), _period)
    yield Target("cell of a csv", TEXTS, _harmless)
    yield Target("list of questions", st.binary(max_size=400) | _csv_files() | _damaged(_word), _list, cost=2)
    yield Target("damaged workbook", _damaged(_book), _workbook, cost=2)
    yield Target(
        "edited workbook",
        st.lists(st.tuples(st.integers(0, 30), st.integers(2, 12), st.integers(1, 25), _CELLS)),
        _edited,
        cost=10,
    )
    yield Target("data file", _data_files(), _data)


# --- messages -------------------------------------------------------------------------------------------------------


def _message(text: str) -> None:
    reading = read(Incoming("s", "web", "1", text=text), max_characters=2000)
    assert len(reading.asked.question) <= 2000


def _payload(given: tuple[str, Any, int, int]) -> None:
    text, value, at, put = given
    payloads = Payloads("key-of-the-tests", dt.timedelta(hours=1))
    with contextlib.suppress(BadPayloadError):
        payloads.read("s", text)
        raise AssertionError("nobody but us signs")
    with contextlib.suppress(ValueError):
        signed = payloads.sign("s", "Có", {"act": value})
        spoilt = signed[: at % len(signed)] + chr(put) + signed[at % len(signed) + 1 :]
        with contextlib.suppress(BadPayloadError):
            payloads.read("t", signed)
            raise AssertionError("none of another session")
        # A signature can be written in more than one way ("+" is "-"), what is signed cannot.
        with contextlib.suppress(BadPayloadError):
            assert payloads.read("s", spoilt) == payloads.read("s", signed), "none that is changed"


# --- Zalo -----------------------------------------------------------------------------------------------------------

_OA_EVENTS: dict[str, st.SearchStrategy[Any]] = {
    "event_name": st.sampled_from(
        ["user_send_text", "user_send_location", "user_send_image", "follow", "unfollow", "user_withdraw",
         "oa_send_text", "user_click_chatnow", "permission_revoked", "user_send_group_text"]
    ),
    "sender": st.fixed_dictionaries({"id": _VALUES}, optional={"admin_id": _VALUES}),
    "recipient": st.fixed_dictionaries({"id": _VALUES}),
    "follower": st.fixed_dictionaries({"id": _VALUES}),
    "message": st.fixed_dictionaries({}, optional={"msg_id": _VALUES, "text": _VALUES | TEXTS}),
    "timestamp": st.integers() | st.integers(0, 2**45).map(str),
    "user_id": _VALUES,
    "oa_id": _VALUES,
    "app_id": _VALUES,
}  # fmt: skip
_BOT_EVENTS: dict[str, st.SearchStrategy[Any]] = {
    "event_name": st.sampled_from(["message.text.received", "message.image.received", "message.sticker.received", "x"]),
    "message": st.fixed_dictionaries(
        {"chat": st.fixed_dictionaries({"id": st.text() | _VALUES}, optional={"chat_type": _VALUES})},
        optional={"message_id": _VALUES | st.text(), "date": _VALUES, "text": _VALUES | TEXTS, "from": _VALUES},
    ),
    "result": _VALUES,
}


def _event(shape: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Events of that shape in which any field may be anything, or missing."""
    loose = {name: values | _VALUES for name, values in shape.items()}
    return st.fixed_dictionaries({}, optional=loose) | st.fixed_dictionaries({}, optional=shape)


def _oa_event(event: dict[str, Any]) -> None:
    _kept(vars(read_event(_received(event), _NOW)).values())


def _bot_event(event: dict[str, Any]) -> None:
    if (found := read_bot_event(_received(event), _NOW)) is not None:
        _kept(found)


def _received(event: dict[str, Any]) -> dict[str, Any]:
    """As it comes through JSON."""
    read: dict[str, Any] = json.loads(_json(event))
    return read


def _kept(values: Any) -> None:
    """Each can be written into a database."""
    for value in values:
        if isinstance(value, str):
            value.encode()
            assert "\x00" not in value, "PostgreSQL holds none"


def _signature(given: tuple[bytes, str]) -> None:
    raw, header = given
    assert not is_signed(raw, header, "1", "secret")
    assert not is_signed(raw, signature(raw, "1", "") or "", "1", "")


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


# --- addresses ------------------------------------------------------------------------------------------------------

_FILTERS = (Filter("state", "Trạng thái", (("open", "Đang mở"), ("closed", "Đã xong"))), Filter("from", "Từ ngày"))
_ORDERS = ("at", "name")
_KEYS = ("q", "order", "page", "state", "from", "export")
_GIVEN = ("open", "-at", "--at", "name", "0", "-1", "99999999999999999999", "²", "٣", "2026-02-30", "xlsx")
_KINDS: tuple[Kind, ...] = ("day", "week", "month", "quarter", "year")
_DAYS = st.sampled_from(
    [
        "2026-10-05",
        "0001-01-01",
        "9999-12-31",
        "0001-01",
        "9999-12",
        "0001-Q1",
        "9999-Q4",
        "0001",
        "9999",
        "2026-Q5",
        "0000",
    ]
)


def _query(given: dict[str, str]) -> None:
    def asked(values: dict[str, str]) -> Query:
        return Query.read(values, filters=_FILTERS, orders=_ORDERS, default="-at")

    query = asked({name: value.encode("utf-8", "ignore").decode() for name, value in given.items()})
    assert query.page >= 1
    again = asked(dict(parse_qsl(query.address(page=str(query.page)).removeprefix("?"))))
    assert again == query, "a link of the page leads to the same list"


def _period(given: tuple[Kind, str]) -> None:
    kind, text = given
    try:
        period = Period.parse(kind, text)
    except PeriodUnreadableError:
        return
    assert period.before.last < period.first <= period.last
    assert period.begins < period.ends
    assert period.before.ends == period.begins


# --- files ----------------------------------------------------------------------------------------------------------


def _harmless(text: str) -> None:
    assert not unicodedata.normalize("NFKC", harmless(text)[:1]).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@functools.cache
def _world() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        return stored_from(write(Path(folder), seeds()))


@functools.cache
def _book() -> bytes:
    return workbook(_world())


@functools.cache
def _word() -> bytes:
    document = docx.Document()
    for paragraph in ("Hỏi: Vay được bao nhiêu?", "Đáp: 100 triệu đồng."):
        document.add_paragraph(paragraph)
    table = document.add_table(2, 2)
    for cell, text in zip((*table.rows[0].cells, *table.rows[1].cells), ("Câu hỏi", "Trả lời", "a?", "b"), strict=True):
        cell.text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _damaged(package: Callable[[], bytes]) -> st.SearchStrategy[bytes]:
    """A package with bytes overwritten, or with such damage within one of its parts."""
    damage = st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4
    )

    def outside(changes: list[tuple[float, bytes]]) -> bytes:
        return _overwritten(package(), changes)

    def inside(part: int, changes: list[tuple[float, bytes]]) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(package())) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
            names = old.namelist()
            for number, name in enumerate(names):
                content = old.read(name)
                new.writestr(name, _overwritten(content, changes) if number == part % len(names) else content)
        return file.getvalue()

    return st.builds(outside, damage) | st.builds(inside, st.integers(0, 40), damage)


def _overwritten(content: bytes, changes: list[tuple[float, bytes]]) -> bytes:
    for place, put in changes:
        at = int(place * len(content))
        content = content[:at] + put + content[at + len(put) :]
    return content


def _csv_files() -> st.SearchStrategy[bytes]:
    def written(rows: list[list[str]], delimiter: str, encoding: str) -> bytes:
        file = io.StringIO()
        csv.writer(file, delimiter=delimiter).writerows([["Câu hỏi", "Trả lời", "Cách hỏi khác"], *rows])
        return file.getvalue().encode(encoding, "ignore")

    rows = st.lists(st.lists(TEXTS, max_size=4), max_size=5)
    return st.builds(
        written, rows, st.sampled_from(",;\t"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1258"])
    )


def _list(content: bytes) -> None:
    with contextlib.suppress(RefusedError):
        entries_of(read_list(content), "t", "other", "press")


def _workbook(content: bytes) -> None:
    with contextlib.suppress(RefusedError):
        make_plan(_world(), read_workbook(content, quiet), quiet)


_CELLS = (
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates(dt.date(1900, 3, 1), dt.date(9999, 1, 1))
    | TEXTS.map(lambda text: "".join(filter(str.isprintable, text)))
    | st.sampled_from(["=1+1", "#REF!", "2026-02-30", "31/02/2026", "có", "không", "1.234,5", "-", "9" * 400])
)  # fmt: skip


def _edited(edits: list[tuple[int, int, int, Any]]) -> None:
    book = load_workbook(io.BytesIO(_book()))
    for sheet, row, column, value in edits:
        book.worksheets[sheet % len(book.worksheets)].cell(row, column).value = value
    make_plan(_world(), read_workbook(saved(book), quiet), quiet)


def _data_files() -> st.SearchStrategy[str]:
    """A sound file with lines changed, or anything."""
    sound = "".join(yaml.safe_dump(content, allow_unicode=True, sort_keys=False) for content in seeds().values())
    lines = sound.splitlines()
    odd = st.sampled_from(
        ["2026-02-30", "0o9", "!!python/object:os.system x", "&a [*a]", "<<: {a: 1}", "- - - -", "{{", "1_000", ".inf",
         "12:30:45", "!!int x", "!!binary á", "!!timestamp 2026-13-01", "? [a]: b", "%YAML 9.9", "=", "~", "0x",
         "1e400", "[" * 3000]
    )  # fmt: skip

    def changed(at: int, keep: int, put: str) -> str:
        line = lines[at % len(lines)]
        head, colon, _ = line.partition(": ")
        made = f"{head}{colon}{put}" if colon else line[: keep % (len(line) + 1)] + put
        return "\n".join([*lines[: at % len(lines)], made, *lines[at % len(lines) + 1 :]])

    return st.builds(changed, st.integers(0, 400), st.integers(0, 80), odd | TEXTS) | TEXTS | odd


def _data(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "policy")
        place.mkdir()
        (place / "a.yml").write_bytes(text.encode("utf-8", "surrogatepass"))
        with contextlib.suppress(DataError):
            check(read_files(Path(folder)))
