"""The drill: a backup made in service, put back elsewhere, answers a citizen's question."""

from __future__ import annotations

import datetime as dt
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from bot.cli.backup import parser, run
from bot.conversation.repository import close_session
from bot.knowledge.assistant import Library
from bot.knowledge.case import Case
from bot.knowledge.db import make_engine
from bot.knowledge.dialogue.understanding import Understanding
from bot.operations.backups import Backups
from bot.operations.copies import CopyError, copier_of
from bot.settings import Settings
from tests.operations.conftest import NOW, say


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def greetings(url: str) -> list[str]:
    engine = make_engine(url)
    with engine.connect() as db:
        found = [row[0] for row in db.execute(text("SELECT text FROM message ORDER BY seq"))]
    engine.dispose()
    return found


def test_a_restored_copy_answers_a_question(published: str, folder: Path, new_address: Callable[[str], str]) -> None:
    record = Backups(folder, published).create(NOW, keep=2)
    say(published, "sau khi sao lưu", 1)
    elsewhere = new_address("elsewhere")
    Backups(folder, elsewhere).restore(record, replace=False)
    assert greetings(elsewhere) == ["Dạ em chào"]
    engine = make_engine(elsewhere)
    said = Understanding("Hộ cận nghèo được hỗ trợ bảo hiểm y tế bao nhiêu?", "ask_benefit", 0.9, dt.date(2026, 11, 25))
    replies, _ = Library(engine).assistant().answer(said, Case())
    engine.dispose()
    assert "bảo hiểm y tế" in replies[0].text.lower()
    # And it goes on: what is written next gets a place of its own.
    say(elsewhere, "tiếp tục", 2)
    assert greetings(elsewhere) == ["Dạ em chào", "tiếp tục"]


def erase(url: str, number: int, at: dt.datetime) -> None:
    engine = make_engine(url)
    with Session(engine) as db, db.begin():
        close_session(db, f"s{number}", at)
    engine.dispose()


def test_what_was_erased_since_is_erased_again(in_service: str, folder: Path) -> None:
    say(in_service, "bị xoá rồi", 1, sender="y")
    Backups(folder, in_service).create(NOW, keep=2)
    erase(in_service, 1, NOW + dt.timedelta(hours=1))
    settings = Settings(database_url=in_service, backup_folder=folder)
    said = run(parser().parse_args(["restore", "--replace"]), settings, NOW)
    assert "Đã xoá lại dữ liệu của 1 người" in said
    assert "Không có dữ liệu trước đó" not in said
    assert greetings(in_service) == ["Dạ em chào"]
    again = run(parser().parse_args(["restore", "--replace"]), settings, NOW)
    assert greetings(in_service) == ["Dạ em chào"], again


def test_erasures_are_known_when_the_database_is_lost(
    in_service: str, folder: Path, new_address: Callable[[str], str]
) -> None:
    say(in_service, "bị xoá rồi", 1, sender="y")
    backups = Backups(folder, in_service)
    old = backups.create(NOW, keep=2)
    erase(in_service, 1, NOW + dt.timedelta(hours=1))
    # Who comes back after an erasure keeps what they say from then on.
    say(in_service, "hỏi lại từ đầu", 2, sender="y")
    new = backups.create(NOW + dt.timedelta(days=1), keep=2)
    for record, kept in ((old, ["Dạ em chào"]), (new, ["Dạ em chào", "hỏi lại từ đầu"])):
        elsewhere = new_address(record.sha256)
        done = Backups(folder, elsewhere).restore(record, replace=False)
        assert greetings(elsewhere) == kept
        assert (done.erased, done.all_known) == (len(kept) == 1, False)
    backups.create(NOW + dt.timedelta(days=2), keep=2)
    assert "y" not in (folder / "erasures.json").read_text("utf-8"), "no backup holds it any more"


def test_what_is_there_is_replaced_only_when_that_is_said(in_service: str, folder: Path) -> None:
    backups = Backups(folder, in_service)
    record = backups.create(NOW, keep=2)
    say(in_service, "sau khi sao lưu", 1)
    with pytest.raises(CopyError, match="--replace"):
        backups.restore(record, replace=False)
    assert len(greetings(in_service)) == 2
    backups.restore(record, replace=True)
    assert greetings(in_service) == ["Dạ em chào"]


def test_a_copy_of_an_older_version_takes_the_place_of_newer_tables(in_service: str, folder: Path) -> None:
    record = Backups(folder, in_service).create(NOW, keep=2)
    engine = make_engine(in_service)
    with engine.begin() as db:
        db.execute(text("CREATE TABLE of_later (id integer PRIMARY KEY, session_id varchar REFERENCES session (id))"))
        db.execute(text("CREATE TABLE of_much_later (id integer PRIMARY KEY)"))
    engine.dispose()
    Backups(folder, in_service).restore(record, replace=True)
    engine = make_engine(in_service)
    assert [name for name in inspect(engine).get_table_names() if name.startswith("of_")] == []
    engine.dispose()
    assert greetings(in_service) == ["Dạ em chào"]


