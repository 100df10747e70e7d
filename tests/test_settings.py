"""The settings, and the page that describes them."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.settings import Settings

_ROW = re.compile(r"^\| `(ANSINH_\w+)` \| (?:`([^`]*)`)? ?\| (.+) \|$", re.MULTILINE)


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def test_page_lists_every_setting_with_its_default() -> None:
    page = Path("docs/settings.md").read_text(encoding="utf-8")
    described = {name: default for name, default, _ in _ROW.findall(page)}
    fields = Settings.model_fields.items()
    assert described == {f"ANSINH_{name.upper()}": _as_text(field.default) for name, field in fields}


def test_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSINH_PORT", "9000")
    monkeypatch.setenv("ANSINH_TODAY", "")
    settings = Settings()
    assert (settings.port, settings.today) == (9000, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANSINH_PORT", "eighty"),
        ("ANSINH_PORT", "70000"),
        ("ANSINH_TODAY", "25/11/2026"),
        ("ANSINH_RATE_SESSION_MESSAGES", "often"),
        ("ANSINH_CHECKLIST_DAYS", "0"),
        ("ANSINH_EMBED_ORIGINS", "xa.example"),
        ("ANSINH_EMBED_ORIGINS", "https://xa.example/trang"),
        ("ANSINH_EMBED_ORIGINS", "https://xa.example,http://xa.example"),
        ("ANSINH_EMBED_ORIGINS", "*"),
        ("ANSINH_EMBED_ORIGINS", "https://xa.example; script-src *"),
        ("ANSINH_PUBLIC_URL", "ansinh.example"),
        ("ANSINH_PUBLIC_URL", "javascript://x"),
        ("ANSINH_PUBLIC_URL", "https://ansinh.example/?a=1"),
    ],
)
def test_value_that_does_not_fit_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert caught.value.errors()[0]["loc"] == (name.removeprefix("ANSINH_").lower(),)


SECRETS = {
    "secret": "geheim-secret-abcdefgh",
    "rasa_secret": "geheim-rasa",
    "officers_secret": "geheim-officers-abcdefgh",
    "zalo_app_secret": "geheim-app",
    "zalo_oa_secret": "geheim-oa",
    "zalo_bot_token": "geheim-token",
    "zalo_bot_secret": "geheim-bot",
    "database_url": "postgresql+psycopg://u:geheim@h/n",
    "redis_url": "redis://:geheim@h",
}


def test_settings_that_are_printed_show_no_secret() -> None:
    settings = Settings(**SECRETS)
    assert "geheim" not in repr(settings) + str(settings)


def test_no_secret_setting_was_forgotten_above() -> None:
    named = {name for name in Settings.model_fields if re.search("secret|token|password", name)} - {"secret_file"}
    assert named <= set(SECRETS)


@pytest.mark.parametrize("name", ["secret", "officers_secret", "redis_url"])
def test_an_error_does_not_repeat_a_secret(name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(**{name: "geheim"})
    assert "geheim" not in str(caught.value)


def test_origins_are_parted_by_commas() -> None:
    settings = Settings(embed_origins="https://xa.example, https://*.tinh.example:8443,http://localhost:*")
    assert settings.embedding_origins == ("https://xa.example", "https://*.tinh.example:8443", "http://localhost:*")


class TestSigningKey:
    def test_is_the_one_given(self) -> None:
        assert Settings(secret="given-given-given").signing_key() == "given-given-given"

    def test_must_be_too_long_to_guess(self) -> None:
        with pytest.raises(ValidationError, match="16 letters"):
            Settings(secret="given")

    def test_is_else_made_once_and_readable_by_us_only(self, tmp_path: Path) -> None:
        path = tmp_path / "var" / "secret.key"
        key = Settings(secret="", secret_file=path).signing_key()
        assert len(key) >= 43
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert Settings(secret="", secret_file=path).signing_key() == key
        assert [file.name for file in path.parent.iterdir()] == ["secret.key"]


def test_what_is_bulky_goes_before_words_and_words_before_rows() -> None:
    with pytest.raises(ValidationError, match="parse days <= text days <= counts days"):
        Settings(retention_parse_days=91)
    assert Settings(retention_parse_days=90, retention_text_days=90).retention_text_days == 90
