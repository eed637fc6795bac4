"""Bytes to UTF-8 text: byte order marks, UTF-16, Windows code pages, files of two encodings."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from charset_normalizer import from_bytes

_BLOCK = 1 << 20
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHERS = (
    "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2", "koi8_r", "mac_roman",
    "cp850", "cp932", "gb18030", "big5", "euc_kr", "euc_jp",
)  # fmt: skip
_SAMPLE = 100_000


@dataclass(frozen=True)
class Decoded:
    """A file as UTF-8 bytes without byte order mark.

    ``odd_lines`` maps the number of a physical line (from 0, by LF, or CR where there is none) to what was
    done there, for files of two encodings. ``replaced`` counts characters that no encoding could read,
    ``cut`` says that the file ends in the middle of a character.
    """

    utf8: bytes
    encoding: str
    bom: bool
    odd_lines: dict[int, str] = field(default_factory=dict)
    replaced: int = 0
    cut: bool = False


def decode(data: bytes) -> Decoded:
    """Decode by byte order mark, else UTF-16 by its zero bytes, strict UTF-8, line by line, by code page.

    >>> decode("Süd;1".encode("cp1252")).encoding, decode("a,b".encode("utf-16")).encoding
    ('cp1252', 'utf-16-le')
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            body = data[len(mark) :]
            if encoding != "utf-8":
                return _transcode(body, encoding, bom=True)
            decoded = _decode_unmarked(body)
            return Decoded(
                decoded.utf8, decoded.encoding, True, decoded.odd_lines, decoded.replaced, decoded.cut
            )
    if wide := _wide_encoding(data):
        return _transcode(data, wide, bom=False)
    return _decode_unmarked(data)


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark: nearly every second byte of Western text is zero."""
    sample = data[: 1 << 16]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    even, odd = sample[0::2], sample[1::2]
    even_zeros, odd_zeros = even.count(0) / len(even), odd.count(0) / len(odd)
    if odd_zeros > 0.5 and even_zeros < 0.1:
        return "utf-16-le"
    if even_zeros > 0.5 and odd_zeros < 0.1:
        return "utf-16-be"
    return None


def _transcode(data: bytes, encoding: str, *, bom: bool) -> Decoded:
    """Block by block, so that no second copy of the text at four bytes a character is made."""
    unit = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}.get(encoding, 1)
    cut = len(data) % unit != 0
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    whole = memoryview(data)[: len(data) - len(data) % unit]
    out = bytearray()
    replaced = 0
    for start in range(0, len(whole), _BLOCK):
        text = decoder.decode(bytes(whole[start : start + _BLOCK]), final=start + _BLOCK >= len(whole))
        replaced += text.count("\ufffd")
        out += text.encode("utf-8", "replace")
    return Decoded(bytes(out), encoding, bom, replaced=replaced, cut=cut)


def _decode_unmarked(data: bytes) -> Decoded:
    error = _first_error(data)
    if error is None:
        return Decoded(data, "utf-8", False)
    if len(data) - error < 4 and _ends_inside_character(data[error:]):
        return Decoded(data[:error], "utf-8", False, cut=True)
    end = b"\n" if b"\n" in data else b"\r"
    lines = data.split(end)
    bad = [number for number, line in enumerate(lines) if not line.isascii() and not _is_utf8(line)]
    good = sum(1 for line in lines if not line.isascii()) - len(bad)
    if good == 0 or good < 0.05 * len(bad):
        encoding = _code_page(b"\n".join(lines[number] for number in bad[:20_000])[:_SAMPLE])
        return _transcode(data, encoding, bom=False)
    page = _code_page(b"\n".join(lines[number] for number in bad)[:_SAMPLE])
    odd: dict[int, str] = {}
    replaced = 0
    for number in bad:
        text = lines[number].decode(page, "replace")
        replaced += text.count("\ufffd")
        lines[number] = text.encode("utf-8")
        odd[number] = page
    return Decoded(end.join(lines), "utf-8", False, odd_lines=odd, replaced=replaced)


def _first_error(data: bytes) -> int | None:
    """Offset of the first byte that is not UTF-8, found without keeping the decoded text."""
    if data.isascii():
        return None
    start = 0
    while start < len(data):
        end = min(start + _BLOCK, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end += 1
            if end - start > _BLOCK + 4:
                break
        try:
            data[start:end].decode("utf-8")
        except UnicodeDecodeError as error:
            return start + error.start
        start = end
    return None


def _ends_inside_character(tail: bytes) -> bool:
    try:
        tail.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_UNLIKELY = re.compile(
    r"[A-Za-zÀ-ÿ][¡-¿×÷†‡‰ƒˆ‹¨¸][A-Za-zÀ-ÿ]|[À-ÿ]{3,}|[a-zß-ÿ][À-ÞŠŽŒŸ]"
    r"|[A-Za-z][¹³¿¼¾ÐðÞþ]|[¹³¿¼¾]\w|[\x80-\x9f\ufffd]"
)
"""What a text of another code page looks like when it is read as Windows-1252."""


_FEW = 8
"""Fewer foreign letters than this prove nothing."""
_WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")
_LATIN_2 = re.compile(
    rb"[A-Za-z\xc0-\xff][\xa1\xa6\xac\xb1\xb6\xbc]|[\xa1\xa6\xac\xb1\xb6\xbc][a-z\xdf-\xff]"
)
"""Letters of ISO 8859-2 that are signs in Windows-1250."""


def _code_page(sample: bytes) -> str:
    """Windows-1252, unless another code page reads the sample clearly better."""
    western = sample.decode("cp1252", "replace")
    foreign = sum(1 for byte in sample if byte >= 0x80)
    strange = sum(len(hit.group()) for hit in _UNLIKELY.finditer(western))
    if "\ufffd" not in western and (foreign < _FEW or strange < 0.25 * foreign):
        return "cp1252"
    best = from_bytes(sample, cp_isolation=list(_OTHERS), threshold=0.3).best()
    if best is None:
        return "cp1252"
    if best.encoding == "cp1250" and not _WINDOWS_ONLY.search(sample) and _LATIN_2.search(sample):
        return "iso8859_2"
    return best.encoding
