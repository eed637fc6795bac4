"""Records that people keep: read, kept, dropped, with every version; two may write at once."""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from kpi.workspace import database
from kpi.workspace.action import Action
from kpi.workspace.category_rule import CategoryRule
from kpi.workspace.change import Beside, Change, Conflict, Fate, K, Kept, same
from kpi.workspace.database import about, changes, kept, reading, writing
from kpi.workspace.event import Event
from kpi.workspace.form import Form
from kpi.workspace.goal import Goal
from kpi.workspace.note import Note
from kpi.workspace.nouns import Caps, Invalid, WorkspaceError, Wrong
from kpi.workspace.records import as_plain, record_from_plain
from kpi.workspace.target import Target

KINDS: Mapping[type[Any], str] = {
    Event: "event",
    Target: "target",
    Goal: "goal",
    Action: "action",
    CategoryRule: "category rule",
    Note: "note",
}
"""Every kind of record that is kept → its name in the database and in messages."""

_log = logging.getLogger(__name__)


class KeptRecords:
    """The part of the workspace that people write by hand."""

    _engine: Engine
    _caps: Caps

    def kept(self, kind: type[K]) -> tuple[K, ...]:
        """Every record of a kind, in its order. Those that cannot be read are told by :meth:`unreadable`."""
        with reading(self._engine) as connection:
            return _all(connection, kind)[0]

    def unreadable(self, kind: type[K]) -> tuple[str, ...]:
        """One sentence for each record of a kind that was changed from outside and cannot be read."""
        with reading(self._engine) as connection:
            return _all(connection, kind)[1]

    def dropped(self, kind: type[K]) -> tuple[K, ...]:
        """Records that were dropped, as they last were; keep one as it comes from here to have it back."""
        with reading(self._engine) as connection:
            return _all(connection, kind, dropped=True)[0]

    def keep(self, record: K, *, author: str = "") -> K:
        """Keeps a record and returns it as kept: a new one when its ``id`` is "", else the next version.

        Keeping what already stands changes nothing, so that a save sent twice is no conflict.

        Raises:
            Invalid: with everything that is wrong with it.
            Conflict: somebody changed or dropped it after this version was read.
            WorkspaceError: there are too many, or the workspace cannot be written.
        """
        return self.keep_all([record], author=author)[0]

    def keep_all(self, records: Sequence[K], *, without: Sequence[K] = (), author: str = "") -> tuple[K, ...]:
        """Keeps several records of one kind and drops those of ``without``: all of it or nothing.

        A whole list that was edited (category rules with their places) is saved this way.

        Raises:
            Invalid, Conflict, WorkspaceError: as :meth:`keep` does, for the first that cannot be kept. After
            a conflict all records that were to be kept stand in the history, set aside.
        """
        ready = [_with_id(record.checked()) for record in records]
        touched = [*ready, *without]
        if not touched:
            return ()
        kind = type(touched[0])
        if len({r.id for r in touched}) < len(touched) or any(type(r) is not kind for r in touched):
            raise WorkspaceError("records that are kept together are of one kind, each once")
        name = _name(kind)
        who = _author(author)
        with writing(self._engine) as connection:
            _lock(connection)
            standing = {record.id: _standing(connection, kind, record.id) for record in touched}
            wanted: list[tuple[K, K | None]] = [(record, record) for record in ready]
            wanted += [(gone, None) for gone in without]
            found = (_conflict(connection, seen, to, *standing[seen.id], ready) for seen, to in wanted)
            conflict = next((conflict for conflict in found if conflict is not None), None)
            if conflict is not None:
                for record in ready:
                    now, _ = standing[record.id]
                    if now is None or not same(now, record):
                        _log_change(connection, record, Fate.SET_ASIDE, who)
            else:
                if wrongs := _wrongs_beside(connection, kind, ready, standing):
                    raise Invalid(f"this {name}", wrongs)
                self._check_number(connection, kind, ready)
                written = tuple(_write(connection, record, *standing[record.id], who) for record in ready)
                for record in without:
                    _drop(connection, *standing[record.id], who)
        if conflict is not None:
            raise conflict
        return written

    def drop(self, kind: type[K], id: str, version: int | None = None, *, author: str = "") -> None:
        """Drops a record; its history stays and :meth:`dropped` has it. It is no error when there is none.

        Raises:
            Conflict: ``version`` is given and is not the kept one any more.
        """
        with writing(self._engine) as connection:
            _lock(connection)
            now, present = _standing(connection, kind, id)
            if now is None:
                return
            seen = replace(now, version=present if version is None else version)
            if conflict := _conflict(connection, seen, None, now, present):
                raise conflict
            _drop(connection, now, present, _author(author))

    def history(self, kind: type[K], id: str) -> tuple[Change[K], ...]:
        """Every change of a record, oldest first, also of one that was dropped."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(changes)
                .where((changes.c.id == id) & (changes.c.kind == _name(kind)))
                .order_by(changes.c.number)
            ).all()
        found = []
        for row in rows:
            record = _read(kind, row.id, row.version, row.body)
            if isinstance(record, str):
                _log.warning(record)
            else:
                at = datetime.fromisoformat(row.changed_at)
                found.append(Change(record, Fate(row.fate), at, row.author))
        return tuple(found)

    def forget_kept(self, kind: type[K], id: str) -> None:
        """Deletes a record and its whole history; a database server clears the space in its own time."""
        with writing(self._engine) as connection:
            _lock(connection)
            for table in (kept, changes):
                connection.execute(delete(table).where((table.c.id == id) & (table.c.kind == _name(kind))))
        database.forget_deleted(self._engine)

    # ------------------------------------------------------------ events

    def events(self) -> tuple[Event, ...]:
        """Every event, by day."""
        return self.kept(Event)

    def keep_event(self, event: Event, *, author: str = "") -> Event:
        """As :meth:`keep`."""
        return self.keep(event, author=author)

    def drop_event(self, id: str, version: int | None = None, *, author: str = "") -> None:
        """As :meth:`drop`."""
        self.drop(Event, id, version, author=author)

    # ------------------------------------------------------------ inside

    def _check_number(self, connection: Connection, kind: type[Any], ready: Sequence[Kept]) -> None:
        alive = (kept.c.kind == _name(kind)) & kept.c.dropped.is_(False)
        number = connection.scalar(
            select(func.count())
            .select_from(kept)
            .where(alive & kept.c.id.not_in([record.id for record in ready]))
        )
        if (number or 0) + len(ready) > self._caps.records:
            raise WorkspaceError(
                f"{self._caps.records:,} records of this kind are kept, the most there may be; drop some "
                "that you no longer need"
            )


def new_id() -> str:
    """An id for a record that is not kept yet; with it a form that is sent twice makes one record."""
    return secrets.token_hex(16)


def _name(kind: type[Any]) -> str:
    if kind not in KINDS:
        raise TypeError(f"{kind.__name__} is no kind of record that is kept")
    return KINDS[kind]


def _with_id(record: K) -> K:
    if not record.id:
        return replace(record, id=new_id(), version=0)
    if not re.fullmatch(r"[0-9a-f]{32}", record.id):
        raise WorkspaceError("the id of a record is 32 hexadecimal digits, or empty for a new one")
    return record


def _wrongs_beside(
    connection: Connection, kind: type[Any], ready: Sequence[Any], touched: Container[str]
) -> tuple[Wrong, ...]:
    """What is wrong with records beside each other and beside those that stay as they are."""
    asks = issubclass(kind, Beside)
    if not asks:
        return ()
    stay = [other for other in _all(connection, kind)[0] if other.id not in touched]
    return tuple(
        wrong
        for record in ready
        for wrong in record.wrongs_beside([*stay, *(other for other in ready if other is not record)])
    )


def _author(given: str) -> str:
    form = Form("the author")
    named = form.line("author", given, needed=False)
    form.check()
    return named


def _lock(connection: Connection) -> None:
    """One writer of records at a time: what is checked stays true until it is written."""
    connection.execute(select(about.c.value).where(about.c.name == "schema").with_for_update())


def _all(
    connection: Connection, kind: type[K], *, dropped: bool = False
) -> tuple[tuple[K, ...], tuple[str, ...]]:
    rows = connection.execute(
        select(kept).where((kept.c.kind == _name(kind)) & kept.c.dropped.is_(dropped))
    ).all()
    read = [_read(kind, row.id, row.version, row.body) for row in rows]
    wrong = tuple(record for record in read if isinstance(record, str))
    for says in wrong:
        _log.warning(says)
    good = [record for record in read if not isinstance(record, str)]
    return tuple(sorted(good, key=lambda record: (*record.order(), record.id))), wrong


def _standing(connection: Connection, kind: type[K], id: str) -> tuple[K | None, int]:
    """The record as it stands and its version; (None, version) when dropped, (None, 0) when never there."""
    row = connection.execute(select(kept).where(kept.c.id == id)).first()
    if row is None:
        return None, 0
    if row.kind != _name(kind):
        raise WorkspaceError(f"the id {id} belongs to a record of another kind")
    if row.dropped:
        return None, row.version
    record = _read(kind, row.id, row.version, row.body)
    if isinstance(record, str):
        raise WorkspaceError(record)
    return record, row.version


def _past(connection: Connection, kind: type[K], id: str, version: int) -> K | None:
    row = connection.execute(
        select(changes).where(
            (changes.c.id == id) & (changes.c.version == version) & (changes.c.fate != Fate.SET_ASIDE.value)
        )
    ).first()
    record = None if row is None else _read(kind, row.id, row.version, row.body)
    return None if isinstance(record, str) else record


def _conflict(
    connection: Connection,
    seen: Kept,
    given: Kept | None,
    now: Kept | None,
    present: int,
    together: Sequence[Kept] = (),
) -> Conflict | None:
    """The conflict of keeping ``given`` (None: of dropping) when ``seen`` was read and ``now`` stands."""
    done_already = now is None if given is None else now is not None and same(now, given)
    if seen.version == present or done_already:
        return None
    kind = type(seen)
    base = _past(connection, kind, seen.id, seen.version)
    return Conflict(f"this {_name(kind)}", now, given, base, present, together)


def _drop(connection: Connection, now: Kept | None, present: int, author: str) -> None:
    if now is not None:
        gone = replace(now, version=present + 1)
        connection.execute(
            update(kept).where(kept.c.id == gone.id).values(version=gone.version, dropped=True)
        )
        _log_change(connection, gone, Fate.DROPPED, author)


def _write(connection: Connection, given: K, now: K | None, present: int, author: str) -> K:
    if now is not None and same(now, given):
        return now
    made = replace(given, version=present + 1)
    values = {"version": made.version, "dropped": False, "body": _body(made)}
    if present:
        connection.execute(update(kept).where(kept.c.id == made.id).values(**values))
    else:
        connection.execute(insert(kept).values(id=made.id, kind=_name(type(made)), **values))
    _log_change(connection, made, Fate.KEPT, author)
    return made


def _log_change(connection: Connection, record: Kept, fate: Fate, author: str) -> None:
    connection.execute(
        insert(changes).values(
            id=record.id,
            kind=_name(type(record)),
            version=record.version,
            fate=fate.value,
            changed_at=datetime.now(UTC).isoformat(timespec="microseconds"),
            author=author,
            body=_body(record),
        )
    )


def _body(record: Kept) -> str:
    plain = as_plain(record)
    del plain["id"], plain["version"]
    return json.dumps(plain)


def _read(kind: type[K], id: str, version: int, body: str) -> K | str:
    """The record, or a sentence why it cannot be read."""
    try:
        return record_from_plain({**json.loads(body), "id": id, "version": version}, kind).checked()
    except (ValueError, KeyError, TypeError, Invalid) as error:
        return f"a kept {_name(kind)} ({id}) cannot be read: {error}"
