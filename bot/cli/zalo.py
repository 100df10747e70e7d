"""``python -m bot.cli.zalo``: link the Official Account, or look at how it is.

``link`` prints the address where an administrator of the account grants the permission, and then takes the code that
Zalo adds to the page it leads to. ``tokens`` takes a pair made by hand in Zalo's API Explorer. ``check`` asks Zalo
who we are. What is pasted is neither shown nor kept in the shell's history; it is used at once, so what is stored has
been proved to work.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import secrets
import sys
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import aiohttp
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.zalo_oa.client import AccountError, ZaloClient
from bot.channels.zalo_oa.oauth import (
    OAuth,
    OAuthRefusedError,
    OAuthUnclearError,
    OAuthUnreachableError,
    Pair,
    challenge_of,
    new_verifier,
)
from bot.channels.zalo_oa.tokens import NoTokenError, Tokens
from bot.conversation.clock import Clock
from bot.conversation.sealing import Box
from bot.conversation.store import Store
from bot.knowledge.db import make_engine
from bot.settings import Settings

Ask = Callable[[str], str]


class SetUpError(Exception):
    """What is missing or wrong, and what to do, for the person at the terminal."""


class SetUp:
    """The steps of the command; ``ask`` reads a line that is not shown."""

    def __init__(self, settings: Settings, store: Store, http: aiohttp.ClientSession, ask: Ask) -> None:
        for name in ("zalo_app_id", "zalo_app_secret"):
            if not getattr(settings, name):
                raise SetUpError(
                    f"Chưa đặt ANSINH_{name.upper()}. Lấy ở developers.zalo.me, trang Cài đặt của ứng dụng."
                )
        self._ask = ask
        self._oauth = OAuth(http, settings.zalo_oauth_url, settings.zalo_app_id, settings.zalo_app_secret)
        self._client = ZaloClient(http, settings.zalo_api_url, settings.zalo_buttons_template)
        self._tokens = Tokens(
            store=store,
            clock=Clock(),
            box=Box(settings.signing_key()),
            oauth=self._oauth,
            app_id=settings.zalo_app_id,
        )

    async def link(self, redirect: str, verifier: str | None) -> str:
        """From the address of the permission to stored tokens; the account's name."""
        verifier = verifier or new_verifier()
        print("Mở địa chỉ này bằng tài khoản quản trị OA, chọn OA rồi bấm đồng ý:")
        print(self._oauth.permission_url(redirect, challenge_of(verifier), secrets.token_urlsafe(8)))
        print("Zalo sẽ chuyển sang một trang có địa chỉ chứa code=… (dùng được một lần, trong 10 phút).")
        code = _code(self._ask("Dán cả địa chỉ ấy, hoặc phần sau code=: "))
        return await self._store(await self._oauth.exchange(code, verifier))

    async def tokens(self) -> str:
        """A pair made by hand: its refresh token is used at once, which proves it; the account's name."""
        refresh = self._ask("Dán refresh token: ").strip()
        if not refresh:
            raise SetUpError("Chưa dán gì cả. Chạy lại lệnh và dán refresh token.")
        return await self._store(await self._oauth.refresh(refresh))

    async def check(self) -> str:
        """The name of the account that the stored token opens."""
        name = await self._account(await self._tokens.access())
        problems = await self._tokens.problems()
        return "\n".join([name, *(f"Lưu ý: {sentence}" for sentence in problems.values())])

    async def _store(self, pair: Pair) -> str:
        # Stored first: the pair before it is dead already.
        await self._tokens.save(pair)
        return await self._account(pair.access)

    async def _account(self, access: str) -> str:
        account = await self._client.account(access)
        kind = {2: "doanh nghiệp", 4: "cơ quan nhà nước"}.get(account.get("oa_type", 0), "loại khác")
        return f"Đã nối với OA {account.get('name', '?')} ({kind})."


def _code(pasted: str) -> str:
    """The code in an address, or the code itself."""
    pasted = pasted.strip()
    codes = parse_qs(urlsplit(pasted).query).get("code", [pasted])
    if not codes[0] or "/" in codes[0]:
        raise SetUpError("Không thấy code=… trong địa chỉ vừa dán. Chạy lại lệnh và dán cả địa chỉ.")
    return codes[0]


async def run(arguments: argparse.Namespace, settings: Settings, ask: Ask) -> str:
    """Do what the command line says; what to print. Raises ``SetUpError``."""
    store = Store(make_engine(settings.database_url), threads=1)
    try:
        async with aiohttp.ClientSession() as http:
            set_up = SetUp(settings, store, http, ask)
            match arguments.step:
                case "link":
                    return await set_up.link(arguments.redirect, arguments.verifier)
                case "tokens":
                    return await set_up.tokens()
                case _:
                    return await set_up.check()
    except OAuthRefusedError as error:
        raise SetUpError(
            f"Zalo từ chối (lỗi {error}): mã đã dùng, đã hết hạn, hoặc sai khóa bí mật. Lấy mã mới."
        ) from None
    except (OAuthUnclearError, OAuthUnreachableError) as error:
        raise SetUpError(f"Không nhận được trả lời của Zalo ({error}). Xem lại mạng rồi lấy mã mới.") from None
    except AccountError as error:
        raise SetUpError(f"Đã lưu token nhưng Zalo chưa cho xem thông tin OA: {error}") from None
    except NoTokenError as error:
        raise SetUpError(str(error)) from None
    except SQLAlchemyError as error:
        raise SetUpError(
            f"Không dùng được cơ sở dữ liệu ({type(error).__name__}). "
            "Chạy make run một lần để tạo bảng, rồi lấy mã mới."
        ) from None
    finally:
        store.close()


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m bot.cli.zalo", description="Nối An Sinh với Zalo Official Account")
    steps = top.add_subparsers(dest="step", required=True)
    link = steps.add_parser("link", help="xin quyền rồi dán code")
    link.add_argument("--redirect", required=True, help="địa chỉ callback đã khai trong ứng dụng Zalo")
    link.add_argument("--verifier", help="code verifier đã khai trong ứng dụng, nếu Zalo dùng mã cố định")
    steps.add_parser("tokens", help="dán refresh token lấy ở API Explorer")
    steps.add_parser("check", help="xem token đang dùng")
    return top


def main() -> None:
    """Run the command; a mistake ends with its sentence and status 1."""
    ask: Ask = getpass.getpass if sys.stdin.isatty() else lambda _prompt: sys.stdin.readline()
    try:
        print(asyncio.run(run(parser().parse_args(), Settings(), ask)))
    except SetUpError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
