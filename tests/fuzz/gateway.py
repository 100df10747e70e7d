"""The gateway's addresses, tried by Schemathesis through their own OpenAPI descriptions."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.checks import load_all_checks
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from bot.knowledge.db import Base
from bot.knowledge.loader import load
from tests.fuzz.target import Target
from tests.knowledge.seeds import seeds, write
from tests.widget.site import Site

DESCRIPTIONS = ("/api/web/openapi.json", "/api/officers/openapi.json", "/api/policy/v1/openapi.json")
_OFFICERS_SECRET = "mat-khau-cua-can-bo"
# A stream has no end; `tests/channels/test_web_events.py` reads it.
_ENDLESS = "/api/web/events"
# A payload is a signature, and a reply must have words when it is read: what merely has their form is refused, rightly.
_MORE_THAN_FORM = {("POST", "/api/web/messages"), ("POST", "/api/officers/requests/{code}/reply")}


@contextlib.contextmanager
def open_gateway(folder: Path) -> Iterator[Gateway]:
    """A gateway with published tables, two citizens who wait for a person, and the fake Rasa behind it."""
    often = "1000000/second"
    rates = {f"rate_{name}": often for name in ("address_sessions", "address_requests", "address_exports")}
    rates |= {f"rate_{name}": often for name in ("session_messages", "session_other")}
    with Site(folder, officers_secret=_OFFICERS_SECRET, **rates) as site:
        Base.metadata.create_all(site.engine)
        load(site.engine, write(folder / "data", seeds()))
        yield Gateway(site)


class Gateway:
    """``targets`` are one for each call and kind of data: as described, and not as described."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._http = requests.Session()
        self._http.trust_env = False
        self._token = self._open()
        self._codes = [self._request() for _ in range(2)]
        load_all_checks()

    def targets(self, description: str) -> Iterator[Target]:
        """Those of the calls that a description has."""
        described = self._http.get(self.site.address + description, timeout=20).json()
        # The token is ours to send: as a header it would count as one more that can be wrong.
        described.pop("security", None)
        for methods in described["paths"].values():
            for operation in methods.values():
                operation.pop("security", None)
        for found in schemathesis.openapi.from_dict(described).get_all_operations():
            operation = found.ok()
            if operation.path == _ENDLESS:
                continue
            yield self._target(operation, GenerationMode.POSITIVE)
            if _given(operation):
                yield self._target(operation, GenerationMode.NEGATIVE)

    def _target(self, operation: Any, mode: GenerationMode) -> Target:
        cases = operation.as_strategy(generation_mode=mode)
        if "{code}" in operation.path:
            known = [
                operation.as_strategy(generation_mode=mode, path_parameters={"code": code}) for code in self._codes
            ]
            cases = st.one_of(cases, *known)
        name = f"{operation.method.upper()} {operation.path} {mode.value}"
        # Where nothing is sent there is little to try.
        return Target(name, cases, self._try, cost=2 if _given(operation) else 50)

    def _try(self, case: Any) -> None:
        method, path = case.operation.method.upper(), case.operation.path
        excluded = [positive_data_acceptance] if (method, path) in _MORE_THAN_FORM else []
        token = self._token
        if path.startswith("/api/officers"):
            token = _OFFICERS_SECRET
        elif (method, path) == ("DELETE", "/api/web/session"):
            token = self._open()
        response = case.call(
            base_url=self.site.address, session=self._http, headers={"Authorization": f"Bearer {token}"}, timeout=20
        )
        # An address too long for a request's first line is refused before any of our code sees it.
        if response.status_code != 400 or "Got more than 8190 bytes" not in response.text:
            case.validate_response(response, excluded_checks=excluded)
        violations, self.site.rasa.violations = self.site.rasa.violations, []
        assert not violations, f"what Rasa must never be sent: {violations}"

    def _open(self) -> str:
        token: str = self._post("/api/web/session", {}, {})["token"]
        return token

    def _request(self) -> str:
        """The receipt's code of a citizen's question."""
        headers = {"Authorization": f"Bearer {self._open()}"}
        self._post("/api/web/handover", {"id": str(uuid.uuid4())}, headers)
        for text in ("Bao giờ có tiền?", "không"):
            self._post("/api/web/messages", {"id": str(uuid.uuid4()), "text": text}, headers)
        officer = {"Authorization": f"Bearer {_OFFICERS_SECRET}", "X-Ansinh-Officer": "an"}
        listed = self._http.get(f"{self.site.address}/api/officers/requests", headers=officer, timeout=20).json()
        code: str = listed["requests"][-1]["code"]
        return code

    def _post(self, path: str, body: Mapping[str, str], headers: Mapping[str, str]) -> Any:
        response = self._http.post(self.site.address + path, json=dict(body), headers=dict(headers), timeout=20)
        response.raise_for_status()
        return response.json()


def _given(operation: Any) -> bool:
    """Whether anything is sent that could be wrong."""
    return any((operation.path_parameters, operation.query, operation.headers, operation.body))
