"""Work: who, when, in which transaction. First argument of every query and operation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select, tuple_, update
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from app import audit
from app.access import ROLE_WORDS, Permission, Role, roles_with
from app.actors import Actor, Who, actor_from, by_person, by_token, find, regions_of, scope_of
from app.errors import Changed, NotYours, Refused, SignedOut
from app.house import house
from app.states import MOVES, state_word
from app.unkept import told
from app.words import CHINA
from app.workdays import Conventions
from db.audit import Trail
from db.base import Owned, Record
from db.organizations import Org
from db.session import Scoped
from db.users import SignIn

if TYPE_CHECKING:
    from app.figures_results import Profile

_SILENT = frozenset({'preference', 'stored_file', 'job'})  # nobody's business; told by the row that names the file; by what the job does

Found = TypeVar('Found', bound=Record)


@dataclass(slots=True)
class Work:
    """One transaction of one person."""

    session: Scoped
    actor: Actor
    now: datetime
    org: Org
    reads: bool
    _entries: list[dict[str, Any]] = field(default_factory=list)
    _seal: str = ''
    sealed_head: str = ''

    @property
    def today(self) -> date:
        """The business day in China."""
        return self.now.astimezone(CHINA).date()

    @property
    def scope(self) -> frozenset[int]:
        return self.session.scope

    @property
    def profile(self) -> Profile:
        """The regulation profile in force for the organisation worked on."""
        from app.regulation import profile  # heavy: who signs in needs no figure

        return profile(self.org.profile, self.org.overlay)

    @property
    def conventions(self) -> Conventions:
        """How periods are counted by the profile in force."""
        said = self.profile.conventions
        return Conventions(**{f.name: getattr(said, f.name).value for f in fields(Conventions)})

    def require(self, permission: Permission) -> None:
        """Refuse when the post does not carry the permission; the sentence names who can (SEC-01)."""
        if not self.actor.may(permission):
            able = '、'.join(ROLE_WORDS[r] for r in roles_with(permission))
            raise Refused(f'您的岗位（{ROLE_WORDS[Role(self.actor.role)] if self.actor.role else "访客"}）不能办理此事，请由{able}办理。', rule='SEC-01')

    def get(self, model: type[Found], row_id: int, *, lock: bool = False) -> Found:
        """Return a row in scope, to change it only one of the organisation worked on.

        raises NotYours for what is not there and what is somebody else's alike
        """
        row = None if row_id is None else self.session.get(model, row_id, with_for_update=lock or None)  # None: what an event left out
        if row is None or (not self.reads and isinstance(row, Owned) and row.org_id != self.org.id):
            raise NotYours
        return row

    def page(
        self, q: SelectOfScalar[Found], model: type[Found], *, before: int, after: int, last: bool, limit: int, sort: str = '',
        sorts: Mapping[str, Any] | None = None) -> tuple[list[Found], bool]:
        """Return one page of a list, newest first by id, and whether more follow in the direction asked.

        before, after: ids of the rows beside the page, 0 for none · last: the page at the list's end; read upwards and turned round
        sort: key of `sorts` for its column rising, with - before it falling; equal rows by id, rows without a value at the end
        """
        up, key = last or bool(after), (*([sorts[sort.removeprefix('-')]] if sorts and sort else []), col(model.id))
        rising, bound = (len(key) > 1 and not sort.startswith('-')) != up, before or after
        parts: list[list[Any]] = [[key[0].is_not(None)], [key[0].is_(None)]] if key[0].nullable else [[]]
        at = 0
        if bound:
            found = self.session.execute(select(*key).where(col(model.id) == bound)).one_or_none() if len(key) > 1 else (bound,)
            if found is None:  # gone meanwhile: no page stands beside it
                return [], False
            at = int(found[0] is None)
            here, there = tuple_(*key[at:]), tuple_(*found[at:])
            parts[at].append(here > there if rising else here < there)
        order = [c if rising else c.desc() for c in key]
        rows: list[Found] = []
        for part in reversed(parts[:at + 1] if bound else parts) if up else parts[at:]:
            rows += self.session.exec(q.where(*part).order_by(*order).limit(limit + 1 - len(rows)))
            if len(rows) > limit:
                break
        return (rows[:limit][::-1] if up else rows[:limit]), len(rows) > limit

    def make(self, model: type[Found], /, **values: Any) -> Found:
        """Return a new validated row of the organisation worked on; `keep` writes it."""
        if issubclass(model, Owned):
            values.setdefault('org_id', self.org.id)
        return model.model_validate(values)

    def seal_id(self, row: Any, number: str, masked: str) -> None:
        """Put an ID number into a row: ciphertext, blind index and masked form."""
        keys = house().keys
        row.id_no_sealed, row.id_no_index, row.id_no_masked = keys.seal(row, 'id_no', number), keys.blind('id_no', number), masked

    def unseal_id(self, row: Any) -> str:
        """Return the full ID number of a row; whoever shows it leaves a trail entry."""
        return house().keys.unseal(row, 'id_no', row.id_no_sealed)

    def keep_all(self, verb: str, rows: Sequence[Record], **note: Any) -> None:
        """Write many new rows in one flush, each with its own trail entry."""
        self._must_write()
        self.session.add_all(rows)
        self.session.flush()
        for row in rows:
            self._note(verb, row, self._before(row), self._hash(row.model_dump()), note)

    def keep(self, verb: str, row: Record, **note: Any) -> None:
        """Write a row and remember its trail entry; both stand or fall together.

        note: plain facts beside the hashes; never a personal value
        """
        self.keep_all(verb, [row], **note)

    def keep_draft(self, row: Record, verb: str = '') -> None:
        """Write what was typed into a draft without a trail entry: the step that ends the writing leaves one, with the hash before and after.

        verb: for a row that does not itself note who wrote: another person than the newest entry names leaves one at once, so that `change` names him
        """
        self._must_write()
        if verb and self._told(row).get('person') != self.actor.person_id:
            self.keep(verb, row)
        self.session.add(row)
        self.session.flush()
        self.session.unkept.pop((str(row.__tablename__), row.id), None)

    def keep_written(self, verb: str, row: Record, **note: Any) -> bool:
        """Leave one entry for all that `keep_draft` wrote since the row's last entry, with the hash before and after; False when nothing changed."""
        self._must_write()
        before, after = str(self._told(row).get('after', '')), self._hash(row.model_dump())
        if before != after:
            self._note(verb, row, before, after, note)
        return before != after

    def remove(self, verb: str, row: Record, **note: Any) -> None:
        """Delete a row that was made by mistake; the trail keeps that it was there, with the hash of what it held."""
        self._must_write()
        self.session.delete(row)
        self.session.flush()
        self._note(verb, row, self._before(row), '', note)

    def note(self, verb: str, row: Record, **note: Any) -> None:
        """Leave a trail entry for a reveal, print or export that changes nothing."""
        self._must_write()
        self._note(verb, row, '', '', note)

    def move(self, row: Any, verb: str) -> None:
        """Change a row's state by the table of states.py; `keep` follows. raises Refused as `check_move` does"""
        self.check_move(row, verb)
        row.state = MOVES[verb].end

    def check_move(self, row: Any, verb: str) -> None:
        """Refuse when a row's state does not allow a verb or when the second person is the first again."""
        step = MOVES[verb]
        if row.state not in step.start:
            due = '、'.join(state_word(step.table, s) for s in step.start)
            raise Refused(f'当前状态是“{state_word(step.table, row.state)}”，不能“{step.word}”；需要先处于“{due}”。请刷新页面，按页面上的下一步办理。', rule=step.rule)
        if any(getattr(row, column) == self.actor.person_id for column in step.differs):
            raise Refused(f'“{step.word}”须由另一人办理：前一步就是您本人办理的，请由另一位有权限的人员登录后办理。', rule=step.rule)

    def change(self, row: Any, column: str, *, shown: Any, new: Any, word: str) -> bool:
        """Set one column if it still holds what was shown; returns False when nothing changes.

        raises Changed naming who changed it meanwhile
        """
        stored = getattr(row, column)
        if stored == new:
            return False
        if stored != shown:
            entry = self._told(row) or {'name': '他人', 'at': self.now.isoformat()}
            raise Changed(word, entry['name'], datetime.fromisoformat(entry['at']).astimezone(CHINA), str(stored))
        setattr(row, column, new)
        return True

    def seal_trail(self, reason: str) -> None:
        """Ask for a signed head after this work's entries; `sealed_head` holds its text after the commit."""
        self._seal = reason

    def close_trail(self) -> None:
        """Write the remembered entries under the head's lock; the last act before the commit."""
        connection = self.session.connection()
        if self._entries:
            audit.write_entries(connection, house().keys, self._entries)
        if self._seal:
            self.sealed_head = audit.seal_head(connection, house().keys, self._seal, self.now)

    def check_trailed(self) -> None:
        """Raise when a row was written that no trail entry tells of: our own mistake."""
        if silent := {table for table, _ in self.session.unkept} - _SILENT:
            raise RuntimeError(f'written without a trail entry: {sorted(silent)}')

    def taken(self, column: Any, value: str) -> bool:
        """Return whether a value that stands once in the whole installation is taken, also by a row this person never sees."""
        return self.session.connection().execute(select(column).where(column == value)).first() is not None

    def starting(self, column: Any, prefix: str) -> list[str]:
        """Return the values of the whole installation that begin so, also of rows this person never sees: for the next free number."""
        return list(self.session.connection().execute(select(column).where(column.startswith(prefix, autoescape=True))).scalars())

    def end_sign_ins(self, account_id: int) -> None:
        """End every sign-in of an account; its open pages go to the sign-in page."""
        self._must_write()
        self.session.connection().execute(update(SignIn).where(col(SignIn.account_id) == account_id, col(SignIn.ended_at).is_(None)).values(ended_at=datetime.now(UTC)))

    def _must_write(self) -> None:
        if self.reads:
            raise RuntimeError('look() reads; use begin() to change')

    def _told(self, row: Record) -> dict[str, Any]:
        """Return the newest entry of the trail that tells of a change of a row, {} when there is none; who only looked changed nothing."""
        changed = select(col(Trail.body)).where(col(Trail.row_id) == row.id, col(Trail.body).not_like('%"after":""%'))
        last = self.session.execute(changed.order_by(col(Trail.n).desc()).limit(1)).scalar()
        return dict(json.loads(last)) if last else {}

    def _before(self, row: Record) -> str:
        before = self.session.unkept.pop((str(row.__tablename__), row.id), row.model_dump())
        return self._hash(before) if before else ''

    def _hash(self, values: dict[str, Any]) -> str:
        return audit.row_hash(house().keys, values)

    def _note(self, verb: str, row: Record, before: str, after: str, note: dict[str, Any]) -> None:
        org = row.org_id if isinstance(row, Owned) else row.id
        self._entries.append({
            'at': self.now.isoformat(timespec='milliseconds'), 'person': self.actor.person_id, 'name': self.actor.printed, 'post': self.actor.post_id,
            'by_org': self.actor.org_id, 'org': org, 'row': row.id, 'table': str(row.__tablename__), 'verb': verb, 'before': before, 'after': after,
            **({'note': note} if note else {})})


