"""The house (design §1): imports point down only, functions import earlier ones only, files stay small and rightly named."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import ORDER

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ('pages', 'app', 'db')  # from the top down
FOLDERS = (*ORDER, 'demo')  # loading the demo story comes after the last function
MAY_LOOK_UP = ('app/main.py', 'app/coverage.py')  # the composition root; the reader of all sources
FORBIDDEN = {'util', 'utils', 'helper', 'helpers', 'common', 'manager', 'managers', 'repository', 'repositories', 'service', 'services'}
HEAVY = {'pandas', 'plotly', 'cv2', 'av', 'fpdf', 'docx', 'scipy', 'xlsxwriter', 'PIL', 'pikepdf', 'pypdfium2', 'pypinyin', 'numpy', 'python_calamine', 'zxingcpp'}
LONGEST = 350
Fault = tuple[str, str]  # file, what is wrong in it


def sources(root: Path, *tops: str) -> Iterator[tuple[str, Path]]:
    """Return (name relative to root, path) of our Python files below the given folders; migrations are written by Alembic."""
    for top in tops:
        for path in sorted((root / top).rglob('*.py')):
            name = path.relative_to(root).as_posix()
            if not name.startswith('db/migrations/versions/'):
                yield name, path


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding='utf-8'))


def imported(node: ast.AST) -> list[str]:
    """Return the dotted names an import statement asks for: `from app import users` asks for app.users."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f'{"." * node.level}{node.module or ""}.{alias.name}' for alias in node.names]
    return []


def imports(path: Path) -> list[str]:
    """Return what a file imports anywhere, also inside functions."""
    return [name for node in ast.walk(tree_of(path)) for name in imported(node)]


