"""Builders of good and of hostile upload files; each returns bytes, nothing hostile lies in the repository.

The person in them comes from the demo.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter
from PIL import Image

HEADS = ('姓名', '证件号码', '出生日期', '理论成绩')
NAME, ID = '赵甲子', '990101199112031381'


def workbook(rows: Sequence[Sequence[Any]], *, more: Callable[[Any, Any], None] = lambda book, sheet: None, name: str = '名册') -> bytes:
    """Return an .xlsx of one sheet; texts stay texts, numbers numbers; `more` may add what it likes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False})
    sheet = book.add_worksheet(name)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            (sheet.write_string if isinstance(cell, str) else sheet.write)(at, column, cell)
    more(book, sheet)
    book.close()
    return out.getvalue()


def roster(*rows: Sequence[Any]) -> bytes:
    """Return a workbook with the usual heads over these rows."""
    return workbook([HEADS, *rows])


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Return the ZIP with one part added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info))
        new.writestr(name, content)
    return out.getvalue()


def with_sheet_xml(cells: str) -> bytes:
    """Return a workbook whose sheet is these rows of XML."""
    main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
    return with_part(roster(), 'xl/worksheets/sheet1.xml', f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'.encode())


def cell_xml(address: str) -> str:
    """Return a row of one number at an address such as XFD1048576."""
    digits = ''.join(sign for sign in address if sign.isdigit())
    return f'<row r="{digits}"><c r="{address}"><v>1</v></c></row>'


def million_empty_rows() -> bytes:
    return with_sheet_xml(''.join(f'<row r="{number}"/>' for number in range(1, 1_000_001)))


def far_cell_under_another_name() -> bytes:
    """A cell in XFD1048576 of a sheet that lies where nobody looks, written with single quotes."""
    data = roster()
    rels = zipfile.ZipFile(io.BytesIO(data)).read('xl/_rels/workbook.xml.rels')
    sheet = zipfile.ZipFile(io.BytesIO(with_sheet_xml(cell_xml('XFD1048576')))).read('xl/worksheets/sheet1.xml')
    data = with_part(data, 'xl/media/image1.png', sheet.replace(b'"XFD1048576"', b"'XFD1048576'"))
    return with_part(data, 'xl/_rels/workbook.xml.rels', rels.replace(b'worksheets/sheet1.xml', b'media/image1.png'))


def cells_without_addresses() -> bytes:
    """30,000 rows that state no address: only the reader itself can count them."""
    return with_sheet_xml('<row><c><v>1</v></c></row>' * 30_000)


def long_text_in_every_cell() -> bytes:
    """2,000 × 100 cells that all show one text of 30,000 characters: harmless to look at, 18 GB when read."""
    letters = [chr(65 + at) if at < 26 else chr(64 + at // 26) + chr(65 + at % 26) for at in range(100)]
    cells = ''.join(f'<row r="{row}">' + ''.join(f'<c r="{letter}{row}" t="s"><v>0</v></c>' for letter in letters) + '</row>' for row in range(1, 2001))
    text = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + '长' * 30_000 + '</t></si></sst>'
    return with_part(with_sheet_xml(cells), 'xl/sharedStrings.xml', text.encode())


def zip_bomb() -> bytes:
    return with_part(roster(), 'xl/media/image1.png', bytes(50 << 20))


def zip_bomb_of_many_parts() -> bytes:
    """Each part shrinks less than a hundredfold; the sum is over the limit."""
    noise = random.Random(3).randbytes(100_000)
    out = io.BytesIO(roster())
    with zipfile.ZipFile(out, 'a', zipfile.ZIP_DEFLATED) as packed:
        for number in range(60):
            packed.writestr(f'xl/media/{number}.bin', noise[number:] + bytes(1_900_000))
    return out.getvalue()


def zip_bomb_with_lying_directory() -> bytes:
    """A part of 50 MB whose directory entry and local header state 1,000 bytes."""
    return with_part(roster(), 'xl/media/image1.png', bytes(50 << 20)).replace(struct.pack('<L', 50 << 20), struct.pack('<L', 1000))


def part_longer_than_stated() -> bytes:
    """A part of 123,457 bytes, stated as 1,000: two readers may see two different parts."""
    noise = random.Random(11).randbytes(123_457)
    return with_part(roster(), 'xl/media/image1.png', noise).replace(struct.pack('<L', len(noise)), struct.pack('<L', 1000))


def thousand_parts() -> bytes:
    out = io.BytesIO(roster())
    with zipfile.ZipFile(out, 'a') as packed:
        for number in range(1001):
            packed.writestr(f'xl/media/{number}', b'')
    return out.getvalue()


def long_directory() -> bytes:
    """A ZIP of 40,000 empty entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as packed:
        for number in range(40_000):
            packed.writestr(f'{number}.jpg', b'')
    return out.getvalue()


def doubled_part() -> bytes:
    """Two parts of one name: two readers may see two different sheets."""
    out = io.BytesIO(roster())
    with zipfile.ZipFile(out, 'a') as packed:
        info = zipfile.ZipInfo('xl/worksheets/sheet9.xml')
        packed.writestr(info, b'<worksheet/>')
    return out.getvalue().replace(b'sheet9.xml', b'sheet1.xml')


def encrypted_zip(data: bytes) -> bytes:
    """Return the ZIP with the encryption flag set in every header."""
    changed = bytearray(data)
    for mark, offset in ((b'PK\3\4', 6), (b'PK\1\2', 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(mark, at + 1)
    return bytes(changed)


def ole(name: str, stream: bytes) -> bytes:
    """Return an OLE container with one stream: what old .xls files and password-protected .xlsx files are."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b'\0')
    sectors = len(stream) // 512
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    header = b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(16) + struct.pack('<5H', 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack('<9L', 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack('<109L', 0, *[0xFFFFFFFF] * 108)

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = title.encode('utf-16-le')
        links = struct.pack('<HBB3L', len(text) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return text.ljust(64, b'\0') + links + bytes(36) + struct.pack('<LQ', start, size)

    directory = entry('Root Entry', 5, 1, 0xFFFFFFFE, 0) + entry(name, 2, 0xFFFFFFFF, 2, len(stream)) + bytes(256)
    return header + struct.pack(f'<{len(fat)}L', *fat).ljust(512, b'\xff') + directory + stream


def old_xls(rows: Sequence[Sequence[str | float]], *, locked: bool = False) -> bytes:
    """Return a BIFF8 .xls with one sheet; `locked` puts the record of a password in front."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack('<HH', kind, len(body)) + body

    def wide(text: str) -> bytes:
        return b'\1' + text.encode('utf-16-le')

    body = record(0x0809, struct.pack('<4HLL', 0x0600, 0x0010, 0, 0, 0, 0))
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack('<3H', at, column, 0)
            if isinstance(cell, str):
                body += record(0x0204, place + struct.pack('<H', len(cell)) + wide(cell))
            else:
                body += record(0x0203, place + struct.pack('<d', cell))
    body += record(0x000A, b'')
    start = record(0x0809, struct.pack('<4HLL', 0x0600, 0x0005, 0, 0, 0, 0)) + (record(0x002F, b'\1\0' + bytes(52)) if locked else b'')
    sheet_name = '名册'
    offset = len(start) + 4 + 8 + 2 * len(sheet_name) + 4
    bound = record(0x0085, struct.pack('<LBBBB', offset, 0, 0, len(sheet_name), 1) + sheet_name.encode('utf-16-le'))
    return ole('Workbook', start + bound + record(0x000A, b'') + body)


def portrait(width: int = 826, height: int = 1158, *, ground: str = 'white', kind: str = 'JPEG', mode: str = 'RGB', **options: Any) -> bytes:
    """Return a picture with a head and shoulders, noisy enough to weigh what photos weigh."""
    image = Image.new('RGB', (width, height), ground)
    noise = Image.frombytes('L', (97, 131), random.Random(7).randbytes(97 * 131)).resize((width // 2, height * 2 // 3)).convert('RGB')
    image.paste(noise, (width // 4, height // 3))
    out = io.BytesIO()
    image.convert(mode).save(out, kind, **options)
    return out.getvalue()


def noise_photo() -> bytes:
    """The heaviest picture of its size."""
    image = Image.frombytes('RGB', (413, 579), random.Random(5).randbytes(413 * 579 * 3))
    out = io.BytesIO()
    image.save(out, 'PNG')
    return out.getvalue()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack('>L', len(body)) + kind + body + struct.pack('>L', zlib.crc32(kind + body))


def huge_png_header(width: int = 20_000, height: int = 20_000) -> bytes:
    """A PNG of a few bytes that states 20,000 × 20,000 pixels."""
    header = struct.pack('>LLBBBBB', width, height, 8, 2, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + png_chunk(b'IHDR', header) + png_chunk(b'IDAT', zlib.compress(bytes(1000))) + png_chunk(b'IEND', b'')


def huge_jpeg_header(width: int = 20_000, height: int = 20_000) -> bytes:
    """A small JPEG whose frame states 20,000 × 20,000 pixels."""
    data = bytearray(portrait())
    at = data.index(b'\xff\xc0') + 5
    data[at:at + 4] = struct.pack('>HH', height, width)
    return bytes(data)


def text_bomb_png() -> bytes:
    """A PNG with a compressed text chunk of 200 MB."""
    header = struct.pack('>LLBBBBB', 1, 1, 8, 2, 0, 0, 0)
    text = b'Comment\0\0' + zlib.compress(bytes(200 << 20), 9)
    return b'\x89PNG\r\n\x1a\n' + png_chunk(b'IHDR', header) + png_chunk(b'zTXt', text) + png_chunk(b'IDAT', zlib.compress(bytes(4))) + png_chunk(b'IEND', b'')


def animated(kind: str) -> bytes:
    """Return an animated PNG or GIF of two frames, or an MPO (a JPEG of two pictures)."""
    frames = [Image.new('RGB', (413, 579), colour) for colour in ('white', 'red')]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def huge_exif_jpeg() -> bytes:
    """A JPEG with twenty EXIF blocks of 64 KB, each with a directory that points outside."""
    data = portrait()
    block = b'Exif\0\0II*\0\x08\0\0\0' + struct.pack('<H', 5000) + random.Random(9).randbytes(60_000)
    return data[:2] + (b'\xff\xe1' + struct.pack('>H', len(block) + 2) + block) * 20 + data[2:]


def photo_zip(files: Sequence[tuple[str | bytes, bytes]], *, link: str = '') -> bytes:
    """Return a ZIP of stored files, folders and all; a name given as bytes has no UTF-8 flag, `link` adds a symbolic link."""
    entries = [(name.encode() if isinstance(name, str) else name, isinstance(name, str), body, 0) for name, body in files]
    if link:
        entries.append((link.encode(), True, b'/etc/passwd', 0o120777 << 16))
    out, directory = io.BytesIO(), b''
    for name, flagged, body, attributes in entries:
        common = struct.pack('<5H3L2H', 20, 0x800 if flagged else 0, 0, 0, 33, zlib.crc32(body), len(body), len(body), len(name), 0)
        directory += b'PK\1\2' + struct.pack('<H', 0x0314) + common + struct.pack('<3H2L', 0, 0, 0, attributes, out.tell()) + name
        out.write(b'PK\3\4' + common + name + body)
    start = out.tell()
    out.write(directory + b'PK\5\6' + struct.pack('<4H2LH', 0, 0, len(entries), len(entries), len(directory), start, 0))
    return out.getvalue()
