"""A new version takes over from the old one while citizens write: none of them notices."""

from __future__ import annotations

import contextlib
import http.client
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from bench.cluster import Cluster
from tests.e2e.cluster import open_folder, two_of_each, wait_listening
from tests.e2e.running import ROOT, Talk, wait_for
from tests.postgres import new_database, server
from tests.redis_server import Redis

QUESTION = "Hộ cận nghèo được hỗ trợ bảo hiểm y tế bao nhiêu?"
OLD_GREETING = "Dạ em chào ông/bà, anh/chị."
NEW_GREETING = "Xin chào từ bản mới."
CITIZENS = 4
# As many seconds as the shipped proxy looks past a worker that was gone.
PROXY_FORGETS = 3.5
# The old version knows nothing of what the new one adds to the tables.
MIGRATION = '''
"""What a next version might add."""

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turn_log", sa.Column("next_note", sa.Text()))
    op.create_table("next_table", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("next_table")
    op.drop_column("turn_log", "next_note")
'''


@pytest.fixture
def database() -> Iterator[str]:
    with server() as folder:
        yield new_database(folder)


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The next version in a folder of its own, beside the one that runs: other words, more tables."""
    root = tmp_path / "newer"
    root.mkdir()
    for name in ("actions", "bot", "data", "migrations", "models"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    for name in ("alembic.ini", "config.yml", "credentials.yml", "domain.yml", "endpoints.yml"):
        shutil.copy(ROOT / name, root / name)
    head = ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_current_head()
    (root / "migrations/versions/next.py").write_text(MIGRATION.format(head=head), encoding="utf-8")
    voice = root / "bot/conversation/voice.yml"
    old = voice.read_text(encoding="utf-8")
    assert OLD_GREETING in old
    voice.write_text(old.replace(OLD_GREETING, NEW_GREETING), encoding="utf-8")
    return root


class Citizen:
    """Writes until told to stop; sends again under the same id what got no answer, as the page does."""

    def __init__(self, running: Cluster, number: int) -> None:
        self._gateways = cycle(running.gateways if number % 2 else running.gateways[::-1])
        self.talk = Talk(running.gateways[0])
        self.sent: list[str] = []
        self.statuses: list[str] = []

    def write_until(self, over: threading.Event) -> None:
        while not over.is_set():
            body = {"id": str(uuid.uuid4()), "text": QUESTION}
            self.sent.append(body["id"])
            self.statuses.append(self._answer(body)["answer"]["status"])
            time.sleep(0.5)

    def _answer(self, body: dict[str, str]) -> dict[str, Any]:
        for _ in range(40):
            self.talk.address = next(self._gateways)
            with contextlib.suppress(OSError, http.client.HTTPException):
                response = self.talk.post(body)
                if response.status == 200:
                    first: dict[str, Any] = response.body["messages"][0]
                    return first
            time.sleep(0.2)
        raise AssertionError("no gateway answered")


def test_no_message_is_lost_doubled_or_turned_away(tmp_path: Path, database: str, newer: Path) -> None:
    with (
        Redis() as redis,
        two_of_each(open_folder(tmp_path), database, redis.url) as running,
        ThreadPoolExecutor(CITIZENS) as pool,
    ):
        citizens = [Citizen(running, number) for number in range(CITIZENS)]
        over = threading.Event()
        writing = [pool.submit(citizen.write_until, over) for citizen in citizens]
        try:
            _take_over(running, newer, database)
        finally:
            over.set()
        for each in writing:
            each.result(60)
        for citizen in citizens:
            citizen.talk.address = running.gateways[0]
            said = citizen.talk.history()
            asked = [message["id"] for message in said if message["role"] == "citizen"]
            assert asked == citizen.sent[-len(asked) :], "each once, in order"
            assert set(citizen.statuses) == {"answered"}
            assert len(citizen.statuses) == len(citizen.sent) > 5
        engine = create_engine(database)
        with engine.connect() as connection:
            logged, noted = connection.execute(text("SELECT count(*), count(next_note) FROM turn_log")).one()
        # PostgreSQL stops only when nobody is connected.
        engine.dispose()
        assert noted == 0
        assert logged == sum(len(citizen.sent) for citizen in citizens)
        assert all(NEW_GREETING in Talk(address).last[0]["text"] for address in running.gateways)


def _take_over(running: Cluster, newer: Path, database: str) -> None:
    """What docs/huong-dan/van-hanh/cap-nhat.md says, step by step."""
    environ = {"ANSINH_DATABASE_URL": database, "PATH": "/usr/bin:/bin"}
    for command in (["alembic", "upgrade", "head"], ["bot.knowledge.loader", "data"]):
        subprocess.run([sys.executable, "-m", *command], cwd=newer, env=environ, check=True, capture_output=True)
    for number in (0, 1):
        # A worker whose actions are gone would apologise: it goes first, and comes back last.
        running.stop(f"rasa-{number}")
        running.stop(f"actions-{number}")
        running.start(f"actions-{number}", newer)
        wait_listening(running, f"actions-{number}")
        running.start(f"rasa-{number}", newer)
        wait_listening(running, f"rasa-{number}")
        time.sleep(PROXY_FORGETS)
    for number in (0, 1):
        running.stop(f"gateway-{number}")
        running.start(f"gateway-{number}", newer)
        wait_listening(running, f"gateway-{number}")
        wait_for(lambda number=number: _ready(running.gateways[number]), 60)  # type: ignore[misc]


def _ready(address: str) -> bool:
    with contextlib.suppress(OSError):
        return bool(Talk(address).last)
    return False
