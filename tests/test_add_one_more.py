# long: the toys stand beside the recipes that they follow
"""The three recipes of README.md, each followed once for a toy in a copy of the house: 档案借阅 (loans), 借阅单, 玩具省.

What the toy touched must be exactly what the recipe lists, and the house's own tests must then pass in the copy.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns('__pycache__', 'browser', 'bench', 'manual', '示例照片.zip')
CHECKED = (  # of the house's own tests, those that a wrong or forgotten step would fail; on two cores at a time
    ('test_floors.py', 'test_access.py', 'test_states.py', 'test_migrations.py', 'test_regulation.py', 'users/test_history.py'),
    ('test_register.py', 'test_coverage.py', 'loans'))
COVERAGE = 'import sys; from app.coverage import main; sys.exit(main())'
MIGRATION = "from db.migrate import make; make('loans', 'sqlite:///build/empty.db')"
PROVINCE = """
import json
from app.regulation import check_profiles, compare, profile, profiles
check_profiles()
line = next(row for row in compare(['national', 'toyland']) if row.path == 'scores.publicity_working_days')
print(json.dumps([profile('toyland').label, 'toyland' in profiles(), line.differs, [leaf.shown for leaf in line.leaves], line.leaves[1].origin_layer]))
"""
pytestmark = pytest.mark.skipif(os.name == 'nt', reason='the copy borrows .venv by a link')

FUNCTION = {
    'db/loans.py': '''
        """Files of the archive that are lent out."""

        from __future__ import annotations

        from datetime import date

        from sqlmodel import Field

        from db.base import Owned


        class Loan(Owned, table=True):
            """One file in somebody's hands."""

            title: str = Field(max_length=100)
            borrower: str = Field(max_length=50)
            lent_on: date
            renewals: int = 0
            state: str = Field(default='lent', max_length=20, index=True)
        ''',
    'app/loans/__init__.py': '',
    'app/loans/rules.py': '''
        """How often a loan may be renewed."""

        from __future__ import annotations

        from app.errors import Refused
        from app.figures_results import Archives


        def check_renewal(renewals: int, figures: Archives) -> None:
            """Refuse one renewal more than the profile allows (ARCH-10)."""
            most = figures.loan.renewals.value
            if most is not None and renewals >= most:
                raise Refused(f'已续借{renewals}次，不能再续，请先归还。', rule='ARCH-10')
        ''',
    'app/loans/queries.py': '''
        """What is lent out."""

        from __future__ import annotations

        from sqlmodel import col, select

        from app.access import Permission
        from app.work import Work
        from db.loans import Loan


        def loans(work: Work) -> list[Loan]:
            """Return the loans in scope, newest first."""
            work.require(Permission.LOANS_READ)
            return list(work.session.exec(select(Loan).order_by(col(Loan.id).desc())))
        ''',
    'app/loans/operations.py': '''
        """Lending, renewing, taking back."""

        from __future__ import annotations

        from app.access import Permission
        from app.checks import check_name, check_text
        from app.loans.rules import check_renewal
        from app.work import Work
        from db.loans import Loan


        def lend_file(work: Work, *, title: str, borrower: str) -> Loan:
            """Give a file out."""
            work.require(Permission.LOANS_WRITE)
            loan = work.make(Loan, title=check_text('案卷', title, 100), borrower=check_name('借阅人', borrower), lent_on=work.today)
            work.keep('loan.lend', loan)
            return loan


        def renew_loan(work: Work, *, loan_id: int) -> Loan:
            """Let a file stay out longer. raises Refused (ARCH-10)"""
            work.require(Permission.LOANS_WRITE)
            loan = work.get(Loan, loan_id, lock=True)
            check_renewal(loan.renewals, work.profile.archives)
            loan.renewals += 1
            work.keep('loan.renew', loan)
            return loan


        def return_file(work: Work, *, loan_id: int) -> Loan:
            """Take a file back, once."""
            work.require(Permission.LOANS_WRITE)
            loan = work.get(Loan, loan_id, lock=True)
            work.move(loan, 'loan.return')
            work.keep('loan.return', loan)
            return loan
        ''',
    'pages/loans.py': '''
        """档案借阅: what is lent out."""

        from __future__ import annotations

        from app.access import Permission
        from app.actors import Actor
        from app.loans.queries import loans
        from app.states import state_word
        from app.work import look
        from pages.frame import page
        from pages.parts.tables import table


        @page('/loans', title='档案借阅', needs=Permission.LOANS_READ)
        def loan_list(me: Actor) -> None:
            """Every loan, newest first."""
            with look(me) as work:
                rows = loans(work)
            table('档案借阅', ('案卷', '借阅人', '借出日期', '状态'), [
                (row.title, row.borrower, f'{row.lent_on}', state_word('loan', row.state)) for row in rows], empty='没有借出的档案。')
        ''',
    'tests/loans/test_rules.py': '''
        import pytest

        from app.errors import Refused
        from app.loans.rules import check_renewal
        from app.regulation import profile
        from tests.shows import shows


        @shows('ARCH-10')
        def test_a_third_renewal_is_refused() -> None:
            figures = profile('henan', 'handbook').archives
            check_renewal(1, figures)
            with pytest.raises(Refused, match='已续借2次'):
                check_renewal(2, figures)


        def test_without_a_figure_there_is_no_limit() -> None:
            check_renewal(99, profile('henan').archives)
        ''',
    'tests/loans/test_operations.py': '''
        import pytest

        from app.errors import Refused
        from app.house import House
        from app.loans.operations import lend_file, renew_loan, return_file
        from app.loans.queries import loans
        from app.work import begin_as
        from tests.make import NOW, world


        def test_a_file_is_lent_renewed_and_returned_once(both: House) -> None:
            registrar = world().people['registrar']
            with begin_as(registrar, at=NOW) as work:
                loan = lend_file(work, title='2026-003 卷一', borrower='张三')
            with begin_as(registrar, at=NOW) as work:
                renew_loan(work, loan_id=loan.id)
                return_file(work, loan_id=loan.id)
            with begin_as(registrar, at=NOW) as work:
                assert [(row.renewals, row.state) for row in loans(work)] == [(1, 'returned')]
                with pytest.raises(Refused, match='当前状态是“已归还”，不能“登记归还”'):
                    return_file(work, loan_id=loan.id)
        ''',
    'tests/loans/test_page.py': '''
        import json
        from pathlib import Path

        from tests.serving import elements_of, served


        def test_the_page_and_its_menu_entry_are_for_who_may_read(tmp_path: Path) -> None:
            with served(tmp_path) as server:
                with server.signed_in('zhang.chunfen') as client:
                    shown = json.dumps(elements_of(client.get('/loans').text), ensure_ascii=False)
                with server.signed_in('ge.dahan') as client:
                    refused = client.get('/loans')
            assert shown.count('档案借阅') >= 2 and '>档案借阅<' in shown and '没有借出的档案。' in shown
            assert refused.status_code == 404
        ''',
}
FUNCTION_LINES = (  # file, what stands there now, what is put before it
    ('app/__init__.py', "'dashboard',\n)", "'loans', "),
    ('db/tables.py', '    organizations,\n', '    loans,\n'),
    ('db/tables.py', 'users, organizations, personnel', 'loans, '),
    ('app/access.py', "    AUDIT_READ = 'audit:read'", "    LOANS_READ = 'loans:read'\n    LOANS_WRITE = 'loans:write'\n"),
    ('app/access.py', 'P.BATCHES_WRITE, P.REGISTRATION_READ, P.REGISTRATION_WRITE, P.REGISTRATION_REVEAL, P.SCORES_READ, P.SCORES_ENTER',
     'P.LOANS_READ, P.LOANS_WRITE, '),
    ('app/states.py', ')}\n\nWORDS', "    Move('loan.return', 'loan', ('lent',), 'returned', '登记归还'),\n"),
    ('app/states.py', "    'batch': {'preparing'", "    'loan': {'lent': '借出', 'returned': '已归还'},\n"),
    ('app/users/history.py', "'job.cancel'", "'loan.lend': '借出档案', 'loan.renew': '续借档案', "),
    ('pages/menu.py', "    Entry('任务'", "    Entry('档案借阅', '/loans', 'menu_book', Permission.LOANS_READ),\n"),
    ('app/main.py', "'jobs', 'audit', 'settings'", "'loans', "),
    ('tests/test_access.py', "'group_id': 1, 'candidate_id': 1", "'loan_id': 1, 'borrower': '张三', "),
    ('tests/test_states.py', '    from db.organizations import Filing, FilingEnd\n', '    from db.loans import Loan\n'),
    ('tests/test_states.py', '    assert {m.__tablename__: m.model_fields', '    tables = (*tables, Loan)\n'))
FORM = {
    'app/loans/documents.py': '''
        """借阅单."""

        from __future__ import annotations

        from dataclasses import dataclass
        from datetime import date

        from app.pdf import Paper
        from app.words import paper_date


        @dataclass(frozen=True, slots=True)
        class Slip:
            """What the slip says."""

            title: str
            borrower: str
            lent_on: date


        def slip_pdf(slip: Slip) -> bytes:
            """Return F-ARCH-SLIP; the same slip gives the same bytes."""
            return Paper('档案借阅单', form='F-ARCH-SLIP').rows([
                ('案卷', slip.title), ('借阅人', slip.borrower), ('借出日期', paper_date(slip.lent_on))]).to_bytes()
        ''',
    'tests/loans/test_documents.py': '''
        from datetime import date

        from app.loans.documents import Slip, slip_pdf
        from tests.papers.read import in_order, text_of
        from tests.shows import shows


        @shows('F-ARCH-SLIP')
        def test_the_slip_prints_its_labels_and_values() -> None:
            pdf = slip_pdf(Slip('2026-003 卷一', '张三', date(2026, 11, 23)))
            assert in_order(text_of(pdf), ['档案借阅单', '案卷', '2026-003 卷一', '借阅人', '张三', '借出日期', '2026年11月23日']) == []
            assert pdf == slip_pdf(Slip('2026-003 卷一', '张三', date(2026, 11, 23)))
        ''',
}
FORM_LINES = (
    ('assets/forms.csv', 'F-ARCH-DESTROY,', 'F-ARCH-SLIP,档案借阅单,138,K,proposed,PDF,app.loans.documents:slip_pdf\n'),
    ('pages/loans.py', 'from app.access', 'from functools import partial\n\n'),
    ('pages/loans.py', 'from app.loans.queries', 'from app.loans.documents import Slip, slip_pdf\n'),
    ('pages/loans.py', 'from pages.parts.tables', 'from pages.parts.documents import Paper, documents\n'),
    ('pages/loans.py', "    table('档案借阅'", '''\
    documents([Paper('F-ARCH-SLIP', f'档案借阅单 {row.title}', {'PDF': partial(slip_pdf, Slip(row.title, row.borrower, row.lent_on))})
               for row in rows], bundle_name='档案借阅单')
