"""``python -m bot.cli.doctor``: looks a set-up over and says what to mend; status 1 when something must be mended."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from dotenv import dotenv_values
from pydantic import ValidationError

from bot.cli.doctor_server import look_at_server
from bot.operations.findings import Finding, bad, good
from bot.operations.reach import look_at_processes, look_at_public_address, look_at_zalo
from bot.operations.secrecy import look_at_secrets
from bot.operations.storage import look_at_storage
from bot.settings import Settings

ENV_FILE = Path(".env")
PYTHONS = (Path(".venv/bin/python"), Path(".venv-rasa/bin/python"))


def findings(now: dt.datetime) -> Iterator[Finding]:
    """Everything there is to say, part by part. Reads the environment, and ``.env`` as `make run` does."""
    yield from look_at_server(PYTHONS)
    yield from _built()
    for name, value in dotenv_values(ENV_FILE).items():
        if value is not None:
            os.environ.setdefault(name, value)
    try:
        settings = Settings()
    except ValidationError as error:
        for each in error.errors(include_input=False):
            name = "_".join(("ANSINH", *map(str, each["loc"]))).upper()
            yield bad(f"{name} không dùng được: {each['msg']}", "Sửa theo bảng trong docs/settings.md.")
        return
    yield from look_at_secrets(settings, ENV_FILE)
    yield from look_at_storage(settings, now)
    yield from look_at_processes(settings)
    yield from look_at_public_address(settings, now)
    yield from look_at_zalo(settings)


def _built() -> Iterator[Finding]:
    """What ``make`` builds. An image has been built already, and has nothing to build with."""
    try:
        from tools.bootstrap import RASA, ROOT, SERVICE  # noqa: PLC0415 - not there in an image
        from tools.environments import is_current  # noqa: PLC0415
        from tools.model import is_trained  # noqa: PLC0415
    except ModuleNotFoundError:
        return
    for environment in (SERVICE, RASA):
        name = environment.folder.name
        try:
            current = is_current(environment)
        except PermissionError:
            # Its Python is where we may not look.
            current = False
        yield (
            good(f"Môi trường {name} đúng phiên bản")
            if current
            else bad(f"Môi trường {name} chưa có hoặc đã cũ", "Chạy: make environments")
        )
    yield (
        good("Mô hình Rasa khớp với dữ liệu huấn luyện và mã băm")
        if is_trained(ROOT)
        else bad("Chưa có mô hình Rasa khớp với dữ liệu huấn luyện", "Chạy: make train")
    )


def main() -> None:
    """Print the findings."""
    found = []
    for finding in findings(dt.datetime.now(dt.UTC)):
        found.append(finding)
        print(finding, flush=True)
    wrong = sum(finding.level == "bad" for finding in found)
    print(f"\n{wrong} điều phải sửa." if wrong else "\nMọi thứ cần thiết đều ổn.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