@pytest.mark.parametrize("new_address", ["postgresql"], indirect=True)
def test_a_copy_that_can_not_be_read_to_its_end_changes_nothing(in_service: str, folder: Path, tmp_path: Path) -> None:
    record = Backups(folder, in_service).create(NOW, keep=2)
    torn = tmp_path / "torn"
    torn.write_bytes((folder / record.file).read_bytes()[: record.bytes - 2000])
    with pytest.raises(CopyError):
        copier_of(in_service).put_back(torn)
    assert greetings(in_service) == ["Dạ em chào"]


def test_a_copy_made_while_others_write_is_whole(
    in_service: str, folder: Path, new_address: Callable[[str], str]
) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 1
        while not stop.is_set():
            say(in_service, f"câu {number}", number)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        record = Backups(folder, in_service).create(NOW, keep=2)
    finally:
        stop.set()
        writer.join()
    elsewhere = new_address("elsewhere")
    Backups(folder, elsewhere).restore(record, replace=False)
    kept = greetings(elsewhere)
    assert kept == greetings(in_service)[: len(kept)], "a beginning of what was written, without gaps"


def test_only_the_newest_are_kept(in_service: str, folder: Path) -> None:
    backups = Backups(folder, in_service)
    made = [backups.create(NOW + dt.timedelta(days=day), keep=2) for day in range(3)]
    assert backups.records() == made[1:]
    assert len(list(folder.iterdir())) == 5, "two copies, two records, the list of erasures"


def test_none_is_kept_longer_than_citizens_are_told(in_service: str, folder: Path) -> None:
    backups = Backups(folder, in_service)
    old = backups.create(NOW, keep=14)
    for leftover in ("ansinh-20260101T000000Z.other", "ansinh-20260101T000000Z.other.part"):
        (folder / leftover).touch()
    in_time, new = [backups.create(NOW + dt.timedelta(days=day), keep=14) for day in (1, 30)]
    assert backups.records() == [in_time, new]
    assert not [path.name for path in folder.iterdir() if old.file in path.name or "other" in path.name]


def test_a_backup_is_for_our_eyes_and_holds_no_key(in_service: str, folder: Path) -> None:
    Backups(folder, in_service).create(NOW, keep=2)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("damage", ["changed", "shortened", "gone"])
def test_a_damaged_copy_is_found_out_and_never_restored(in_service: str, folder: Path, damage: str) -> None:
    backups = Backups(folder, in_service)
    record = backups.create(NOW, keep=2)
    place = folder / record.file
    whole = place.read_bytes()
    match damage:
        case "changed":
            place.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
        case "shortened":
            place.write_bytes(whole[:-1])
        case _:
            place.unlink()
    for attempt in (backups.check, lambda record: backups.restore(record, replace=True)):
        with pytest.raises(CopyError):
            attempt(record)
    assert greetings(in_service) == ["Dạ em chào"]


class TestCommand:
    def test_says_what_it_made_and_that_all_is_well(self, in_service: str, folder: Path) -> None:
        settings = Settings(database_url=in_service, backup_folder=folder)
        said = run(parser().parse_args(["create"]), settings, NOW)
        assert "02:15 ngày 01/12/2026" in said
        assert run(parser().parse_args(["check"]), settings, NOW + dt.timedelta(hours=25)).startswith("Các bản sao")

    def test_calls_an_old_backup_old(self, in_service: str, folder: Path) -> None:
        settings = Settings(database_url=in_service, backup_folder=folder)
        run(parser().parse_args(["create"]), settings, NOW)
        with pytest.raises(CopyError, match="cũ hơn 26 giờ"):
            run(parser().parse_args(["check"]), settings, NOW + dt.timedelta(hours=27))

    def test_without_any_backup_says_so(self, in_service: str, folder: Path) -> None:
        settings = Settings(database_url=in_service, backup_folder=folder)
        for step in ("check", "restore"):
            with pytest.raises(CopyError, match="Không có bản sao"):
                run(parser().parse_args([step]), settings, NOW)


def test_a_password_is_no_argument(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Arguments can be seen by everybody on the machine."""
    tool = tmp_path / "pg_dump"
    tool.write_text('#!/bin/sh\necho "$@" >&2; echo "$PGPASSWORD/$PGHOST/$PGSSLMODE" >&2; exit 1\n', encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(CopyError) as caught:
        copier_of("postgresql+psycopg://u:geheim@db.example/n?sslmode=verify-full").copy(tmp_path / "x")
    first, second = str(caught.value).splitlines()
    assert "geheim" not in first
    assert second == "geheim/db.example/verify-full"


def test_an_address_that_it_does_not_understand_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CopyError, match="service="):
        copier_of("postgresql+psycopg:///n?service=x").copy(tmp_path / "x")