'''))
FORM_COUNTS = (
    ('tests/test_register.py', 'len(forms()) == 165', 'len(forms()) == 166'), ('tests/test_register.py', '{1: 140, 2: 5,', '{1: 139, 2: 6,'),
    ('tests/test_coverage.py', '/165', '/166'))
TOYLAND = """\
label: 玩具省
extends: national
province_code: '98'

scores:
  publicity_working_days: {value: 8, enforcement: block, rule: SCORE-19, because: 玩具省第1号文件}
"""
PROVINCE_LINES = (
    ('tests/test_regulation.py', "'xinjiang')\n", "'toyland', "),
    ('tests/test_regulation.py', "'national': ('', None)}", "'toyland': ('98', None), "))


@dataclass(frozen=True)
class Added:
    """The copy with all three toys; what each touched; what the copy's tests and coverage then said."""

    root: Path
    touched: dict[str, set[str]]
    tests: tuple[subprocess.CompletedProcess[str], ...]
    coverage: str


@pytest.fixture(scope='module')
def added(tmp_path_factory: pytest.TempPathFactory) -> Added:
    """Follow the three recipes one after the other in a copy of the house."""
    root = tmp_path_factory.mktemp('house')
    for name in ('app', 'db', 'pages', 'assets', 'tests'):
        shutil.copytree(ROOT / name, root / name, ignore=LEFT_OUT)
    for name in ('.pytest.ini', 'requirements.txt', 'requirements.lock'):
        shutil.copy(ROOT / name, root)
    (root / 'assets' / 'manual').mkdir()
    (root / '.venv').symlink_to(sys.prefix)
    touched, before = {}, hashes(root)
    for title, follow in {'function': add_function, 'form': add_form, 'province': add_province}.items():
        follow(root)
        after = hashes(root)
        touched[title] = {name for name in after if after[name] != before.get(name)}
        before = after
    pytests = [('-m', 'pytest', '-p', 'no:cacheprovider', '-k', 'not postgres', *(f'tests/{name}' for name in names)) for names in CHECKED]
    with ThreadPoolExecutor() as at_once:
        *tests, coverage = at_once.map(lambda args: call(root, *args), [*pytests, ('-c', COVERAGE)])
    return Added(root, touched, tuple(tests), coverage.stdout)


@pytest.mark.parametrize(('kind', 'names'), [
    ('function', {'<function>': 'loans', '<number>': '0002'}), ('form', {'<function>': 'loans'}), ('province', {'<province>': 'toyland'})])
def test_a_toy_touches_exactly_the_files_that_the_recipe_lists(added: Added, kind: str, names: dict[str, str]) -> None:
    newest = max(path.name[:4] for path in (ROOT / 'db/migrations/versions').glob('[0-9]*.py'))
    listed = recipe(kind)
    for placeholder, name in (names | {'<number>': f'{int(newest) + 1:04d}'}).items():
        listed = [path.replace(placeholder, name) for path in listed]
    assert sorted(listed) == sorted(added.touched[kind])


def test_the_house_with_the_toys_passes_its_own_tests(added: Added) -> None:
    for run in added.tests:
        assert run.returncode == 0, run.stdout[-6000:]
        assert re.search(r'\d{2,} passed', run.stdout)


def test_coverage_shows_the_rule_and_the_form_of_the_toy_with_their_tests(added: Added) -> None:
    assert re.search(r'ARCH-10\b.*tests/loans/test_rules\.py:\d+::test_a_third_renewal_is_refused', added.coverage)
    assert re.search(r'F-ARCH-SLIP\b.*tests/loans/test_documents\.py:\d+::test_the_slip_prints_its_labels_and_values', added.coverage)


def test_the_toy_province_loads_is_offered_and_compared(added: Added) -> None:
    assert json.loads(call(added.root, '-c', PROVINCE).stdout) == ['玩具省', True, True, ['5', '8'], 'toyland']


def test_a_key_that_no_model_knows_stops_the_start_with_file_and_line(added: Added, tmp_path: Path) -> None:
    root = tmp_path / 'assets' / 'regulations'
    shutil.copytree(added.root / 'assets' / 'regulations', root)
    (root / 'toyland.yaml').write_text(TOYLAND.replace('publicity_working_days', 'publicity_days'), encoding='utf-8')
    said = call(added.root, '-c', f'from pathlib import Path; from app.regulation import check_profiles; check_profiles(Path({str(root)!r}))')
    assert 'ValueError: assets/regulations/toyland.yaml:6: scores.publicity_days: unknown key' in said.stdout


def recipe(kind: str) -> list[str]:
    """Return the files that README.md lists under “One more …”, in order."""
    found = re.search(rf'^### One more {kind}$(.*?)(?=^##|\Z)', (ROOT / 'README.md').read_text(encoding='utf-8'), re.M | re.S)
    assert found, f'README.md has no recipe for one more {kind}'
    return re.findall(r'^\d+\. `([^`]+)`', found[1], re.M)


def add_function(root: Path) -> None:
    write(root, FUNCTION)
    put(root, FUNCTION_LINES)
    (root / 'build').mkdir()
    made = call(root, '-c', MIGRATION)
    assert made.returncode == 0, made.stdout


def add_form(root: Path) -> None:
    write(root, FORM)
    put(root, FORM_LINES)
    for name, now, new in FORM_COUNTS:
        replace(root / name, now, new)


def add_province(root: Path) -> None:
    (root / 'assets' / 'regulations' / 'toyland.yaml').write_text(TOYLAND, encoding='utf-8')
    put(root, PROVINCE_LINES)
    noted = call(root, '-c', 'from app.checked import note_check; note_check()')
    assert noted.returncode == 0, noted.stdout


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(re.sub(r'^ {8}', '', text.strip(' \n') + '\n' if text else '', flags=re.M), encoding='utf-8')


def put(root: Path, lines: tuple[tuple[str, str, str], ...]) -> None:
    for name, now, new in lines:
        replace(root / name, now, new + now)


def replace(file: Path, now: str, new: str) -> None:
    text = file.read_text(encoding='utf-8')
    assert text.count(now) == 1, f'{file.name} has {now!r} {text.count(now)} times'
    file.write_text(text.replace(now, new), encoding='utf-8')


def hashes(root: Path) -> dict[str, str]:
    """Return {file: hash} of the copy, without what Git would leave out."""
    kept = (path for top in ('app', 'db', 'pages', 'assets', 'tests') for path in (root / top).rglob('*') if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept if '__pycache__' not in path.parts}


def call(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy; what it says is in stdout."""
    return subprocess.run([sys.executable, *args], cwd=root, encoding='utf-8', stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=900)
