# long: the matrix of operations, roles and organisations stands in one place
"""Who may do what: every operation, query, page and plain route asks, and asks for what the tables say."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from app.access import PERMISSIONS, ROLE_WORDS, Permission, Role, may
from app.assessment.rules import Member
from app.batches.queries import groups_of, sittings_of
from app.bylaws.operations import add_bylaw, add_standard
from app.bylaws.word_files import WordText
from app.errors import Refused
from app.files import Scan
from app.filing.operations import start_application
from app.house import House
from app.intake_table import Table
from app.organizations.granting import Hand
from app.organizations.rules import Range
from app.registration.queries import candidates_by_ticket
from app.users.operations import add_account, give_post
from app.words import CHINA
from app.work import Work, begin_as, visitor
from db.assessment import ScoreSheet
from db.outside_sites import OutsideSite
from db.users import Account, Post
from tests import make
from tests.ledger_rows import add
from tests.shows import shows

ROOT = Path(__file__).resolve().parent.parent
DYNAMIC = {  # the permission depends on an argument: value of the argument → permission
    'scores.operations.sign_table': {
        'leader': Permission.SCORES_SIGN_LEADER, 'recorder': Permission.SCORES_SIGN_RECORDER, 'supervisor': Permission.SCORES_SIGN_SUPERVISOR,
        'exam_affairs': Permission.SCORES_SIGN_EXAM_AFFAIRS},
    'organizations.operations.change_org': {'own organisation': Permission.FILINGS_RECORD}}
EVERYBODYS = {'users.operations.set_preference': 'the own choice of columns and the own views'}
IMPERSONAL = {  # queries that ask for no permission: what they read says nothing of a person, or the person himself reads it
    'batches.queries.groups_of', 'batches.queries.sittings_of', 'organizations.queries.ranges_of', 'organizations.queries.filing_in_force',
    'organizations.queries.check_filed', 'scores.queries.exam_days', 'users.queries.posts_of', 'users.queries.preference', 'users.queries.shared_views'}
TOLD_APART = {  # queries that check otherwise
    'certificates.queries.verify': 'for visitors: two of three fields (DATA-14), masked',
    'dashboard.queries.desk': 'asks for each of its parts',
    'scores.queries.signatures': 'takes the batch that the caller has read',
    'users.history.history_of': 'takes the id of a row that the caller has read'}
PERSONAL = {'Person', 'Account', 'Candidate', 'ScoreEntry', 'Result', 'Certificate', 'StoredFile', 'Approval', 'ScoreSignature', 'Trail'}


@dataclass(frozen=True)
class Asked:
    """A public function that works in somebody's post, and the permission its first line asks for (None: none, or a dynamic one)."""

    name: str
    call: Callable[..., Any]
    permission: Permission | None
    reads: frozenset[str]


def functions_of(*files: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for pattern in files:
        for path in sorted((ROOT / 'app').glob(pattern)):
            module = '.'.join(path.relative_to(ROOT / 'app').with_suffix('').parts)
            for node in ast.parse(path.read_text(encoding='utf-8')).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith('_') and node.args.args and node.args.args[0].arg == 'work':
                    yield f'{module}.{node.name}', node


def asked(*files: str) -> list[Asked]:
    found = []
    for name, node in functions_of(*files):
        module, _, function = name.rpartition('.')
        names = frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
        found.append(Asked(name, getattr(importlib.import_module(f'app.{module}'), function), first_permission(node), names))
    return found


def first_permission(node: ast.FunctionDef) -> Permission | None:
    """Return what `work.require(Permission.X)` asks for as the first statement after the docstring."""
    body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Call) and ast.unparse(first.value.func) == 'work.require':
        argument = first.value.args[0]
        if isinstance(argument, ast.Attribute) and ast.unparse(argument.value) == 'Permission':
            return Permission[argument.attr]
    return None


@lru_cache(maxsize=1)
def operations() -> tuple[Asked, ...]:
    return tuple(asked(
        '*/operations.py', '*/drafts.py', '*/desk.py', '*/holdings.py', '*/importing.py', '*/jobs.py', '*/printing.py', '*/scoring.py', '*/deciding.py', '*/granting.py', '*/outside.py'))


@lru_cache(maxsize=1)
def queries() -> tuple[Asked, ...]:
    return tuple(asked('*/queries.py', '*/records.py', '*/documents.py', 'users/history.py'))


