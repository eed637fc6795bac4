"""The workspace: data sets, answers to import questions, definitions, records; kept between visits."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from kpi.definitions import Definitions, definitions_from_plain
from kpi.ingest.nouns import Import
from kpi.workspace import database
from kpi.workspace.contents import clean_label, dataset_key, read_contents, write_contents
from kpi.workspace.database import about, answers, connect, datasets, reading, write_again, writing
from kpi.workspace.folder import Folder, Progress, size_words
from kpi.workspace.kept import KeptRecords
from kpi.workspace.nouns import Caps, Dataset, Staged, WorkspaceError
from kpi.workspace.places import place


class Workspace(KeptRecords):
    """What is kept between visits. Safe to share between threads and between processes.

    A data set is written into a folder of its own that no row names yet; its row comes last, in one
    transaction. So a process killed at any moment leaves either the whole data set or none.
    """

    def __init__(self, engine: Engine, folder: Folder, caps: Caps) -> None:
        self._engine = engine
        self._folder = folder
        self._caps = caps

    @classmethod
    def open(cls, url: str | None = None, *, caps: Caps | None = None) -> Workspace:
        """Opens a workspace, making it where there is none, and sweeps what killed processes left behind.

        ``url`` is a folder or a database URL; without it ``$KPI_DATABASE_URL`` and ``$KPI_WORKSPACE`` are
        taken, else the user's data folder.

        Raises:
            WorkspaceError: it cannot be written, reached, or was written by a newer version.
        """
        where = place(url)
        folder = Folder(where.folder)
        folder.prepare()
        opened = cls(connect(where), folder, caps or Caps())
        with reading(opened._engine) as connection:
            named = list(connection.scalars(select(datasets.c.folder)))
        folder.sweep(named)
        return opened

    @property
    def path(self) -> Path:
        """The folder in which the files lie."""
        return self._folder.path

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()

    # ------------------------------------------------------------ data sets

    def datasets(self) -> tuple[Dataset, ...]:
        """Every data set, newest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(datasets).order_by(datasets.c.created_at.desc(), datasets.c.label)
            ).all()
        return tuple(_dataset(row._mapping) for row in rows)

    def find(self, label: str) -> Dataset | None:
        """The data set with that label (as in a link), None when there is none."""
        return self._one(datasets.c.label == clean_label(label))

    def get(self, key: str) -> Dataset | None:
        """The data set with that key, None when there is none."""
        return self._one(datasets.c.key == key)

    def save(
        self, label: str, imported: Import, source_hash: str, *, progress: Progress | None = None
    ) -> Dataset:
        """Keeps an import under a label and returns what was kept.

        The same bytes with the same answers are one data set: saving them again replaces its tables and gives
        it the new label. A label that another data set has gets a few characters of the key.

        Parameters
            source_hash: hash of the uploaded bytes (of all files together).
            progress: called with a share (0-1) and words.

        Raises:
            WorkspaceError: nothing to keep, the workspace is full, or it cannot be written; nothing is kept
            then.
        """
        if not imported.tables.items():
            raise WorkspaceError("there is no table to keep: no row of the files could be read")
        key = dataset_key(source_hash, imported.answers)
        begun = self._folder.begin()
        try:
            rows, size = write_contents(begun, imported, progress)
            self._check_caps(key, size)
            token = self._folder.publish(begun)
        except OSError as error:
            raise WorkspaceError(
                f"the data set could not be written to {self._folder.path} ({error.strerror or error}); free "
                "some space, or name another folder with KPI_WORKSPACE"
            ) from error
        finally:
            shutil.rmtree(begun, ignore_errors=True)
        summary = {
            "rows": rows,
            "files": [account.name for account in imported.files],
            "fingerprints": list(dict.fromkeys(a.fingerprint for a in imported.files if a.fingerprint)),
        }
        values = {
            "created_at": datetime.now(UTC).isoformat(timespec="microseconds"),
            "source_hash": source_hash,
            "folder": token,
            "size": size,
            "summary": json.dumps(summary),
        }
        try:
            replaced = self._name(key, clean_label(label), values)
        except BaseException:
            self._folder.remove(token)
            raise
        if replaced is not None:
            self._folder.remove(replaced)
        kept = self.get(key)
        if kept is None:
            raise WorkspaceError(f"the data set '{label}' was deleted while it was being saved")
        return kept

    def load(self, key: str) -> Import:
        """The import that was saved: tables, accounts and answers.

        Raises:
            WorkspaceError: no such data set, or its files are damaged.
        """
        for last_try in (False, True):
            with reading(self._engine) as connection:
                found = connection.execute(
                    select(datasets.c.folder, datasets.c.label).where(datasets.c.key == key)
                ).first()
            if found is None:
                raise WorkspaceError("there is no such data set any more; choose another or upload it again")
            try:
                return read_contents(self._folder.datasets / found.folder)
            except FileNotFoundError as error:
                # Saved anew between the two reads: its row now names another folder.
                if last_try and not (self._folder.datasets / found.folder).is_dir():
                    raise WorkspaceError(
                        f"the files of the data set '{found.label}' are not in {self._folder.path}; where "
                        "several machines share a database, let KPI_WORKSPACE name the same folder on each; "
                        "else delete it, upload it again"
                    ) from error
                if last_try:
                    raise _damaged(found.label, error) from error
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise _damaged(found.label, error) from error
        raise AssertionError("unreachable")

    def rename(self, key: str, label: str) -> Dataset:
        """Gives a data set another label.

        Raises:
            WorkspaceError: no such data set, or another one has the label.
        """
        try:
            with writing(self._engine) as connection:
                connection.execute(
                    update(datasets).where(datasets.c.key == key).values(label=clean_label(label))
                )
        except IntegrityError as error:
            raise WorkspaceError(
                f"'{clean_label(label)}' is the name of another data set; choose another"
            ) from error
        kept = self.get(key)
        if kept is None:
            raise WorkspaceError("there is no such data set any more")
        return kept

    def delete(self, key: str, *, forget_answers: bool = False) -> None:
        """Deletes a data set wholly: row, tables, account and staged upload; on request its answers as well.

        It is no error when there is none.
        """
        with writing(self._engine) as connection:
            found = connection.execute(
                select(datasets).where(datasets.c.key == key).with_for_update()
            ).first()
            if found is None:
                return
            connection.execute(delete(datasets).where(datasets.c.key == key))
            gone = _dataset(found._mapping)
            if forget_answers and gone.fingerprints:
                connection.execute(delete(answers).where(answers.c.fingerprint.in_(gone.fingerprints)))
        self._folder.remove(found.folder)
        self._folder.unstage(gone.source_hash)
        database.forget_deleted(self._engine)

    def size(self) -> int:
        """Bytes of all data sets."""
        return sum(dataset.size for dataset in self.datasets())

    # ------------------------------------------------------------ uploads

    def stage(
        self,
        name: str,
        chunks: Iterable[bytes],
        *,
        total: int | None = None,
        progress: Progress | None = None,
    ) -> Staged:
        """Writes an upload to disk under its hash; ``name`` is for messages only.

        A staged upload lives until it is unstaged, its data set is deleted, or a week has passed.

        Parameters
            chunks: the bytes in order; they are read once.
            total: how many bytes there will be, for the share told to ``progress``.

        Raises:
            WorkspaceError: it is too large, or the disk is full; nothing is left behind.
        """
        caps = self._caps
        return self._folder.stage(
            name, chunks, most=caps.upload_bytes, together=caps.staged_bytes, total=total, progress=progress
        )

    def unstage(self, sha256: str) -> None:
        """Removes a staged upload."""
        self._folder.unstage(sha256)

    # ------------------------------------------------------------ answers and definitions

    def answers(self, fingerprint: str) -> Mapping[str, str]:
        """Remembered answers for files with these headers, by question id."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(answers.c.question, answers.c.answer)
                .where(answers.c.fingerprint == fingerprint)
                .order_by(answers.c.question)
            ).all()
        return MappingProxyType({json.loads(row.question): json.loads(row.answer) for row in rows})

    def remember(self, fingerprint: str, given: Mapping[str, str]) -> None:
        """Remembers answers; those to other questions of the same headers stay."""

        def act(connection: Connection) -> None:
            for question, answer in given.items():
                asked = json.dumps(question)
                key = hashlib.sha256(asked.encode()).hexdigest()
                same = (answers.c.fingerprint == fingerprint) & (answers.c.question_hash == key)
                said = {"question": asked, "answer": json.dumps(answer)}
                if not connection.execute(update(answers).where(same).values(**said)).rowcount:
                    connection.execute(
                        insert(answers).values(fingerprint=fingerprint, question_hash=key, **said)
                    )

        write_again(act, self._engine)

    def forget(self, fingerprint: str) -> None:
        """Forgets every answer for files with these headers."""
        with writing(self._engine) as connection:
            connection.execute(delete(answers).where(answers.c.fingerprint == fingerprint))

    def definitions(self) -> Definitions:
        """The definitions that were kept, else the ones that come with the product.

        Raises:
            WorkspaceError: what is kept cannot be read.
        """
        with reading(self._engine) as connection:
            text = connection.scalar(select(about.c.value).where(about.c.name == "definitions"))
        if text is None:
            return Definitions()
        try:
            return definitions_from_plain(json.loads(text))
        except (ValueError, KeyError, TypeError) as error:
            raise WorkspaceError(
                f"the kept definitions cannot be read ({error}); set them again on the Definitions page"
            ) from error

    def keep_definitions(self, definitions: Definitions) -> None:
        """Keeps definitions in place of those before."""
        text = json.dumps(definitions.as_plain())
        ours = about.c.name == "definitions"

        def act(connection: Connection) -> None:
            if not connection.execute(update(about).where(ours).values(value=text)).rowcount:
                connection.execute(insert(about).values(name="definitions", value=text))

        write_again(act, self._engine)

    # ------------------------------------------------------------ inside

    def _one(self, condition: Any) -> Dataset | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(datasets).where(condition)).first()
        return None if row is None else _dataset(row._mapping)

    def _check_caps(self, key: str, size: int) -> None:
        others = [dataset for dataset in self.datasets() if dataset.key != key]
        if len(others) >= self._caps.datasets:
            raise WorkspaceError(
                f"{len(others)} data sets are kept, the most there may be; delete one that you no longer need"
            )
        used = sum(dataset.size for dataset in others)
        if used + size > self._caps.dataset_bytes:
            raise WorkspaceError(
                f"this data set needs {size_words(size)}; {size_words(used)} of "
                f"{size_words(self._caps.dataset_bytes)} are in use; delete one that you no longer need"
            )

    def _name(self, key: str, label: str, values: Mapping[str, Any]) -> str | None:
        """Writes the row under the first free label; returns the folder that it named before."""
        ours = datasets.c.key == key

        def act(connection: Connection) -> str | None:
            # Locked, so that two who replace it at once do not both take the same folder for the one before.
            before = connection.scalar(select(datasets.c.folder).where(ours).with_for_update())
            free = _free_label(connection, key, label)
            if before is None:
                connection.execute(insert(datasets).values(key=key, label=free, **values))
            else:
                connection.execute(update(datasets).where(ours).values(label=free, **values))
            return before

        return write_again(act, self._engine)


def _free_label(connection: Connection, key: str, label: str) -> str:
    for length in (0, 4, 8, 32):
        wanted = f"{label} {key[:length]}".strip()
        holder = connection.scalar(select(datasets.c.key).where(datasets.c.label == wanted))
        if holder in (None, key):
            return wanted
    raise WorkspaceError(f"another data set is called '{label}'; choose another name")


def _damaged(label: str, error: Exception) -> WorkspaceError:
    return WorkspaceError(
        f"the data set '{label}' cannot be read ({type(error).__name__}: {error}); delete it, upload it again"
    )


def _dataset(row: Mapping[Any, Any]) -> Dataset:
    summary = json.loads(row["summary"])
    return Dataset(
        key=row["key"],
        label=row["label"],
        created_at=datetime.fromisoformat(row["created_at"]),
        source_hash=row["source_hash"],
        rows=MappingProxyType(summary["rows"]),
        files=tuple(summary["files"]),
        fingerprints=tuple(summary["fingerprints"]),
        size=row["size"],
    )
