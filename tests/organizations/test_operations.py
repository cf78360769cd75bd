"""Registering organisations, recording and confirming filings, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from app.access import Role
from app.codes import credit_code
from app.errors import Changed, NotYours, Refused
from app.house import House
from app.organizations.operations import change_org, confirm_filing, record_filing, register_org
from app.organizations.queries import check_filed, count_organizations, filing_in_force, filings_of, organizations
from app.organizations.rules import Range
from app.users.operations import give_post
from app.work import begin_as
from db.organizations import FiledRange, Filing, Org
from tests import make
from tests.shows import shows

NURSE = Range('4-10-01-03', '保育师', '', (5, 4, 3))


def card(n: int = 50, **change: Any) -> dict[str, Any]:
    return {'name': f'明川市第{n}学校（演示）', 'kind': 'social_training_org', 'credit_code': credit_code(f'52990105MA97{n:04d}0'), 'region': '990103', 'profile': 'demo'} | change


def letter(**change: Any) -> dict[str, Any]:
    return {'number': 'S000099010055', 'letter_no': '明人社函〔2026〕5号', 'letter_on': date(2026, 3, 2), 'valid_from': date(2026, 3, 2), 'ranges': [NURSE],
            'issuer': '明川市人力资源和社会保障局（演示）'} | change


def register(made: make.World, **change: Any) -> Org:
    with begin_as(made.people['centre_head'], at=make.NOW) as work:
        return register_org(work, **card(**change))


def record(made: make.World, org: Org | None = None, by: str = 'acceptance_clerk', **change: Any) -> Filing:
    with begin_as(made.people[by], org_id=(org or made.org).id, at=make.NOW) as work:
        return record_filing(work, **letter(**change))


def confirm(made: make.World, filing: Filing, by: str = 'centre_head') -> Filing:
    with begin_as(made.people[by], org_id=filing.org_id, at=make.NOW) as work:
        return confirm_filing(work, filing_id=filing.id)


def scan(made: make.World, by: str = 'filing_clerk') -> int:
    with begin_as(made.people[by], at=make.NOW) as work:
        return make.keep_scan(work, b'%PDF-1.7 letter', name='备案函.pdf').id


def filings(made: make.World, org: Org | None = None) -> list[tuple[str, str]]:
    with begin_as(made.people['centre_head'], org_id=(org or made.org).id, at=make.NOW, reads=True) as work:
        return [(p.filing.number, p.filing.state) for p in filings_of(work)]


# ------------------------------------------------------------------ organisations


@pytest.mark.parametrize('change', [{'short_name': '简' * 21}, {'address': '路' * 201}, {'address': '一号\n二号'}], ids=['short name', 'address', 'two lines'])
def test_what_no_column_holds_is_refused_with_a_sentence(house_on_sqlite: House, change: dict[str, str]) -> None:
    made = make.world()
    with pytest.raises(Refused, match='最多|只能写一行'):
        register(made, n=50, **change)
    with pytest.raises(Refused, match='“依据文件”最多200个字'):
        record(made, basis='据' * 201)


@shows('VAL-03')
def test_an_organisation_is_registered_once_also_where_nobody_sees_it(both: House) -> None:
    made = make.world()
    kept = register(made, n=50)
    assert (kept.name, kept.region, kept.credit_code) == ('明川市第50学校（演示）', '990103', card()['credit_code'])
    far = make.org(60, kind='employer', region='880101', name='外省机构（演示）')
    make.first_person(far, '远方', make.number(800), Role.HEAD)
    for change in ({'n': 50}, {'n': 51, 'name': kept.name}, {'n': 52, 'credit_code': kept.credit_code}, {'n': 53, 'name': far.name}, {'n': 54, 'credit_code': far.credit_code}):
        with pytest.raises(Refused, match='已登记') as refused:
            register(made, **change)
        assert refused.value.rule == 'VAL-03'


@pytest.mark.parametrize(('change', 'rule'), [
    ({'region': '990201'}, 'SEC-01'), ({'region': '99010'}, ''), ({'kind': 'centre'}, 'ORG-26'), ({'credit_code': '52990105MA9700500X'}, 'VAL-03'),
    ({'profile': 'atlantis'}, ''), ({'name': '  '}, ''), ({'phone': '12'}, '')])
@shows('SEC-01', 'VAL-03', 'ORG-26')
def test_a_card_that_cannot_be_right_is_not_kept(house_on_sqlite: House, change: dict[str, Any], rule: str) -> None:
    made = make.world()
    with pytest.raises(Refused) as refused:
        register(made, **change)
    assert refused.value.rule == rule
    with begin_as(made.people['centre_head'], at=make.NOW, reads=True) as work:
        assert len(organizations(work)[0]) == 2


@shows('ORG-98')
def test_the_name_on_certificates_is_not_changed_with_a_field(both: House) -> None:
    made = make.world()
    for column in ('name', 'credit_code', 'region', 'kind', 'profile'):
        with pytest.raises(Refused, match='请由鉴定中心办理变更') as refused, begin_as(made.people['filing_clerk'], at=make.NOW) as work:
            change_org(work, column=column, shown='', new='新名称')
        assert refused.value.rule == 'ORG-98'


def test_a_field_is_saved_from_what_was_shown_and_never_over_another_hand(both: House) -> None:
    made = make.world()
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        assert change_org(work, column='phone', shown='', new='０３７１-65900000')
    with pytest.raises(Changed, match='“电话”已由.*备案联系人.*改为“0371-65900000”'), begin_as(made.people['centre_head'], org_id=made.org.id, at=make.NOW) as work:
        change_org(work, column='phone', shown='', new='13900000001')
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        assert not change_org(work, column='phone', shown='', new='0371-65900000')
        assert work.org.phone == '0371-65900000'


# ------------------------------------------------------------------ filings


@shows('ORG-80', 'ORG-90', 'CONV-07')
def test_the_centre_gives_a_filing_and_a_second_person_puts_it_into_force(both: House) -> None:
    made = make.world()
    org = register(made)
    filing = record(made, org)
    assert (filing.state, filing.valid_to, filing.outside) == ('proposed', date(2029, 3, 1), False)
    with pytest.raises(Refused, match='没有已确认的备案') as none_yet, begin_as(made.people['centre_head'], org_id=org.id, at=make.NOW, reads=True) as work:
        filing_in_force(work)
    assert none_yet.value.rule == 'ORG-90'
    done = confirm(made, filing)
    assert (done.state, done.confirmed_by_id) == ('in_force', made.people['centre_head'])
    with begin_as(made.people['centre_head'], org_id=org.id, at=make.NOW, reads=True) as work:
        assert filing_in_force(work).id == filing.id
        assert check_filed(work, filing.id, '4-10-01-03', '', 5, work.today).levels == (5, 4, 3)
    with pytest.raises(Refused, match='不能“确认备案函”'):
        confirm(made, filing)


@shows('ORG-80')
def test_who_recorded_a_filing_does_not_confirm_it_in_another_post(both: House) -> None:
    made = make.world()
    with begin_as(made.people['centre_head'], at=make.NOW) as work:
        give_post(work, person_id=made.people['acceptance_clerk'], role=Role.CENTRE_HEAD, from_on=make.START)
    filing = record(made)
    with pytest.raises(Refused, match='须由另一人办理') as refused, begin_as(made.people['acceptance_clerk'], role=Role.CENTRE_HEAD, org_id=made.org.id, at=make.NOW) as work:
        confirm_filing(work, filing_id=filing.id)
    assert (refused.value.rule, filings(made)[0]) == ('ORG-80', ('S000099010055', 'proposed'))


@shows('ORG-80')
def test_an_organisation_cannot_make_up_its_own_number(both: House) -> None:
    made = make.world()
    with pytest.raises(Refused, match='机构不能自编') as refused:
        record(made, by='filing_clerk')
    assert refused.value.rule == 'ORG-80'
    with pytest.raises(Refused, match='须上传备案函扫描件') as unproved:
        record(made, by='filing_clerk', outside=True)
    assert (unproved.value.rule, len(filings(made))) == ('ORG-80', 1)


@shows('ORG-80')
def test_a_letter_of_a_centre_outside_is_copied_with_its_scan_and_confirmed_by_a_second_person(both: House) -> None:
    made = make.world()
    with begin_as(made.people['head'], at=make.NOW) as work:
        give_post(work, person_id=made.people['head'], role=Role.FILING_CLERK, from_on=make.START)
    scan_id = scan(made)
    with begin_as(made.people['head'], role=Role.FILING_CLERK, at=make.NOW) as work:
        own = record_filing(work, **letter(outside=True, scan_id=scan_id))
    with pytest.raises(Refused, match='须由另一人办理'):
        confirm(made, own, 'head')
    other = record(made, by='filing_clerk', outside=True, scan_id=scan_id, number='S000099010056')
    assert confirm(made, other, 'head').state == 'in_force'
    inside = record(made, number='S000099010057')
    with pytest.raises(Refused, match='须由中心的另一人确认') as refused:
        confirm(made, inside, 'head')
    assert refused.value.rule == 'ORG-80'


def test_another_organisations_scan_proves_nothing(house_on_sqlite: House) -> None:
    made = make.world()
    foreign = scan(made, 'centre_head')
    with pytest.raises(NotYours):
        record(made, by='filing_clerk', outside=True, scan_id=foreign)


@pytest.mark.parametrize(('kind', 'audience', 'right', 'wrong', 'rule'), [
    ('employer', '', 'Y000099010055', 'S000099010055', 'CERT-10'), ('employer', '', 'Y000099018055', 'Y000099019055', 'CERT-14'),
    ('social_training_org', '', 'S000099010055', 'Y000099010055', 'CERT-10'),
    ('technical_school', 'own_students', 'Y000099019055', 'Y000099018055', 'CERT-14'),
    ('technical_school', 'society', 'S000099010055', 'Y000099019055', 'CERT-10')])
@shows('ORG-81', 'ORG-82', 'ORG-84', 'CERT-10', 'CERT-14')
def test_a_number_fits_the_kind_of_organisation(house_on_sqlite: House, kind: str, audience: str, right: str, wrong: str, rule: str) -> None:
    made = make.world()
    org = register(made, kind=kind)
    with pytest.raises(Refused) as refused:
        record(made, org, number=wrong, audience=audience)
    assert refused.value.rule == rule
    assert record(made, org, number=right.lower(), audience=audience).number == right


@shows('ORG-83')
def test_a_technical_school_of_xinjiang_has_s_and_a_nine(house_on_sqlite: House) -> None:
    made = make.world()
    org = register(made, kind='technical_school', profile='xinjiang')
    for number, rule in (('Y000065019055', 'CERT-10'), ('S000065018055', 'CERT-14')):
        with pytest.raises(Refused) as refused:
            record(made, org, number=number, audience='own_students', valid_to=date(2029, 3, 1))
        assert refused.value.rule == rule
    assert record(made, org, number='S000065019055', audience='own_students', valid_to=date(2029, 3, 1)).number == 'S000065019055'


@shows('ORG-82')
def test_a_technical_school_says_whom_it_evaluates_and_others_do_not(house_on_sqlite: House) -> None:
    made = make.world()
    school, hunan = register(made, kind='technical_school'), register(made, n=51, kind='technical_school', profile='hunan')
    for org, audience, said in ((school, '', '技工院校须说明评价对象'), (made.org, 'society', '其他机构不填此项'), (hunan, 'own_students', '没有规定技工院校评价这类对象')):
        with pytest.raises(Refused, match=said) as refused:
            record(made, org, audience=audience, number='S000099010055')
        assert refused.value.rule == 'ORG-82'


@pytest.mark.parametrize(('change', 'rule', 'said'), [
    ({'letter_on': date(2026, 10, 21)}, 'ORG-90', '晚于今天'), ({'valid_to': date(2026, 3, 1)}, 'ORG-90', '早于起始日期'),
    ({'number': 'S000088010055'}, 'CERT-12', '本省代码“99”'), ({'number': 'S000099020055'}, 'CERT-13', '不在本省地市代码表中'),
    ({'number': 'S00009901005'}, 'CERT-10', '应为13位'), ({'number': 'S000099010000'}, 'CERT-15', '001至999'), ({'letter_no': ' '}, '', '发文字号'),
    ({'ranges': []}, 'OCC-14', '至少要有一行'), ({'ranges': [Range('6-18-01-01', '车工', '', (4,))]}, 'OCC-07', '按工种备案'),
    ({'ranges': [Range('2-01-01-01', '工程师', '', (4,))]}, 'OCC-01', '第2大类'), ({'ranges': [Range('4-10-01-03', '保育师', '', (2,))]}, 'OCC-08', '没有2级')])
@shows('ORG-90', 'OCC-01', 'OCC-07', 'OCC-08', 'OCC-14', 'CERT-12', 'CERT-13', 'CERT-15')
def test_a_letter_that_cannot_be_right_is_not_kept(house_on_sqlite: House, change: dict[str, Any], rule: str, said: str) -> None:
    made = make.world()
    with pytest.raises(Refused, match=said) as refused:
        record(made, **change)
    assert (refused.value.rule, len(filings(made))) == (rule, 1)


@shows('ORG-80')
def test_a_filing_number_is_given_once_in_the_whole_installation(both: House) -> None:
    made = make.world()
    org = register(made)
    record(made, org)
    for other in (org, made.org):
        with pytest.raises(Refused, match='已登记，一个备案号只属于一个备案') as refused:
            record(made, other)
        assert refused.value.rule == 'ORG-80'


@shows('OCC-05', 'CONV-14')
def test_an_occupation_nobody_listed_is_filed_with_a_written_reason_only(both: House) -> None:
    made = make.world()
    rows = [Range('6-99-01-01', '新职业', '', (5, 4))]
    for reason in ('', '新增', '   '):
        with pytest.raises(Refused, match='有1项提醒尚未说明理由') as refused:
            record(made, ranges=rows, reason=reason)
        assert refused.value.rule == 'OCC-05'
    filing = record(made, ranges=rows, reason='2026年新增职业，大典尚未收录')
    with begin_as(made.people['centre_head'], at=make.NOW, reads=True) as work:
        assert [(r.occupation, r.levels) for r in work.session.exec(select(FiledRange).where(FiledRange.filing_id == filing.id))] == [('新职业', [5, 4])]


def test_the_term_printed_in_the_letter_counts(house_on_sqlite: House) -> None:
    made = make.world()
    assert record(made, valid_to=date(2027, 3, 1)).valid_to == date(2027, 3, 1)


def test_codes_typed_in_full_width_are_kept_as_codes(house_on_sqlite: House) -> None:
    made = make.world()
    filing = record(made, ranges=[Range('４-１０-０１-０３', '保育师', '', (5,))])
    confirm(made, filing)
    with begin_as(made.people['centre_head'], org_id=made.org.id, at=make.NOW, reads=True) as work:
        assert check_filed(work, filing.id, '4-10-01-03', '', 5, work.today).occupation_code == '4-10-01-03'


def test_of_two_filings_the_one_that_holds_today_counts(both: House) -> None:
    made = make.world()
    later = record(made, valid_from=date(2028, 3, 17))
    confirm(made, later)
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert filing_in_force(work).id == made.filing.id
    with pytest.raises(Refused, match='不在备案有效期'), begin_as(made.people['head'], at=make.NOW.replace(year=2032), reads=True) as work:
        filing_in_force(work)


def test_a_centre_counts_finds_and_orders_its_organisations(both: House) -> None:
    made = make.world()
    kept = register(made)
    with begin_as(made.people['centre_head'], at=make.NOW, reads=True) as work:
        found = {sort: [o.credit_code for o in organizations(work, sort=sort)[0]] for sort in ('credit_code', '-credit_code')}
        counts = [count_organizations(work, limit, **asked) for limit, asked in ((0, {}), (2, {}), (9, {'kind': kept.kind}), (9, {'find': kept.name}))]
    codes = sorted(o.credit_code for o in (made.centre, made.org, kept))
    assert (found, counts) == ({'credit_code': codes, '-credit_code': codes[::-1]}, [3, 2, sum(o.kind == kept.kind for o in (made.org, kept)), 1])
