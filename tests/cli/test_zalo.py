"""The command that links the Official Account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels.zalo_oa.models import ZaloToken
from bot.cli import zalo
from bot.conversation.sealing import Box
from bot.knowledge.db import Base, make_engine
from bot.settings import Settings
from tests.zalo_double.openapi import APP_ID, APP_SECRET, ZaloDouble


@pytest.fixture
async def double() -> AsyncIterator[ZaloDouble]:
    zalo_double = ZaloDouble()
    await zalo_double.server.start_server()
    yield zalo_double
    await zalo_double.close()


@pytest.fixture
def settings(tmp_path: Path, double: ZaloDouble) -> Settings:
    url = f"sqlite:///{tmp_path / 'ansinh.db'}"
    engine = make_engine(url)
    Base.metadata.create_all(engine, tables=[Base.metadata.tables[ZaloToken.__tablename__]])
    engine.dispose()
    return Settings(
        database_url=url,
        secret="key-of-these-tests",
        zalo_app_id=APP_ID,
        zalo_app_secret=APP_SECRET,
        zalo_api_url=double.url,
        zalo_oauth_url=double.url,
    )


async def call(settings: Settings, *arguments: str, pasted: Any = "") -> str:
    ask = pasted if callable(pasted) else lambda _prompt: pasted
    return await zalo.run(zalo.parser().parse_args(arguments), settings, ask)


def stored(settings: Settings) -> tuple[str, str]:
    engine = make_engine(settings.database_url)
    with engine.connect() as connection:
        access, refresh = connection.exec_driver_sql("SELECT access, refresh FROM zalo_token").one()
    engine.dispose()
    box = Box("key-of-these-tests")
    return box.open(access), box.open(refresh)


@pytest.mark.parametrize("whole", [True, False])
async def test_link_from_the_permission_to_the_account(
    settings: Settings, double: ZaloDouble, capsys: pytest.CaptureFixture[str], whole: bool
) -> None:
    def grant(_prompt: str) -> str:
        address = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("http"))
        query = parse_qs(urlsplit(address).query)
        assert query["redirect_uri"] == ["https://ansinh.example/zalo"]
        double.codes["abc"] = query["code_challenge"][0]
        return "https://ansinh.example/zalo?code=abc&oa_id=1\n" if whole else "abc\n"

    said = await call(settings, "link", "--redirect", "https://ansinh.example/zalo", pasted=grant)
    assert said == "Đã nối với OA An Sinh Quảng Ngãi (cơ quan nhà nước)."
    assert stored(settings) == (double.access, double.refresh)


async def test_tokens_made_by_hand_are_proved_by_using_them(settings: Settings, double: ZaloDouble) -> None:
    assert "An Sinh Quảng Ngãi" in await call(settings, "tokens", pasted="refresh-0\n")
    assert double.refreshes == 1
    assert stored(settings) == (double.access, double.refresh)
    assert "An Sinh Quảng Ngãi" in await call(settings, "check")


@pytest.mark.parametrize(
    ("arguments", "pasted", "said"),
    [
        (("tokens",), "used-before", "-14014"),
        (("tokens",), "  ", "Chưa dán gì"),
        (("link", "--redirect", "https://a.vn"), "https://a.vn/?error=1", "Không thấy code"),
        (("link", "--redirect", "https://a.vn"), "wrong", "-14003"),
        (("check",), "", "no token yet"),
    ],
)
async def test_a_mistake_is_named_with_its_mend(
    settings: Settings, arguments: tuple[str, ...], pasted: str, said: str
) -> None:
    with pytest.raises(zalo.SetUpError, match=said):
        await call(settings, *arguments, pasted=pasted)


async def test_a_database_without_tables_is_named(settings: Settings, tmp_path: Path) -> None:
    empty = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'empty.db'}"})
    with pytest.raises(zalo.SetUpError, match="cơ sở dữ liệu"):
        await call(empty, "tokens", pasted="refresh-0")


async def test_what_is_not_set_is_named(settings: Settings) -> None:
    with pytest.raises(zalo.SetUpError, match="ANSINH_ZALO_APP_SECRET"):
        await call(settings.model_copy(update={"zalo_app_secret": ""}), "check")
