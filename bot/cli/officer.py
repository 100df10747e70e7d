"""``python -m bot.cli.officer``: the first administrator of the console, and the way back in when all are locked out.

``create lan.pham "Phạm Thị Lan"`` makes an administrator (``--role`` for other roles), ``reset lan.pham`` gives a new
password and lets in again. The password is made here and printed once; ``--ask`` asks for one instead. It must be
changed at the first sign-in either way.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.console import passwords, people
from bot.console.people import By, PeopleError
from bot.console.roles import Role
from bot.conversation.clock import Clock
from bot.knowledge.db import make_engine
from bot.settings import Settings

# Stands in the audit log as the author; no officer can have this login.
_AUTHOR = "(dòng lệnh)"

Ask = Callable[[str], str]


def run(arguments: Sequence[str], settings: Settings, ask: Ask = getpass.getpass) -> int:
    """Do what the command says and return its exit status; ``ask`` reads a line that is not shown."""
    given = _parser().parse_args(arguments)
    try:
        password = _asked(ask, given.login) if given.ask else passwords.generated()
        _do(given, settings, password)
    except (PeopleError, SQLAlchemyError) as error:
        print(_told(error), file=sys.stderr)
        return 1
    print(f"Xong: {given.login}. Cán bộ phải đổi mật khẩu ở lần đăng nhập đầu.")
    if not given.ask:
        print(f"Mật khẩu tạm, chỉ hiện lần này: {password}")
    return 0


def _do(given: argparse.Namespace, settings: Settings, password: str) -> None:
    by = By(_AUTHOR, Clock().now())
    engine = make_engine(settings.database_url)
    try:
        with Session(engine) as db, db.begin():
            if given.command == "create":
                people.create(db, by, given.login, given.name, given.role or [Role.ADMINISTRATOR], password)
            else:
                people.reset(db, by, given.login, password)
                people.set_active(db, by, given.login, active=True)
    finally:
        engine.dispose()


def _asked(ask: Ask, login: str) -> str:
    password = ask("Mật khẩu: ")
    weakness = passwords.weakness(password, login)
    if weakness:
        raise PeopleError(weakness)
    if ask("Nhập lại mật khẩu: ") != password:
        raise PeopleError("Hai lần nhập mật khẩu không giống nhau.")
    return password


def _told(error: PeopleError | SQLAlchemyError) -> str:
    if isinstance(error, PeopleError):
        return str(error)
    return (
        f"Cơ sở dữ liệu không dùng được ({type(error).__name__}). "
        "Hãy chạy make run một lần để tạo bảng, hoặc xem ANSINH_DATABASE_URL."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.cli.officer", description="Tài khoản của bảng điều khiển.")
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", help="tạo tài khoản, mặc định là quản trị viên")
    create.add_argument("login", help="tên đăng nhập, ví dụ lan.pham")
    create.add_argument("name", help="họ tên")
    create.add_argument("--role", action="append", type=Role, choices=list(Role), help="vai trò; có thể nhiều lần")
    reset = commands.add_parser("reset", help="đặt lại mật khẩu, mở khoá, cho hoạt động lại")
    reset.add_argument("login")
    for command in (create, reset):
        command.add_argument("--ask", action="store_true", help="hỏi mật khẩu thay vì tự tạo")
    return parser


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], Settings()))
