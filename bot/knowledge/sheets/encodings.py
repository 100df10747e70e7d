"""The text of a file in an encoding that nobody names: read where that is certain, refused with a reason where not."""

from __future__ import annotations

import codecs
import re
import unicodedata

from bot.knowledge.sheets.safe import RefusedError
from bot.text.normalize import looks_garbled

_UTF8 = "Trong Excel: Lưu thành, chọn “CSV UTF-8”; với Unikey: dùng bảng mã Unicode."
# Letters and signs that Vietnamese text in windows-1258 may hold, once composed.
_VIETNAMESE = re.compile(r"[\x09\x0a\x0d\x20-\x7eÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ“”‘’–—…«»°₫•\xa0]*")
_LINES_LOOKED_AT = 400


def text_of_bytes(content: bytes) -> str:
    """The text, composed (NFC); :class:`bot.knowledge.sheets.safe.RefusedError` for what cannot be read surely."""
    text = unicodedata.normalize("NFC", _decoded(content))
    if "\x00" in text or any(unicodedata.category(char) == "Cc" and char not in "\t\n\r" for char in text):
        raise RefusedError(f"Đây không phải tệp văn bản. Hãy chọn tệp CSV. {_UTF8}")
    if refusal := legacy(text):
        raise RefusedError(refusal)
    return text


def legacy(text: str) -> str | None:
    """Why Unicode text cannot be taken: typed for a font of TCVN3 or VNI, or spoilt on its way; else ``None``."""
    if any(looks_garbled(line) for line in text.splitlines()[:_LINES_LOOKED_AT]):
        wrong = "Chữ trong tệp gõ bằng bảng mã cũ (TCVN3/.VnTime hoặc VNI) hoặc đã hỏng dấu."
        return f"{wrong} Hãy chuyển sang Unicode. {_UTF8}"
    return None


def _decoded(content: bytes) -> str:
    try:
        for mark, encoding in _MARKS:
            if content.startswith(mark):
                return content.decode(encoding)
        if b"\x00" in content[:4096]:
            # UTF-16 of mostly Latin letters: every other byte is empty.
            return content.decode("utf-16-be" if content[:1] == b"\x00" else "utf-16-le")
    except UnicodeDecodeError as error:
        raise RefusedError(f"Bảng mã của tệp bị hỏng, không đọc được. {_UTF8}") from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _windows_1258(content)


def _windows_1258(content: bytes) -> str:
    """The bytes as windows-1258, if nothing but Vietnamese comes of it; what TCVN3 and VNI leave is no Vietnamese."""
    try:
        text = unicodedata.normalize("NFC", content.decode("cp1258"))
    except UnicodeDecodeError:
        text = ""
    if text and _VIETNAMESE.fullmatch(text) and re.search(r"[ạ-ỹăđơư]", text) and legacy(text) is None:
        return text
    raise RefusedError(f"Tệp không phải Unicode (có lẽ là TCVN3/.VnTime hoặc VNI). Hãy chuyển sang Unicode. {_UTF8}")


_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
