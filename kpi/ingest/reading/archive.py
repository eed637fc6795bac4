"""The zip archive of a workbook, examined before anything in it is parsed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from kpi.ingest.reading.kinds import WHAT_TO_DO
from kpi.ingest.reading.nouns import Limits, Problem, Refused
from kpi.ingest.reading.refusals import too_large

_BLOCK = 1 << 20
_SMALL = 10 * 2**20
"""Below this unpacked size a high ratio is harmless (a sheet of equal cells packs well)."""
_MOST_PARTS = 10_000
_UNCACHED = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^<>]*>\s*<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*</c>',
)
"""A cell with a formula and no stored value."""


@dataclass(frozen=True)
class Archive:
    """What was seen in passing: by member, the addresses of formulas whose value was never stored."""

    uncached: Mapping[str, tuple[str, ...]]


def examine_archive(shown: str, data: bytes, limits: Limits) -> Archive:
    """Check the sizes the archive declares, then unpack every part once, counting what really comes.

    Raises:
        Refused: F_TRUNCATED for an archive that is cut off or damaged, F_PASSWORD, F_TOO_LARGE for more than
            the limits allow, F_TYPE for another kind of archive or for XML that declares entities.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_declared(shown, archive.infolist(), len(data), limits)
            _check_kind(shown, set(archive.namelist()))
            return Archive(_unpack_once(shown, archive, limits))
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, OSError, ValueError) as error:
        raise Refused(
            (
                Problem(
                    "F_TRUNCATED",
                    f"'{shown}' is a workbook that is damaged or cut off ({error}). Download it again.",
                    shown,
                ),
            )
        ) from error


def _check_declared(shown: str, members: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    if any(member.flag_bits & 1 for member in members):
        message = f"'{shown}' is an archive protected with a password. Unpack it and upload the table inside."
        raise Refused((Problem("F_PASSWORD", message, shown),))
    if len(members) > _MOST_PARTS:
        raise too_large(shown, f"is an archive of {len(members):,} parts", WHAT_TO_DO)
    unpacked = sum(member.file_size for member in members)
    _check_size(shown, unpacked, packed, limits)
    for member in members:
        _check_size(shown, member.file_size, max(member.compress_size, 1), limits)


def _check_size(shown: str, unpacked: int, packed: int, limits: Limits) -> None:
    if unpacked > limits.unpacked_bytes:
        raise too_large(
            shown,
            f"unpacks to {unpacked / 2**20:,.0f} MB, more than the "
            f"{limits.unpacked_bytes / 2**20:,.0f} MB that are read",
            "Export a shorter time span, or save the sheet as CSV.",
        )
    if unpacked > _SMALL and unpacked > limits.ratio * packed:
        raise too_large(
            shown,
            f"unpacks to {unpacked / packed:,.0f} times its size, more than the {limits.ratio} times "
            "of ordinary workbooks",
            "Save the sheet as CSV and upload that.",
        )


def _check_kind(shown: str, names: set[str]) -> None:
    if "xl/workbook.xml" in names or any(re.fullmatch(r"xl/workbook\d*\.xml", name) for name in names):
        return
    what = "a zip archive without a workbook"
    todo = "Unpack it and upload the table inside."
    if "xl/workbook.bin" in names:
        what, todo = "a binary workbook (.xlsb)", "Save it as .xlsx or CSV and upload that."
    elif "content.xml" in names:
        what, todo = "an OpenDocument file", "Save it as .xlsx or CSV and upload that."
    elif any(name.startswith("word/") for name in names):
        what, todo = "a Word document", WHAT_TO_DO
    elif any(name.startswith("ppt/") for name in names):
        what, todo = "a presentation", WHAT_TO_DO
    raise Refused((Problem("F_TYPE", f"'{shown}' is {what}. {todo}", shown),))


def _unpack_once(shown: str, archive: zipfile.ZipFile, limits: Limits) -> dict[str, tuple[str, ...]]:
    unpacked = 0
    uncached: dict[str, tuple[str, ...]] = {}
    for member in archive.infolist():
        is_sheet = member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml")
        is_markup = member.filename.endswith((".xml", ".rels", ".vml"))
        found: list[bytes] = []
        rest = b""
        with archive.open(member) as part:
            while block := part.read(_BLOCK):
                unpacked += len(block)
                if unpacked > limits.unpacked_bytes:
                    _check_size(shown, unpacked, 1, limits)
                rest += block
                if is_markup and (b"<!DOCTYPE" in rest or b"<!ENTITY" in rest):
                    message = (
                        f"'{shown}' is a workbook that declares entities, which none needs. {WHAT_TO_DO}"
                    )
                    raise Refused((Problem("F_TYPE", message, shown),))
                if is_sheet:
                    found += _UNCACHED.findall(rest[: rest.rfind(b"<c ")])
                rest = (
                    rest[max(rest.rfind(b"<c "), 0) :] if is_sheet and len(rest) < 4 * _BLOCK else rest[-16:]
                )
        if is_sheet:
            found += _UNCACHED.findall(rest)
            if found:
                uncached[member.filename] = tuple(address.decode() for address in found)
    return uncached
