"""One way to write every message, applied once before anything else reads it.

The tone mark goes where the older rule puts it (hòa, khỏe, thủy; not hoà, khoẻ, thuỷ): legal
documents and place names of the province are written so, and underthesea's segmenter rewrites
the newer style to it.
"""

from __future__ import annotations

import re
import unicodedata

_TONES = "\u0300\u0301\u0309\u0303\u0323"

# Marks and fillers that show nothing but are not of the Unicode category "format".
_INVISIBLE = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(c) for c in range(0xFE00, 0xFE10)}
_DROPPED_CATEGORIES = {"Cf", "Cs", "Co"}
_LOOKALIKES = {"Ð": "Đ", "ð": "đ"}  # Icelandic eth, from keyboards set to Western European

_SPACES = re.compile(r"\s+")
_LETTER = r"[^\W\d_]"


def _clean(char: str) -> str:
    category = unicodedata.category(char)
    if char in _INVISIBLE or category in _DROPPED_CATEGORIES:
        return ""
    if category == "Cc":
        return "\n" if char in "\n\r\x0b\x0c\x85" else " "
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if "\uff01" <= char <= "\uff5e":
        return chr(ord(char) - 0xFEE0)
    return _LOOKALIKES.get(char, char)


def _one_space(match: re.Match[str]) -> str:
    return "\n" if any(c in "\n\u2028\u2029" for c in match.group()) else " "


def _split_tone(char: str) -> tuple[str, str]:
    """A vowel without its tone, and the tone; the circumflex, breve and horn stay."""
    decomposed = unicodedata.normalize("NFD", char)
    tone = "".join(c for c in decomposed if c in _TONES)
    rest = "".join(c for c in decomposed if c not in _TONES)
    return unicodedata.normalize("NFC", rest), tone


def _with_tone(*vowels: str) -> str:
    """A character class of the given vowels, in both cases, with each of the five tones."""
    toned = [unicodedata.normalize("NFC", v + t) for v in vowels for t in _TONES]
    return "[" + "".join(toned) + "".join(t.upper() for t in toned) + "]"


_PLAIN_VOWELS = "[aăâeêioôơuưyAĂÂEÊIOÔƠUƯY]"
# hoà → hòa: an open syllable carries the tone on its first vowel …
_OPEN = re.compile(
    rf"(?:(?<![qQ])(?P<a>[oO])(?P<b>{_with_tone('a', 'e')})|(?<![qQ])(?P<c>[uU])(?P<d>{_with_tone('y')}))"
    rf"(?!{_LETTER})"
)
# … and hòan → hoàn: a closed one on its second; so do qu- and gi-, whose vowel letter is no vowel.
_CLOSED = re.compile(
    rf"(?P<a>(?<![qQ]){_with_tone('o')})(?P<b>[aeAE])(?={_LETTER})"
    rf"|(?P<c>(?<![qQ]){_with_tone('u')})(?P<d>[yY])(?={_LETTER})"
)
_ONSET = re.compile(rf"(?P<a>(?<=[qQ]){_with_tone('u')}|(?<=[gG]){_with_tone('i')})(?P<b>{_PLAIN_VOWELS})")


def _tone_to_first(match: re.Match[str]) -> str:
    first, second = (g for g in match.groups() if g is not None)
    bare, tone = _split_tone(second)
    return unicodedata.normalize("NFC", first + tone) + bare


def _tone_to_second(match: re.Match[str]) -> str:
    first, second = (g for g in match.groups() if g is not None)
    bare, tone = _split_tone(first)
    return bare + unicodedata.normalize("NFC", second + tone)


def normalize(text: str) -> str:
    """``text`` in the one form that the rest of An Sinh reads.

    Composed (NFC), the tone mark in one place, half-width, digits of any script as 0–9,
    invisible and control characters out, one space between words and none at the ends.
    A line break stays, as a single ``\\n``, because citizens end sentences with it.
    Applying it again changes nothing.
    """
    cleaned = unicodedata.normalize("NFC", "".join(map(_clean, text)))
    cleaned = _SPACES.sub(_one_space, cleaned).strip()
    cleaned = _ONSET.sub(_tone_to_second, cleaned)
    cleaned = _CLOSED.sub(_tone_to_second, cleaned)
    return _OPEN.sub(_tone_to_first, cleaned)


# UTF-8 read as a Western code page, and signs that the legacy code page TCVN3 uses as vowels.
_MOJIBAKE = re.compile(r"Ã[\x80-\xbf\u2018-\u203a]|á[º»]|Ä[\x80-\x91\u2018]|Æ[°¡]|\ufffd")
_TCVN3 = re.compile(r"[a-zA-Z][¸µ¶·¹¨»¾¼½©®ª«¬×÷]|[¸µ¶·¹¨»¾¼½©®ª«¬×÷][a-z]|[a-z][À-ÖØ-Þ](?:[a-z]|$)")
# Letters of neighbouring languages, which the code page VNI writes behind a vowel as its mark.
_FOREIGN = re.compile(r"[a-zA-Z][äåæçëîïñöøûüþÿß]|[aeoy][áàâ](?![̀-ͯ])", re.IGNORECASE)


def looks_garbled(text: str) -> bool:
    """Whether ``text`` was typed in a legacy code page (VNI, TCVN3) or broken on its way.

    Such text cannot be repaired reliably; the caller asks the citizen to type it again.
    """
    words = text.split()
    strong = sum(1 for w in words if _MOJIBAKE.search(w) or _TCVN3.search(w))
    weak = sum(1 for w in words if _FOREIGN.search(w)) if words else 0
    return 2 * strong + weak >= 2 and (strong + weak) >= 0.3 * len(words)
