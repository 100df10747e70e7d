"""``python -m bot.cli.backup``: ``create`` makes a backup, ``check`` proves the backups, ``restore`` puts one back."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.knowledge.clock import VIETNAM
from bot.operations.backups import Backups, Record, Restored
from bot.operations.copies import CopyError
from bot.settings import Settings


def run(arguments: argparse.Namespace, settings: Settings, now: dt.datetime) -> str:
    """Do what the command line says; what to print. Raises ``CopyError``."""
    backups = Backups(arguments.folder or settings.backup_folder, settings.database_url)
    match arguments.step:
        case "create":
            record = backups.create(now, keep=arguments.keep)
            return (
                f"Đã sao lưu và kiểm tra: {_line(record)}\nKhóa ký (ANSINH_SECRET) cất riêng, không nằm trong bản sao."
            )
        case "restore":
            record = backups.find(arguments.file)
            return _restored(record, backups.restore(record, replace=arguments.replace))
        case _:
            return _check(backups, now, arguments.hours)


def _check(backups: Backups, now: dt.datetime, hours: float) -> str:
    records = backups.records()
    for record in records:
        backups.check(record)
    newest = backups.find(None)
    if now - newest.created_at > dt.timedelta(hours=hours):
        raise CopyError(f"Bản sao mới nhất đã cũ hơn {hours:g} giờ: {_line(newest)}. Xem lại việc sao lưu hằng đêm.")
    return "\n".join(["Các bản sao đều tốt:", *map(_line, records)])


def _restored(record: Record, done: Restored) -> str:
    said = [f"Đã khôi phục và cập nhật cấu trúc: {_line(record)}"]
    if done.erased:
        said.append(f"Đã xoá lại dữ liệu của {done.erased} người yêu cầu xoá sau khi bản sao này được tạo.")
    if not done.all_known:
        said.append(
            "Không có dữ liệu trước đó để đọc: nếu sau bản sao mới nhất còn ai yêu cầu xoá thì phải xoá lại cho họ. "
            "Hãy báo người phụ trách dữ liệu cá nhân."
        )
    return "\n".join([*said, "Có thể mở lại An Sinh."])


def _line(record: Record) -> str:
    made = record.created_at.astimezone(VIETNAM).strftime("%H:%M ngày %d/%m/%Y")
    return f"{record.file}, {record.bytes / 1e6:.1f} MB, {made}"


def _at_least_one(value: str) -> int:
    if (number := int(value)) < 1:
        raise argparse.ArgumentTypeError(f"cần giữ ít nhất 1 bản, đã nhập {value}")
    return number


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m bot.cli.backup", description="Sao lưu và khôi phục dữ liệu")
    steps = top.add_subparsers(dest="step", required=True)
    create = steps.add_parser("create", help="tạo một bản sao, An Sinh vẫn chạy")
    create.add_argument("--keep", type=_at_least_one, default=14, help="giữ bao nhiêu bản mới nhất (mặc định 14)")
    restore = steps.add_parser("restore", help="đưa một bản sao trở lại; dừng An Sinh trước")
    restore.add_argument("file", nargs="?", help="tên bản sao; bỏ trống: bản mới nhất")
    restore.add_argument("--replace", action="store_true", help="thay dữ liệu đang có")
    check = steps.add_parser("check", help="đọc lại mọi bản sao, và xem bản mới nhất có đủ mới không")
    check.add_argument(
        "--hours", type=float, default=26.0, help="bản mới nhất không cũ hơn chừng này giờ (mặc định 26)"
    )
    for step in (create, restore, check):
        step.add_argument("--folder", type=Path, help="thư mục các bản sao (mặc định ANSINH_BACKUP_FOLDER)")
    return top


def main() -> None:
    """Run the command; a failure ends with its sentence and status 1."""
    try:
        print(run(parser().parse_args(), Settings(), dt.datetime.now(dt.UTC)))
    except CopyError as error:
        sys.exit(str(error))
    except SQLAlchemyError as error:
        sys.exit(f"Không đọc được cơ sở dữ liệu ({type(error).__name__}). Xem lại ANSINH_DATABASE_URL.")


if __name__ == "__main__":
    main()