@shows('SEC-01')
def test_the_first_line_of_every_operation_asks_for_a_permission() -> None:
    silent = {o.name for o in operations() if o.permission is None}
    by_roster = {'registration.importing.judge', 'scores.jobs.judge'}  # they write nothing; their first line is a query that asks
    assert silent == {*DYNAMIC, *EVERYBODYS, *by_roster}
    assert len(operations()) > 30


def test_every_query_of_personal_data_asks_for_a_permission() -> None:
    silent = {q.name for q in queries() if q.permission is None}
    assert silent == IMPERSONAL | set(TOLD_APART)
    assert {q.name: q.reads & PERSONAL for q in queries() if q.name in IMPERSONAL and q.reads & PERSONAL} == {}


ARGUMENTS: dict[str, Any] = {  # by name of the parameter; ids are of rows that do not exist
    'batch_id': 1, 'certificate_id': 1, 'reissue_id': 1, 'group_id': 1, 'candidate_id': 1, 'record_id': 1, 'equipment_id': 1, 'ledger': 'site', 'written': {}, 'data': b'', 'attachment_id': 1, 'scan': Scan('照片.jpg', 1, 'image/jpeg', 4, '0' * 64), 'sitting_id': 1, 'filing_id': 1, 'person_id': 1, 'account_id': 1, 'post_id': 1, 'file_id': 1, 'scan_id': 1,
    'name': '张三', 'title': '批次', 'id_number': make.number(700), 'login': 'zhang.san', 'password_hash': '-', 'role': 'staff', 'from_on': date(2026, 10, 20),
    'to_on': date(2026, 10, 21), 'value': {}, 'kind': 'employer', 'credit_code': '', 'region': '990101', 'profile': 'demo', 'number': 'S000099010009',
    'letter_no': '1号', 'letter_on': date(2025, 3, 17), 'valid_from': date(2025, 3, 17), 'ranges': [Range('4-10-01-03', '保育师', '', (5,))], 'issuer': '局',
    'column': 'phone', 'shown': '', 'new': '', 'first_on': date(2026, 10, 24), 'last_on': date(2026, 10, 25), 'groups': [('4-10-01-03', '', 4)],
    'subject': 'theory', 'room_no': 9, 'room': '机房9', 'starts_at': datetime(2026, 10, 24, 9, tzinfo=CHINA), 'ends_at': datetime(2026, 10, 24, 10, tzinfo=CHINA),
    'reason': '理由充分', 'rows': [], 'photo': make.JPEG, 'sha256': '0' * 64, 'round_no': 1, 'text': '75', 'entries': {}, 'step': 'leader', 'shown_hash': '',
    'year': 2026, 'level': 3, 'last': 1, 'issued_on': date(2026, 11, 12), 'objections': '无异议', 'opinion': '理由不足', 'ended_on': date(2026, 10, 20), 'document_no': '20号', 'form': 'F-CERT', 'layout': 'handbook', 'frame': False,
    'view_id': 1, 'keys': ('id',),
    'bylaw_id': 1, 'version_id': 1, 'standard_id': 1, 'unit': '考务组', 'read': WordText('第一条　正文', 0), 'values': {}, 'version': 1,
    'application_id': 1, 'snapshot_id': 1, 'range_id': 1, 'correction_id': 1, 'act_id': 1, 'way': 'increment', 'field': 'contact', 'at': 0, 'by': 1, 'reasons': {}, 'shown_sha256': '',
    'occupation_code': '4-10-01-03', 'occupation': '保育师', 'points': [], 'basis': '指南七', 'rule': 'ORG-30', 'verb': 'application.accept', 'decided_on': date(2026, 10, 20),
    'outside_site_id': 1, 'site': OutsideSite(id=1, org_id=1, batch_id=1), 'seat': 'local', 'agrees': True, 'opinion_id': 1, 'record': None, 'versions': {}, 'mark': '', 'licence_id': 1, 'training_id': 1, 'trade': '保育师', 'people': 1}


def arguments(operation: Asked) -> dict[str, Any]:
    needed = [p for n, p in inspect.signature(operation.call).parameters.items() if n != 'work' and p.default is p.empty]
    missing = [p.name for p in needed if p.name not in ARGUMENTS]
    assert not missing, f'{operation.name} has arguments this test does not know: {missing}'
    return {p.name: ARGUMENTS[p.name] for p in needed}


def lacks_permission(operation: Asked, work: Work, given: dict[str, Any]) -> bool:
    """Return whether the operation refuses for want of the permission; whatever comes after that is not asked here."""
    positional = [given.pop(n) for n, p in inspect.signature(operation.call).parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD and n in given]
    try:
        operation.call(work, *positional, **given)
    except Refused as refused:
        return type(refused) is Refused and refused.rule == 'SEC-01' and '不能办理此事' in refused.sentence
    except Exception:
        return False
    return False