@contextmanager
def look(me: Actor, org_id: int | None = None) -> Iterator[Work]:
    """Read in one snapshot as the person signed in; writing raises. raises SignedOut when the sign-in has ended."""
    with _work(by_token(me.token), me.person_id, org_id, None, reads=True) as work:
        yield work


@contextmanager
def begin(me: Actor, org_id: int | None = None) -> Iterator[Work]:
    """Change as the person signed in: one write transaction with its trail, committed at the end or nothing."""
    with _work(by_token(me.token), me.person_id, org_id, None, reads=False) as work:
        yield work


@contextmanager
def begin_as(person_id: int, *, role: str = '', org_id: int | None = None, at: datetime | None = None, reads: bool = False) -> Iterator[Work]:
    """Work in a person's post without a sign-in: jobs, the demo loader and tests only.

    role: which of the person's posts; the first when empty · at: business time of the work
    """
    with _work(by_person(person_id, role, at or house().now()), person_id, org_id, at, reads=reads) as work:
        yield work


@contextmanager
def visitor() -> Iterator[Work]:
    """Read as the public: no post, so every `require` refuses; only plain queries made for visitors run."""
    engines = house().engines
    with Scoped(engines.read, ()) as session:
        ids = frozenset(session.connection().execute(select(col(Org.id))).scalars())
        session.scope = ids
        nobody = Actor(0, '访客', '', '', 0, 0, '', '')
        yield Work(session, nobody, house().now(), Org(id=0, name='', kind='', credit_code='', region='', profile='national'), True)


@contextmanager
def _work(who: Who, person_id: int, org_id: int | None, at: datetime | None, *, reads: bool) -> Iterator[Work]:
    engines = house().engines
    with Scoped(engines.read if reads else engines.write, ()) as session, told(session):  # sees nothing until the post is found
        found = find(session.connection(), who)
        if found is None or found.person_id != person_id:
            raise SignedOut
        actor = actor_from(found)
        session.regions = regions_of(actor)
        session.scope = scope_of(session.connection(), actor)
        session.org = org_id or actor.org_id
        org = session.get(Org, session.org)
        if org is None:
            raise NotYours
        work = Work(session, actor, at or house().now(), org, reads)
        yield work
        if not reads:
            session.flush()
            work.check_trailed()
            work.close_trail()
            session.commit()


