"""``python -m tools.audit``: advisories about what is locked, less those that ``requirements/advisories.toml`` accepts.

Asks the OSV database about every package of both environments and of the browser parts. Ends with status 1 when an
advisory stands that nobody accepted, or an acceptance is wrong or over; with 2 when the database could not be asked.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomllib
from packaging.specifiers import SpecifierSet

from tools.bootstrap import ROOT

SERVICE = "https://api.osv.dev/v1"
ACCEPTED = "requirements/advisories.toml"
_PYTHON = ("rasa", "service")
_BROWSER = ("bot/widget", "bot/console")
_PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^\s\\;]+)", re.MULTILINE)
_SECONDS = 30
_AT_ONCE = 500


@dataclass(frozen=True)
class Package:
    """A locked package; ``lock`` is ``rasa``, ``service`` or the folder of a browser part."""

    lock: str
    ecosystem: str
    name: str
    version: str

    def __str__(self) -> str:
        """As a person names it."""
        return f"{self.name} {self.version} ({self.lock})"


@dataclass(frozen=True)
class Accepted:
    """An advisory that holds for a locked package, and why that is bearable ``until`` a day."""

    id: str
    aliases: tuple[str, ...]
    lock: str
    package: str
    affected: str
    why: str
    until: dt.date

    @property
    def names(self) -> set[str]:
        """All ids that the advisory goes by."""
        return {self.id, *self.aliases}


def locked(root: Path) -> list[Package]:
    """Every package of every lock file."""
    found = []
    for lock in _PYTHON:
        text = (root / f"requirements/{lock}.txt").read_text(encoding="utf-8")
        found += [Package(lock, "PyPI", name, version) for name, version in _PIN.findall(text)]
    for folder in _BROWSER:
        content = json.loads((root / folder / "package-lock.json").read_text(encoding="utf-8"))
        for path, package in content["packages"].items():
            if path and "version" in package:
                name = path.rpartition("node_modules/")[2]
                found.append(Package(folder, "npm", name, package["version"]))
    return found


def accepted(root: Path) -> list[Accepted]:
    """What the file accepts."""
    content = tomllib.loads((root / ACCEPTED).read_text(encoding="utf-8"))
    return [Accepted(**{**each, "aliases": tuple(each["aliases"])}) for each in content["accepted"]]


def faults(given: Iterable[Accepted], packages: Sequence[Package], day: dt.date) -> Iterator[str]:
    """What is wrong with acceptances on a day: for a package or version that is not locked any more, or over."""
    versions = {(package.lock, package.name): package.version for package in packages}
    for each in given:
        version = versions.get((each.lock, each.package))
        if version is None or version not in SpecifierSet(each.affected, prereleases=True):
            yield f"{each.id}: {each.package} {each.affected} không còn trong tệp khóa {each.lock}, hãy xóa mục này"
        if each.until < day:
            yield f"{each.id} ({each.package}): đã hết hạn chấp nhận {each.until:%d/%m/%Y}, hãy xem lại"


def known(packages: Sequence[Package], service: str) -> dict[Package, set[str]]:
    """The ids of advisories about each package. Raises ``OSError`` when the database cannot be asked."""
    found: dict[Package, set[str]] = {}
    asked: list[tuple[Package, str | None]] = [(package, None) for package in packages]
    while asked:
        now, asked = asked[:_AT_ONCE], asked[_AT_ONCE:]
        answers = _ask(f"{service}/querybatch", {"queries": [_query(package, page) for package, page in now]})
        for (package, _), answer in zip(now, answers["results"], strict=True):
            found.setdefault(package, set()).update(each["id"] for each in answer.get("vulns", ()))
            if page := answer.get("next_page_token"):
                asked.append((package, page))
    return found


def standing(
    found: Mapping[Package, set[str]], given: Sequence[Accepted], service: str
) -> Iterator[tuple[Package, str, str]]:
    """Package, id and summary of each advisory that nobody accepted. Raises ``OSError``."""
    names = {(each.lock, each.package): set[str]() for each in given}
    for each in given:
        names[each.lock, each.package] |= each.names
    for package, ids in found.items():
        known_as = names.get((package.lock, package.name), set())
        told: set[str] = set()
        for identifier in sorted(ids - known_as):
            advisory = _ask(f"{service}/vulns/{identifier}")
            also = {identifier, *advisory.get("aliases", ())}
            if also & (known_as | told):
                continue
            told |= also
            yield package, identifier, str(advisory.get("summary") or advisory.get("details", "")).split("\n")[0]


def _query(package: Package, page: str | None) -> dict[str, Any]:
    query: dict[str, Any] = {
        "package": {"name": package.name, "ecosystem": package.ecosystem},
        "version": package.version,
    }
    return query | ({"page_token": page} if page else {})


def _ask(url: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 - https, or a mirror that was named
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
            return json.load(response)
    except ValueError as error:
        raise OSError(f"not the answer of an OSV database: {error}") from error


def main() -> int:
    """Say what stands."""
    parser = argparse.ArgumentParser(description="Xem các thư viện đã khóa có lỗ hổng nào đã công bố.")
    parser.add_argument(
        "--service", default=SERVICE, help=f"cơ sở dữ liệu OSV hoặc bản sao của nó (mặc định {SERVICE})"
    )
    service = parser.parse_args().service.rstrip("/")
    packages, given = locked(ROOT), accepted(ROOT)
    wrong = list(faults(given, packages, dt.datetime.now(dt.UTC).date()))
    for fault in wrong:
        print(f"✗ {fault}")
    print(f"{len(packages)} gói trong các tệp khóa, {len(given)} lỗ hổng được chấp nhận trong {ACCEPTED}.")
    try:
        found = list(standing(known(packages, service), given, service))
    except OSError as error:
        print(f"! Không hỏi được {service} ({error}). Hãy chạy lại ở nơi có mạng.")
        return 1 if wrong else 2
    for package, identifier, summary in found:
        print(f"✗ {package}: {identifier} {summary}")
    if not found:
        print("✓ Không có lỗ hổng nào khác đã công bố.")
    return 1 if wrong or found else 0


if __name__ == "__main__":
    sys.exit(main())