@pytest.fixture
def posts(house_on_sqlite: House) -> dict[Role, int]:
    """Somebody in every role: {role: person id}."""
    made = make.world()
    make.batch(made)
    held = {Role(r): p for r, p in made.people.items() if r in set(Role)}
    centre = [Role.PLATFORM_ADMIN, Role.DATA_REVIEWER, Role.CENTRE_STAFF, Role.ASSESSOR]
    for n, role in enumerate(centre):
        held[role] = make.first_person_of(made.centre, f'中心{n}', make.number(850 + n), role).id
    assert set(held) == set(Role)
    return held


@shows('SEC-01')
def test_each_operation_is_refused_to_exactly_the_roles_without_its_permission(posts: dict[Role, int]) -> None:
    wrong = []
    for operation in operations():
        if operation.permission is None:
            continue
        for role, person in posts.items():
            with pytest.raises(ZeroDivisionError), begin_as(person, role=role, at=make.NOW) as work:
                refused = lacks_permission(operation, work, arguments(operation))
                if refused is may(role, operation.permission):
                    wrong.append((operation.name, role, refused))
                raise ZeroDivisionError  # nothing is kept
    assert wrong == []


@shows('SEC-01')
def test_signatures_and_the_own_card_are_refused_to_exactly_the_roles_without_the_permission(posts: dict[Role, int]) -> None:
    by_name = {o.name: o for o in operations()}
    wrong = []
    for name, cases in DYNAMIC.items():
        for value, permission in cases.items():
            for role, person in posts.items():
                with pytest.raises(ZeroDivisionError), begin_as(person, role=role, at=make.NOW) as work:
                    given = arguments(by_name[name]) | ({'step': value} if name.endswith('sign_table') else {})
                    if lacks_permission(by_name[name], work, given) is may(role, permission):
                        wrong.append((name, value, role))
                    raise ZeroDivisionError
    assert wrong == []


@shows('SEC-01')
def test_each_query_is_refused_to_exactly_the_roles_without_its_permission(posts: dict[Role, int]) -> None:
    wrong = []
    for query in queries():
        if query.permission is None:
            continue
        for role, person in posts.items():
            with begin_as(person, role=role, at=make.NOW, reads=True) as work:
                given = arguments(query) if query.name not in ('batches.queries.count_batches', 'registration.queries.count_candidates') else {'limit': 9, 'batch_id': 1}
                given = {k: v for k, v in given.items() if k in inspect.signature(query.call).parameters}
                refused = lacks_permission(query, work, given)
                # a query may rest on another one that asks for more: then it is refused although its own line passes
                if refused is False and not may(role, query.permission) or (refused and may(role, query.permission) and query.name not in RESTS_ON_MORE):
                    wrong.append((query.name, role, refused))
    assert wrong == []


ARGUMENTS |= {'limit': 9}
ARGUMENTS |= {  # personnel
    'register': 'staff', 'row_id': 1, 'written': {}, 'names': {}, 'attachment_id': 1, 'data': b'', 'table': Table('', 1, {}, (), [], {}),
    'scan': Scan('证书.pdf', 1, 'application/pdf', 4, '0' * 64)}
ARGUMENTS |= {  # assessments
    'application_id': 1, 'assessment_id': 1, 'assessor_id': 1, 'sheet_id': 1, 'rectification_id': 1, 'publicity_id': 1, 'letter_id': 1, 'attachment_id': 1, 'sheet': ScoreSheet(id=1),
    'method': 'onsite', 'visited_on': date(2026, 11, 18), 'members': [], 'member': Member(1, '张三'), 'done': '已改正到位', 'done_on': date(2026, 10, 20), 'passed': True, 'item': 'A5.01',
    'key': 'headcount_total', 'data': b'', 'rubric': 'social-public', 'contact': '0000-5550001', 'reported_on': date(2026, 10, 20),
    'published_on': date(2026, 10, 20), 'valid_to': date(2028, 3, 16), 'hand': Hand(1, '李四'), 'changes': {}}
RESTS_ON_MORE = {  # what they read needs more than their own permission
    'registration.documents.roster_record', 'scores.queries.score_table', 'certificates.queries.passed_people', 'certificates.records.certificate_papers',
    'certificates.records.list_record', 'certificates.records.approval_record', 'dashboard.queries.desk', 'scores.documents.summary_record'}


