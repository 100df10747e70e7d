"""The audit of the data that a new database starts with, and the command that runs it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.knowledge.auditing.__main__ import main
from bot.knowledge.auditing.audit import audit
from bot.knowledge.auditing.findings import Rule, Severity
from bot.knowledge.auditing.report import figures_of
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.rows import TODAY
from tests.knowledge.seeds import Files, provision, seeds, write


def test_the_published_data_have_no_errors(published: Snapshot) -> None:
    found = audit(published, TODAY)
    assert [str(finding) for finding in found if finding.severity is Severity.ERROR] == []


def test_a_year_ahead_is_looked_at_unless_told_otherwise(published: Snapshot) -> None:
    assert audit(published, TODAY) == audit(published, TODAY, TODAY + timedelta(days=365))


def test_the_command_writes_numbers_and_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANSINH_TODAY", TODAY.isoformat())
    reports = tmp_path / "reports"
    files = sound_seeds()
    files["policy/common.yml"]["legal_documents"][1]["url"] = "https://example org/2"
    assert main([str(write(tmp_path / "data", files)), "--reports", str(reports)]) == 1
    figures = json.loads((reports / "check-data.json").read_text(encoding="utf-8"))
    assert set(figures) == {"errors", "warnings", *Rule}
    assert figures["errors"] == figures["malformed_url"] == 1
    page = (reports / "check-data.md").read_text(encoding="utf-8")
    assert "25/11/2026" in page
    assert "https://example org/2" in page
    assert "1 lỗi" in capsys.readouterr().out


def test_the_command_ends_well_without_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSINH_TODAY", TODAY.isoformat())
    assert main([str(write(tmp_path / "data", sound_seeds())), "--reports", str(tmp_path)]) == 0


def sound_seeds() -> Files:
    """The seeds without the document that its successor has ended."""
    files = seeds()
    del files["policy/common.yml"]["legal_documents"][0]["replaced_by"]
    return files


def test_files_that_do_not_load_are_told_as_the_loader_tells_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = seeds()
    provision(files)["common"][0]["fact"] = "unknown"
    assert main([str(write(tmp_path / "data", files)), "--reports", str(tmp_path)]) == 1
    assert "loan.yml, dòng" in capsys.readouterr().err
    assert not (tmp_path / "check-data.json").exists()


def test_every_rule_is_counted_by_name() -> None:
    assert figures_of([]) == {"errors": 0, "warnings": 0} | dict.fromkeys(Rule, 0)
