"""Files from outside, refused before anything parses them: by content, never by their name."""

from __future__ import annotations

import io
import zipfile

MOST_BYTES = 10 * 1024 * 1024
"""The largest file taken."""
MOST_UNPACKED = 80 * 1024 * 1024
MOST_ENTRIES = 2_000
# Worksheets of text are packed about 1:10, of like rows up to 1:50.
MOST_RATIO = 200
_SMALL = 1024 * 1024
_CHUNK = 64 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1
_BEGINNINGS = (b"<", b"\xef\xbb\xbf<")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
_EXTERNAL = ("externallinks/", "embeddings/", "activex/")


class RefusedError(ValueError):
    """A file that is not taken; the message says why and what to do."""


def open_package(content: bytes, main: str, called: str) -> None:
    """Check that ``content`` is an Office file with the part ``main`` and nothing that could do harm.

    ``called`` is how officers call the kind of file: "tệp Excel (.xlsx)". Raises :class:`RefusedError`.
    """
    if len(content) > MOST_BYTES:
        raise RefusedError(
            f"Tệp lớn hơn {MOST_BYTES // 1024 // 1024} MB. "
            "Hãy bỏ hình ảnh và các trang không cần, hoặc chia thành nhiều tệp."
        )
    if content.startswith(_OLE):
        raise RefusedError(
            "Tệp có mật khẩu, hoặc là dạng cũ (.xls, .doc). Hãy mở tệp, bỏ mật khẩu, rồi lưu lại dạng mới "
            f"thành {called}."
        )
    if not content.startswith(b"PK\x03\x04"):
        raise RefusedError(f"Đây không phải {called}, dù tên tệp là gì. Hãy chọn đúng tệp.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check(package, main, called)
    except RefusedError:
        raise
    # A broken archive fails in as many ways as there are ways to pack, and each means the same to an officer.
    except Exception as error:
        raise RefusedError(f"Tệp bị hỏng, không đọc được. Hãy mở bằng Office, lưu lại thành {called}.") from error


def _check(package: zipfile.ZipFile, main: str, called: str) -> None:
    entries = package.infolist()
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > MOST_ENTRIES or len(names) != len(entries):
        raise RefusedError("Tệp có quá nhiều phần, hoặc phần trùng tên. Hãy tạo tệp mới rồi chép nội dung sang.")
    if any("vbaproject" in name for name in names):
        raise RefusedError(f"Tệp có macro (.xlsm, .docm). Hãy lưu lại thành {called}, không kèm macro.")
    if any(part in name for name in names for part in _EXTERNAL):
        raise RefusedError(
            "Tệp có đối tượng nhúng hoặc liên kết tới tệp khác. "
            "Hãy bỏ chúng đi (trong Excel: Dữ liệu, Sửa liên kết) rồi lưu lại."
        )
    if "[content_types].xml" not in names or main not in names:
        raise RefusedError(f"Đây không phải {called}, dù tên tệp là gì. Hãy chọn đúng tệp.")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise RefusedError("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi lưu lại.")
    total = 0
    for entry in entries:
        total += _unpacked(package, entry, MOST_UNPACKED - total)


def _unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """The true size of an entry: what its header claims may be a lie, so it is unpacked and thrown away."""
    bomb = "Tệp nén bất thường: bung ra quá lớn. Hãy tạo tệp mới rồi chép nội dung sang."
    size, tail = 0, b""
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    with package.open(entry) as part:
        while chunk := part.read(_CHUNK):
            if is_xml and size == 0 and not chunk.lstrip().startswith(_BEGINNINGS):
                raise RefusedError("Tệp có phần không đúng dạng (bảng mã lạ). Hãy mở bằng Office rồi lưu lại.")
            size += len(chunk)
            if size > left or (size > _SMALL and size > MOST_RATIO * max(entry.compress_size, 1)):
                raise RefusedError(bomb)
            if is_xml and any(word in tail + chunk for word in _FORBIDDEN):
                raise RefusedError("Tệp có khai báo XML không được phép. Hãy tạo tệp mới rồi chép nội dung sang.")
            tail = chunk[-16:]
    return size


def open_workbook(content: bytes) -> None:
    """Check an Excel file; raises :class:`RefusedError`."""
    open_package(content, "xl/workbook.xml", "tệp Excel (.xlsx)")


def open_document(content: bytes) -> None:
    """Check a Word file; raises :class:`RefusedError`."""
    open_package(content, "word/document.xml", "tệp Word (.docx)")