@shows('SEC-01')
def test_a_visitor_may_nothing_that_asks_for_a_permission(posts: dict[Role, int]) -> None:
    with visitor() as work:
        open_to_all = [q.name for q in (*queries(), *operations()) if q.permission and not lacks_permission(q, work, arguments(q))]
    assert open_to_all == []


# ------------------------------------------------------------------ somebody else's rows


def worlds() -> tuple[make.World, make.World, dict[str, dict[str, int]], dict[str, dict[str, int]]]:
    """Two organisations of two centres with a closed and an open batch each; ids by parameter, first of the open batch."""
    both = []
    for n in (1, 2):
        made = make.world(n=n)
        make.batch(made, sizes=(1, 1, 1))
        closed = ids(made)
        make.batch(made, sizes=(1, 1, 1), close=False)
        both.append((made, ids(made), closed))
    (mine, my_open, my_closed), (other, their_open, their_closed) = both
    return mine, other, {'open': my_open, 'closed': my_closed}, {'open': their_open, 'closed': their_closed}


def ids(made: make.World) -> dict[str, int]:
    assert made.batch
    with begin_as(made.people['registrar'], at=make.NOW) as work:
        scan = make.keep_scan(work, b'%PDF-1.7 scan', name='函.pdf')
        found = {
            'batch_id': made.batch.id, 'group_id': groups_of(work, made.batch.id)[0].id, 'candidate_id': candidates_by_ticket(work, made.batch.id)[0].id,
            'sitting_id': sittings_of(work, made.batch.id)[0].id, 'filing_id': made.filing.id, 'person_id': made.people['scorer'], 'scan_id': scan.id, 'file_id': scan.id}
    found |= {'record_id': add(made, 'site', name=f'校区{made.batch.id}'), 'equipment_id': add(made, 'equipment', number=f'C-{made.batch.id}', count='1')}
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        found['application_id'] = start_application(work, way='increment').id if made.org.id not in STARTED else STARTED[made.org.id]
        STARTED[made.org.id] = found['application_id']
    with begin_as(made.people['head'], at=make.NOW) as work:
        post = work.session.exec(select(Post).where(Post.person_id == made.people['scorer'])).one()
        kept = work.session.exec(select(Account).where(Account.person_id == made.people['scorer'])).first()
        account = kept or add_account(work, person_id=made.people['scorer'], login=f'scorer{made.org.id}', password_hash='-')
        version = add_bylaw(work, title=f'制度{made.batch.number}')
        standard = add_standard(work, values={'occupation_code': '4-10-01-03', 'occupation': '保育师', 'name': made.batch.number, 'edition': '2021', 'levels': '5'})
        return found | {'post_id': post.id, 'account_id': account.id, 'bylaw_id': version.bylaw_id, 'version_id': version.id, 'standard_id': standard.id}


STARTED: dict[int, int] = {}  # {organisation: its application}
OPEN_BATCH = {'registration', 'batches.operations.add_sitting', 'batches.operations.discard_sitting', 'batches.operations.change_batch'}


@shows('SEC-01')
def test_a_row_of_another_organisation_is_answered_like_one_that_is_not_there(house_on_sqlite: House) -> None:
    mine, _other, my_ids, their_ids = worlds()
    holders = {role: p for role, p in mine.people.items() if role in set(Role)}
    asked_for, wrong = 0, []
    for operation in (*operations(), *queries()):
        names = [n for n in inspect.signature(operation.call).parameters if n in my_ids['open']]
        permission = operation.permission or DYNAMIC.get(operation.name, {}).get('leader')
        role = next((r for r in holders if permission and may(r, permission) and r not in ('centre_head', 'acceptance_clerk')), None)
        if not names or role is None:
            continue
        own = my_ids['open' if {operation.name, operation.name.split('.')[0]} & OPEN_BATCH else 'closed']
        for name in names:
            answers = []
            for foreign in (their_ids['open'][name], their_ids['closed'][name], 12345):
                given = {k: v for k, v in ARGUMENTS.items() if k in inspect.signature(operation.call).parameters} | {n: own[n] for n in names} | {name: foreign}
                given |= {'outside': True, 'number': 'S000099010009'} if operation.name.endswith('record_filing') else {}
                answers.append(answer(operation, holders[role], given))
            asked_for += 1
            if len(set(answers)) != 1 or answers[0][0] not in ('NotYours', 'nothing'):
                wrong.append((operation.name, name, answers))
    assert wrong == []
    assert asked_for > 35


