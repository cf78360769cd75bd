"""Pictures from outside: wherever one comes in, it is kept upright and without where and with what it was taken."""

from __future__ import annotations

import ast
import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from app.assessment.scoring import store_photo
from app.equipment.operations import attach_to_equipment
from app.errors import Refused
from app.files import Scan, file_bytes, keep_stored, store_scan
from app.filing.holdings import add_holding, attach_to_holding
from app.filing.operations import attach_signed, start_application
from app.house import House
from app.outside_sites import operations as outside_sites
from app.personnel.operations import attach_proof, enter
from app.premises.operations import attach_to_premises
from app.words import CHINA
from app.work import Work, begin_as
from db.equipment import Equipment
from db.files import Attachment, StoredFile
from db.premises import Room
from tests import make
from tests.ledger_rows import add
from tests.personnel.make_people import typed

ROOT = Path(__file__).resolve().parent.parent
EARLY = datetime(2026, 9, 28, 9, 0, tzinfo=CHINA)  # the exam is on 2026-10-24
MADE_BY = 'SECRET CAMERA'
Taken = tuple[str, tuple[int, int], tuple[int, int], int, bool]
CLEAN: Taken = ('JPEG', (400, 600), (0, 255), 0, False)  # the dark left edge stands on top


def snapped(kind: str = 'JPEG', size: tuple[int, int] = (600, 400), turned: int = 6) -> bytes:
    """A photo of a telephone held sideways: place, device and comment beside it, its left edge dark."""
    image = Image.new('RGB', size, 'white')
    image.paste('black', (0, 0, size[0] // 6, size[1]))
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = MADE_BY, turned
    exif.get_ifd(0x8825).update({1: 'N', 2: (34.0, 45.0, 12.0), 3: 'E', 4: (113.0, 37.0, 30.0)})
    out = io.BytesIO()
    image.save(out, kind, exif=exif, **({'comment': MADE_BY.encode()} if kind == 'JPEG' else {}))
    return out.getvalue()


def kept(data: bytes) -> Taken:
    """Return what is kept of a picture: kind, size, brightness at top and foot, fields of metadata, whether the device is named anywhere."""
    image = Image.open(io.BytesIO(data))
    grey = image.convert('L')
    top, foot = (int(grey.resize((1, 6), Image.Resampling.BOX).getpixel((0, y))) for y in (0, 5))  # type: ignore[arg-type]
    return str(image.format), image.size, (top, foot), len(image.getexif()), MADE_BY.encode() in data


@pytest.fixture
def made(house_on_sqlite: House) -> make.World:
    """A world with a room, a machine and a batch to come."""
    found = make.world(at=EARLY)
    make.batch(found, sizes=(1, 1, 1), at=EARLY, close=False)
    for ledger in ('site', 'room', 'equipment'):
        add(found, ledger, at=EARLY)
    return found


def entrances(made: make.World) -> dict[str, Callable[[Work, Scan], Attachment]]:
    """What takes a picture in, as its page does: {what: (work, stored picture) → attachment}."""
    assert made.batch
    batch_id, licence = made.batch.id, {'kind': '营业执照', 'number': '9141', 'issuer': '市场监督管理局', 'valid_from': date(2020, 1, 1)}
    return {
        'room': lambda work, scan: attach_to_premises(work, ledger='room', record_id=work.session.exec(select(Room)).one().id, scan=scan, kind='photo'),
        'equipment': lambda work, scan: attach_to_equipment(work, equipment_id=work.session.exec(select(Equipment)).one().id, scan=scan, kind='photo'),
        'expert': lambda work, scan: attach_proof(work, register='experts', row_id=enter(work, register='experts', written=typed('experts')).id, scan=scan, kind='photo'),
        'licence': lambda work, scan: attach_to_holding(
            work, ledger='licence', record_id=add_holding(work, ledger='licence', written=licence).id, scan=scan, kind='licence'),
        'paper of an application': lambda work, scan: attach_signed(
            work, application_id=start_application(work, way='increment').id, scan=scan, kind='F-FILING-INC'),
        'place of another': lambda work, scan: outside_sites.attach_proof(
            work, outside_site_id=outside_sites.start_site(work, batch_id=batch_id, name='北郊农机修配厂').id, scan=scan)}


def test_every_register_keeps_pictures_without_their_metadata_and_upright(made: make.World) -> None:
    scan = store_scan(snapped(), made.org.id, name='现场.jpg')
    found: dict[str, Taken] = {}
    for what, take in entrances(made).items():
        with begin_as(made.people['filing_clerk'], at=EARLY) as work:
            found[what] = kept(file_bytes(work.get(StoredFile, take(work, scan).file_id)))
    assert found == dict.fromkeys(entrances(made), CLEAN)


def test_a_letter_of_a_centre_as_a_picture_is_kept_like_one_of_a_register(made: make.World) -> None:
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        letter = make.keep_scan(work, snapped(), name='备案函.JPG')
        assert (kept(file_bytes(letter)), letter.name) == (CLEAN, '备案函.jpg')


@pytest.mark.parametrize('kind', ['JPEG', 'PNG'])
def test_scans_and_photos_of_assessments_are_cleaned_alike(made: make.World, kind: str) -> None:
    for scan in (store_scan(snapped(kind), made.org.id, name=f'1.{kind}'), store_photo(snapped(kind), made.org.id, name=f'1.{kind}')):
        with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
            assert (kept(file_bytes(keep_stored(work, scan))), scan.name, scan.content_type) == (CLEAN, '1.jpg', 'image/jpeg')


@pytest.mark.parametrize(('side', 'stays'), [((2480, 3508), (2480, 3508)), ((4960, 7016), (2480, 3508))])
def test_a_page_scanned_at_300_dots_an_inch_loses_none_of_them(made: make.World, side: tuple[int, int], stays: tuple[int, int]) -> None:
    scan = store_scan(snapped(size=side, turned=1), made.org.id, name='函.jpg')
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        assert kept(file_bytes(keep_stored(work, scan)))[1] == stays


def test_a_damaged_picture_is_refused_in_words(made: make.World) -> None:
    with pytest.raises(Refused, match='照片“函.jpg”已损坏或不完整，无法打开'):
        store_scan(snapped()[:400], made.org.id, name='函.jpg')


def test_pages_keep_pictures_by_the_way_that_cleans_them_only() -> None:
    """What a page stores as it came is a workbook, a Word paper or a ZIP, read by its own reader."""
    as_it_came = {
        ast.unparse(k.value) for path in (ROOT / 'pages').rglob('*.py') for node in ast.walk(ast.parse(path.read_text(encoding='utf-8')))
        if isinstance(node, ast.Call) and 'store_file' in ast.unparse(node) and not ast.unparse(node).startswith('refusals')
        for k in node.keywords if k.arg == 'content_type'}
    assert as_it_came == {'WORKBOOK', "'application/zip'", 'operations.DOCX'}