def imports_at_start(node: ast.AST) -> Iterator[str]:
    """Return what is imported as soon as the file is: nothing inside functions, nothing for types only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and 'TYPE_CHECKING' in ast.unparse(child.test):
            continue
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from imported(child)
            yield from imports_at_start(child)


def imports_upwards(root: Path) -> list[Fault]:
    return [
        (name, module)
        for name, path in sources(root, *FLOORS) if name != 'app/main.py'
        for module in imports(path)
        if module.startswith('.') or module.split('.')[0] in (*FLOORS[:FLOORS.index(name.split('/')[0])], 'tests')]


def imports_of_later_functions(root: Path) -> list[Fault]:
    """Return imports of a later function, and of any function by a plain file of app/."""
    found = []
    for name, path in sources(root, 'app'):
        own = name.split('/')[1]
        if name in MAY_LOOK_UP:
            continue
        rank = FOLDERS.index(own) if own in FOLDERS else -1
        asked = [module for module in imports(path) if module.startswith('app.') and module.split('.')[1] in FOLDERS]
        found += [(name, module) for module in asked if FOLDERS.index(module.split('.')[1]) > rank]
    return found


def unordered_functions(root: Path) -> list[Fault]:
    return sorted({(f'app/{name.split("/")[1]}', 'not in ORDER') for name, _ in sources(root, 'app')
                   if name.count('/') > 1 and name.split('/')[1] not in FOLDERS})


def pages_that_act_for_others(root: Path) -> list[Fault]:
    """Return uses of begin_as in pages/: it is for jobs, the demo and tests."""
    return [
        (name, 'begin_as') for name, path in sources(root, 'pages') for node in ast.walk(tree_of(path))
        if 'begin_as' in {getattr(node, 'id', ''), getattr(node, 'attr', ''), getattr(node, 'name', '')}]


def labels_through_props(root: Path) -> list[Fault]:
    """Return labels put together inside props(text): a quotation mark or blank in a typed text would begin a property; `props['aria-label'] = …` takes any."""
    return [
        (name, f'line {node.lineno}') for name, path in sources(root, 'pages') for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and getattr(node.func, 'attr', '') == 'props'
        and any(isinstance(part, ast.JoinedStr) and 'aria-label=' in ast.unparse(part) for part in node.args)]


def files_written_in_a_transaction(root: Path) -> list[Fault]:
    """Return uses of keep_file: the bytes of uploads and results go to the disk before the transaction (store_file); the sealed record of a filing is small."""
    allowed = ('app/files.py', 'app/filing/operations.py')
    return [(name, module) for name, path in sources(root, 'app', 'pages') if name not in allowed for module in imports(path) if module == 'app.files.keep_file']


def forbidden_names(root: Path) -> list[Fault]:
    """Return files, folders and classes whose name says nothing about the business."""
    found = []
    for name, path in sources(root, *FLOORS, 'tests'):
        parts = re.split(r'[/_.]', name)
        classes = [node.name for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)]
        words = [*parts, *(word.lower() for c in classes for word in re.findall(r'[A-Z][a-z]+', c))]
        found += [(name, word) for word in words if word in FORBIDDEN]
    return found


def long_files(root: Path) -> list[Fault]:
    """Return files of more than 350 lines that do not begin by saying why: `# long: reason`."""
    found = []
    for name, path in sources(root, *FLOORS, 'tests'):
        lines = path.read_text(encoding='utf-8').splitlines()
        if len(lines) > LONGEST and not re.match(r'# long: \S.{8,}', lines[0]):
            found.append((name, f'{len(lines)} lines'))
    return found


def heavy_at_start(root: Path) -> list[Fault]:
    return [(name, module) for name, path in sources(root, *FLOORS) for module in imports_at_start(tree_of(path)) if module.split('.')[0] in HEAVY]


CHECKS = (imports_upwards, imports_of_later_functions, unordered_functions, pages_that_act_for_others, labels_through_props, files_written_in_a_transaction, forbidden_names, long_files, heavy_at_start)


@pytest.mark.parametrize('check', CHECKS, ids=lambda check: check.__name__)
def test_the_house_has_none_of(check: Callable[[Path], list[Fault]]) -> None:
    assert check(ROOT) == []


def test_every_floor_was_looked_at() -> None:
    assert {name.split('/')[0] for name, _ in sources(ROOT, *FLOORS, 'tests')} == {*FLOORS, 'tests'}


@pytest.mark.parametrize(('check', 'file', 'text', 'fault'), [
    (imports_upwards, 'db/scores.py', 'from app.errors import Refused', 'app.errors.Refused'),
    (imports_upwards, 'app/scores/rules.py', 'def f():\n    import pages.frame', 'pages.frame'),
    (imports_upwards, 'app/work.py', 'from pages import frame', 'pages.frame'),
    (imports_upwards, 'app/work.py', 'from .errors import Refused', '.errors.Refused'),
    (imports_upwards, 'pages/login.py', 'from tests.make import person', 'tests.make.person'),
    (imports_of_later_functions, 'app/batches/rules.py', 'from app.scores.rules import total', 'app.scores.rules.total'),
    (imports_of_later_functions, 'app/batches/rules.py', 'def f():\n    from app import scores', 'app.scores'),
    (imports_of_later_functions, 'app/scores/rules.py', 'from app.demo.load import load', 'app.demo.load.load'),
    (imports_of_later_functions, 'app/work.py', 'from app.users.queries import posts', 'app.users.queries.posts'),
    (unordered_functions, 'app/gossip/rules.py', '', 'not in ORDER'),
    (pages_that_act_for_others, 'pages/scores.py', 'from app.work import begin_as', 'begin_as'),
    (pages_that_act_for_others, 'pages/scores.py', 'import app.work\napp.work.begin_as(1)', 'begin_as'),
    (labels_through_props, 'pages/scores.py', 'x = ui.button().props(f"flat aria-label={name}")', 'line 1'),
    (files_written_in_a_transaction, 'pages/scores.py', 'from app.files import keep_file', 'app.files.keep_file'),
    (files_written_in_a_transaction, 'app/scores/jobs.py', 'def f():\n    from app.files import keep_file', 'app.files.keep_file'),
    (forbidden_names, 'app/scores/date_utils.py', '', 'utils'),
    (forbidden_names, 'pages/common/list.py', '', 'common'),
    (forbidden_names, 'db/scores.py', 'class ScoreRepository: ...', 'repository'),
    (long_files, 'app/work.py', 'x = 1\n' * 351, '351 lines'),
    (long_files, 'app/work.py', '# long:\n' + 'x = 1\n' * 350, '351 lines'),
    (heavy_at_start, 'app/pdf.py', 'import fpdf', 'fpdf'),
    (heavy_at_start, 'app/pdf.py', 'try:\n    from PIL.Image import open\nexcept ImportError: ...', 'PIL.Image.open'),
    (heavy_at_start, 'app/pdf.py', 'class A:\n    import numpy', 'numpy'),
])
def test_a_fault_planted_in_an_empty_house_is_found(
        tmp_path: Path, check: Callable[[Path], list[Fault]], file: str, text: str, fault: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(text, encoding='utf-8')
    assert {what for _, what in check(tmp_path)} == {fault}


@pytest.mark.parametrize(('file', 'text'), [
    ('app/main.py', 'import pages\nfrom app.users import queries\nfrom app.demo.load import load'),
    ('app/scores/rules.py', 'from app.batches.rules import days\nfrom app.scores.totals import total\nfrom app.errors import Refused'),
    ('app/demo/load.py', 'from app.dashboard.queries import home'),
    ('app/pdf.py', 'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import fpdf\ndef f():\n    import fpdf\n    class A:\n        import docx'),
    ('app/work.py', '# long: one idea that reads better whole\n' + 'x = 1\n' * 400),
    ('db/migrations/versions/a_utils.py', 'x = 1\n' * 400),
    ('app/users/commonplace.py', 'class Uncommon: ...'),
])
def test_what_is_allowed_is_not_a_fault(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(text, encoding='utf-8')
    assert [fault for check in CHECKS for fault in check(tmp_path)] == []
