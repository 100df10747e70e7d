"""Web addresses that no browser could open; whether they answer is not asked."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.knowledge.auditing.findings import Audited, Finding, Rule, Severity, path

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE)


def check_addresses(audited: Audited) -> Iterator[Finding]:
    """Find malformed addresses of legal documents and of steps."""
    for row, url in _addresses(audited):
        if not well_formed(url):
            wrong = f"Địa chỉ {url!r} không mở được."
            mend = "Chép lại từ thanh địa chỉ: bắt đầu bằng http:// hoặc https://, rồi tên miền, không có khoảng trắng."
            yield Finding(Rule.MALFORMED_URL, Severity.ERROR, row, wrong, mend)


def well_formed(url: str) -> bool:
    """Say whether ``url`` is an http or https address with the name of a host and without spaces."""
    if re.search(r"\s", url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # An unclosed bracket, or a port that is no number.
        return False
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and _HOST.fullmatch(host) is not None and port != 0


def _addresses(audited: Audited) -> Iterator[tuple[str, str]]:
    for document in audited.snapshot.documents.values():
        if document.url is not None:
            yield path("legal_documents", document.number), document.url
    for program in audited.snapshot.programs.values():
        for provision in program.provisions:
            for step in provision.steps:
                if step.url is not None:
                    yield path("programs", program.id, provision.key, step.text), step.url