def answer(operation: Asked, person: int, given: dict[str, Any]) -> tuple[str, str]:
    """Return the kind and sentence of the refusal; 'nothing' for an empty list, with its text."""
    positional = [given.pop(n) for n, p in inspect.signature(operation.call).parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD and n in given]
    try:
        with begin_as(person, at=make.NOW) as work:
            found = operation.call(work, *positional, **given)
            raise ZeroDivisionError
    except Refused as refused:
        return type(refused).__name__, refused.sentence
    except ZeroDivisionError:
        return ('found' if found and found != ([], False) else 'nothing'), str(found)


# ------------------------------------------------------------------ the tables themselves


def test_every_role_has_a_word_and_every_permission_a_holder_and_an_asker() -> None:
    given = {p for held in PERMISSIONS.values() for p in held}
    asked_for = {Permission[n.attr] for floor in ('app', 'pages') for path in (ROOT / floor).rglob('*.py') if path.name != 'access.py'
                 for n in ast.walk(ast.parse(path.read_text(encoding='utf-8')))
                 if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == 'Permission' and n.attr in Permission.__members__}
    assert set(PERMISSIONS) == set(ROLE_WORDS) == set(Role)
    assert set(Permission) - given == set()
    assert set(Permission) - asked_for == set()


@shows('SEC-03')
def test_supervision_reads_and_never_writes_scores() -> None:
    writing = {Permission.SCORES_ENTER, Permission.REGISTRATION_WRITE, Permission.BATCHES_WRITE, Permission.SCORES_REOPEN, Permission.CERTIFICATES_APPROVE}
    assert PERMISSIONS[Role.SUPERVISOR] & writing == set()
    assert may(Role.SUPERVISOR, Permission.SCORES_READ)


def test_a_refusal_names_who_can(posts: dict[Role, int]) -> None:
    with pytest.raises(Refused) as refused, begin_as(posts[Role.SCORER], at=make.NOW) as work:
        give_post(work, person_id=1, role='staff', from_on=make.START)
    assert refused.value.sentence == '您的岗位（成绩录入员）不能办理此事，请由平台管理员、机构负责人、中心主任办理。'


# ------------------------------------------------------------------ pages and plain routes

PLAIN = {  # every plain route, and why it needs no page's permission
    '/ca': 'the authority of this machine', '/ca/dingji-ca.crt': 'its certificate', '/healthz': 'says ok',
    '/files/{file_id:int}': 'own_file asks by what the file belongs to', '/first': 'one-time code of the terminal', '/enrol': 'a sign-in that owes a step', '/second-factor': 'the own one, with the password again',
    '/password': 'a sign-in that owes a step', '/verify': 'public: two of three fields', '/login': 'signing in', '/login/demo': 'demo on 127.0.0.1 only',
    '/logout': 'signing out', '/post': 'own posts only'}


def decorated_pages() -> Iterator[tuple[str, str, ast.Call]]:
    for path in sorted((ROOT / 'pages').rglob('*.py')):
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and ast.unparse(mark.func) in ('page', 'frame.page'):
                        yield path.name, node.name, mark


@shows('SEC-01')
def test_every_page_says_what_it_needs() -> None:
    pages = list(decorated_pages())
    without = [(file, name) for file, name, mark in pages if not any(
        k.arg == 'needs' and isinstance(k.value, ast.Attribute) and k.value.attr in Permission.__members__ for k in mark.keywords)]
    assert without == []
    assert len(pages) >= 15
    addresses = [ast.literal_eval(mark.args[0]) for _, _, mark in pages]
    assert len(set(addresses)) == len(addresses)


def test_screens_are_made_by_the_frame_only() -> None:
    found = {path.name for path in (ROOT / 'pages').rglob('*.py') for node in ast.walk(ast.parse(path.read_text(encoding='utf-8')))
             if isinstance(node, ast.Attribute) and ast.unparse(node) in ('ui.page', 'app.add_route', 'nicegui_app.add_route', 'app.get', 'app.post')}
    assert found == {'frame.py'}


@shows('SEC-01')
def test_every_plain_route_stands_in_the_table() -> None:
    routes = {ast.literal_eval(node.args[0]) for path in (ROOT / 'pages').rglob('*.py') for node in ast.walk(ast.parse(path.read_text(encoding='utf-8')))
              if isinstance(node, ast.Call) and ast.unparse(node.func) in ('Route', 'WebSocketRoute')}
    assert routes == set(PLAIN)
