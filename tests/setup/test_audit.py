"""The audit of locked packages: what is accepted is really there, and what nobody accepted is told."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from bench.ports import free_ports
from tools import audit
from tools.audit import Accepted, Package, accepted, faults, known, locked, standing
from tools.bootstrap import ROOT

DAY = dt.date(2026, 11, 30)
KERAS = Package("rasa", "PyPI", "keras", "2.12.0")
FINE = Package("service", "PyPI", "aiohttp", "3.14.5")
BAD = Accepted("GHSA-1", ("CVE-1",), "rasa", "keras", "<2.13", "not reached", dt.date(2027, 1, 31))


def test_every_acceptance_is_of_a_locked_version_and_not_over() -> None:
    assert list(faults(accepted(ROOT), locked(ROOT), DAY)) == []


def test_every_acceptance_is_told_apart_and_says_why() -> None:
    given = accepted(ROOT)
    assert len({(each.id, each.lock, each.package) for each in given}) == len(given)
    assert all(len(each.why) > 30 for each in given)
    assert all(each.until - DAY < dt.timedelta(days=366) for each in given), "to be looked at each year at least"


def test_all_lock_files_are_looked_at() -> None:
    found = locked(ROOT)
    assert {"rasa", "service", "bot/widget", "bot/console"} == {package.lock for package in found}
    pins = sum(
        (ROOT / f"requirements/{lock}.txt").read_text(encoding="utf-8").count("==") for lock in ("rasa", "service")
    )
    assert sum(package.ecosystem == "PyPI" for package in found) == pins
    assert Package("rasa", "PyPI", "rasa", "3.6.21") in found


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (BAD, []),
        (replace(BAD, until=DAY), []),
        (replace(BAD, until=DAY - dt.timedelta(days=1)), ["hết hạn"]),
        (replace(BAD, affected="<2.12"), ["không còn"]),
        (replace(BAD, lock="service"), ["không còn"]),
        (replace(BAD, package="kéras"), ["không còn"]),
    ],
)
def test_what_is_wrong_with_an_acceptance(given: Accepted, said: list[str]) -> None:
    found = list(faults([given], [KERAS, FINE], DAY))
    assert len(found) == len(said)
    assert all(word in fault for word, fault in zip(said, found, strict=True))


class Database(http.server.BaseHTTPRequestHandler):
    """Answers as OSV does: ids by package in two pages, and one advisory at a time."""

    advisories: ClassVar[dict[str, list[str]]] = {"keras": ["GHSA-1", "PYSEC-1", "GHSA-2", "PYSEC-2"]}
    aliases: ClassVar[dict[str, list[str]]] = {
        "PYSEC-1": ["CVE-1"],
        "GHSA-2": ["CVE-2"],
        "PYSEC-2": ["CVE-2", "GHSA-2"],
    }

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        results = []
        for query in given["queries"]:
            assert set(query) <= {"package", "version", "page_token"}
            ids = self.advisories.get(query["package"]["name"], [])
            second = query.get("page_token") == "2"
            answer: dict[str, Any] = (
                {"vulns": [{"id": each} for each in (ids[2:] if second else ids[:2])]} if ids else {}
            )
            results.append(answer | ({"next_page_token": "2"} if ids and not second else {}))
        self._answer({"results": results})

    def do_GET(self) -> None:
        identifier = self.path.rsplit("/", 1)[1]
        self._answer({"id": identifier, "aliases": self.aliases.get(identifier, []), "summary": f"about {identifier}"})

    def _answer(self, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keeps quiet."""


@pytest.fixture
def database() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Database) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_what_nobody_accepted_is_told_once(database: str) -> None:
    found = known([KERAS, FINE], database)
    assert found == {KERAS: {"GHSA-1", "PYSEC-1", "GHSA-2", "PYSEC-2"}, FINE: set()}
    assert list(standing(found, [BAD], database)) == [(KERAS, "GHSA-2", "about GHSA-2")]


def test_an_acceptance_of_one_environment_is_none_of_the_other(database: str) -> None:
    other = replace(KERAS, lock="service")
    told = {identifier for _, identifier, _ in standing(known([other], database), [BAD], database)}
    assert told == {"GHSA-1", "GHSA-2", "PYSEC-1"}


@pytest.mark.parametrize(("advisories", "status"), [({}, 0), (Database.advisories, 1)])
def test_the_status_says_whether_anything_stands(
    database: str, monkeypatch: pytest.MonkeyPatch, advisories: dict[str, list[str]], status: int
) -> None:
    monkeypatch.setattr(Database, "advisories", advisories)
    monkeypatch.setattr("sys.argv", ["audit", "--service", database])
    assert audit.main() == status


def test_a_database_that_cannot_be_asked_is_no_clean_record(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["audit", "--service", f"http://127.0.0.1:{free_ports(1)[0]}"])
    assert audit.main() == 2
    assert "Không hỏi được" in capsys.readouterr().out
