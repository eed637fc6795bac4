"""The files of a workspace. Names are hashes and random tokens, never anything from an upload."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from kpi.workspace.nouns import Staged, WorkspaceError

LEFTOVER_SECONDS = 3600
"""Age from which a file that nobody names is what a killed process left behind."""
STAGED_SECONDS = 7 * 86_400
"""Age from which a staged upload that was never made a data set is removed."""
PART = ".part-"

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Folder:
    """The folder of files of one workspace."""

    path: Path

    @property
    def datasets(self) -> Path:
        """One folder per data set, each named by a random token."""
        return self.path / "datasets"

    @property
    def staging(self) -> Path:
        """Uploads by hash."""
        return self.path / "staging"

    def prepare(self) -> None:
        """Makes the folders, for this user only.

        Raises:
            WorkspaceError: when they cannot be made or written.
        """
        try:
            for folder in (self.path, self.datasets, self.staging):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                probe = folder / f"{PART}{secrets.token_hex(8)}"
                probe.touch()
                probe.unlink()
        except OSError as error:
            raise WorkspaceError(
                f"the workspace folder {self.path} cannot be written ({error.strerror or error}); make it "
                "writable, or name another folder with KPI_WORKSPACE"
            ) from error

    def begin(self) -> Path:
        """A new folder to write a data set into, which nobody reads yet."""
        made = self.datasets / f"{PART}{secrets.token_hex(16)}"
        made.mkdir(mode=0o700)
        return made

    def publish(self, begun: Path) -> str:
        """Gives a written folder its final name, which it returns; all or nothing, even without power."""
        token = begun.name.removeprefix(PART)
        _sync_folder(begun)
        os.replace(begun, self.datasets / token)
        _sync_folder(self.datasets)
        return token

    def remove(self, token: str) -> None:
        """Removes the files of a data set; it is no error when they are gone."""
        shutil.rmtree(self.datasets / _checked(token), ignore_errors=True)

    def sweep(self, named: Iterable[str]) -> int:
        """Removes what killed processes left behind and returns how many things that were.

        ``named`` are the tokens of all known data sets. Young files may belong to a process that is still
        writing.
        """
        known, now, swept = set(named), time.time(), 0
        for folder, kept, age in (
            (self.datasets, known, LEFTOVER_SECONDS),
            (self.staging, set[str](), STAGED_SECONDS),
        ):
            for found in folder.iterdir():
                if found.name in kept:
                    continue
                allowed = LEFTOVER_SECONDS if found.name.startswith(PART) else age
                try:
                    if now - found.lstat().st_mtime < allowed:
                        continue
                    if found.is_dir() and not found.is_symlink():
                        shutil.rmtree(found, ignore_errors=True)
                    else:
                        found.unlink()
                    swept += 1
                except FileNotFoundError:
                    continue
        return swept

    def stage(
        self,
        name: str,
        chunks: Iterable[bytes],
        *,
        most: int,
        together: int,
        total: int | None = None,
        progress: Progress | None = None,
    ) -> Staged:
        """Writes an upload to disk under its hash while reading it once.

        Staged uploads that exceed ``together`` bytes with it give way, the oldest first.

        Raises:
            WorkspaceError: when it is larger than ``most`` bytes or the disk is full.
        """
        shown = " ".join(name.split())[:80]
        part = self.staging / f"{PART}{secrets.token_hex(16)}"
        digest, size = hashlib.sha256(), 0
        try:
            with part.open("xb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if size > most:
                        raise WorkspaceError(
                            f"'{shown}' is larger than {size_words(most)}, the most that is taken; split the "
                            "export, for example by month"
                        )
                    digest.update(chunk)
                    file.write(chunk)
                    if progress is not None:
                        share = min(size / total, 1.0) if total else 0.0
                        progress(share, f"{size_words(size)} of {shown}")
                file.flush()
                os.fsync(file.fileno())
            target = self.staging / digest.hexdigest()
            os.replace(part, target)
            _sync_folder(self.staging)
            self._make_room(target, together)
        except OSError as error:
            raise WorkspaceError(
                f"'{shown}' could not be written to {self.staging} ({error.strerror or error}); free "
                "some space, or name another folder with KPI_WORKSPACE"
            ) from error
        finally:
            part.unlink(missing_ok=True)
        return Staged(target, digest.hexdigest())

    def _make_room(self, newest: Path, most: int) -> None:
        """Removes the oldest staged uploads until all together fit; those of the last hour are in use."""
        finished = [found for found in self.staging.iterdir() if not found.name.startswith(PART)]
        sizes = {found: found.stat() for found in finished}
        used, limit = sum(known.st_size for known in sizes.values()), time.time() - LEFTOVER_SECONDS
        for found, known in sorted(sizes.items(), key=lambda item: item[1].st_mtime):
            if used <= most or known.st_mtime > limit:
                return
            if found != newest:
                found.unlink(missing_ok=True)
                used -= known.st_size

    def unstage(self, sha256: str) -> None:
        """Removes a staged upload; it is no error when it is gone."""
        if re.fullmatch(r"[0-9a-f]{64}", sha256):
            (self.staging / sha256).unlink(missing_ok=True)


def folder_size(folder: Path) -> int:
    """Bytes of the files in a folder."""
    return sum(found.stat().st_size for found in folder.iterdir())


def size_words(size: int) -> str:
    """Bytes in words.

    >>> size_words(512), size_words(2_500_000), size_words(20 * 2**30)
    ('512 bytes', '2.4 MB', '20.0 GB')
    """
    if size < 1000:
        return f"{size} bytes"
    for power, unit in ((1, "kB"), (2, "MB")):
        if size < 1000 * 1024**power:
            return f"{size / 1024**power:.1f} {unit}"
    return f"{size / 1024**3:.1f} GB"


def _checked(token: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{32}", token):
        raise WorkspaceError("the workspace names a folder that is not its own; it was changed from outside")
    return token


def _sync_folder(folder: Path) -> None:
    """Makes renames in a folder durable, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
