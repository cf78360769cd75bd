"""Written text, names, phones, mails, forbidden words and scores (forms.md §0.3, CONV-12)."""

from __future__ import annotations

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import checks
from app.checks import (
    Score,
    check_email,
    check_long,
    check_name,
    check_phone,
    check_text,
    check_written,
    forbidden_word_findings,
    read_score,
    read_score_or_mark,
    same_name,
)
from app.errors import Refused
from app.words import score_text
from tests.shows import shows

PROMISES = ('包过', '保过', '包获证')
NAMES = ('中华人民共和国', '中国', '国家', '人力资源社会保障部门', '职业技能鉴定中心')

# ------------------------------------------------------------------ texts


def test_a_line_is_trimmed_and_invisible_marks_are_dropped() -> None:
    assert check_text('单位名称', ' \u3000云朵\u200b幼儿园\ufeff ', 20) == '云朵幼儿园'


@pytest.mark.parametrize(
    ('text', 'said'),
    [('', '还没有填写'), (' \u3000\u200b ', '还没有填写'), ('甲\n乙', '只能写一行'), ('甲\x00乙', '控制字符'), ('甲\uffff乙', '控制字符'), ('甲\u2028乙', '只能写一行'), ('甲' * 21, '最多20个字，现有21个字')],
)
def test_a_line_that_cannot_be_kept_is_refused_by_its_label(text: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_text('单位名称', text, 20)
    assert refusal.value.sentence.startswith('“单位名称”')
    assert said in refusal.value.sentence


def test_an_optional_line_may_be_empty_and_a_full_one_fits() -> None:
    assert check_text('备注', '  ', 20, required=False) == ''
    assert check_text('备注', '甲' * 20, 20) == '甲' * 20


def test_no_printable_sign_is_one_that_a_line_drops_or_refuses() -> None:
    unwanted = {*checks._ZERO_WIDTH} | {code for code in range(0x110000) if category(chr(code)) in checks._CONTROL}
    assert [chr(code) for code in unwanted if chr(code).isprintable()] == []


def test_paragraphs_keep_their_lines() -> None:
    assert check_long('意见', ' 第一段\r\n\t第二段\r第三段 \n', 100) == '第一段\n\t第二段\n第三段'


@pytest.mark.parametrize(('text', 'said'), [(' \n ', '还没有填写'), ('甲\x07乙', '控制字符'), ('甲' * 101, '最多100个字')])
def test_paragraphs_that_cannot_be_kept_are_refused(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        check_long('意见', text, 100)


def test_an_empty_optional_paragraph_is_kept_empty() -> None:
    assert check_long('意见', '\n', 100, required=False) == ''


def test_a_reason_needs_letters_not_only_punctuation() -> None:
    assert check_written('理由', ' 设备故障。', 4) == '设备故障。'
    with pytest.raises(Refused, match='至少写4个字（标点不算），现有0个字'):
        check_written('理由', '。。。。!!!!', 4)
    with pytest.raises(Refused, match='现有3个字'):
        check_written('理由', '无，其他', 4)


# ------------------------------------------------------------------ names, phones, mails


@pytest.mark.parametrize(
    ('typed', 'kept'),
    [
        ('买买提•吐尔逊', '买买提·吐尔逊'),
        ('买买提‧吐尔逊', '买买提·吐尔逊'),
        ('买买提・吐尔逊', '买买提·吐尔逊'),
        ('买买提.吐尔逊', '买买提·吐尔逊'),
        ('买买提·吐尔逊', '买买提·吐尔逊'),
        (' 陈\u3000癸酉 ', '陈 癸酉'),
        ('Anna  Li', 'Anna Li'),
        ('乙', '乙'),
        ('甲' * 50, '甲' * 50),
    ],
)
def test_names_are_kept_with_one_kind_of_dot(typed: str, kept: str) -> None:
    assert check_name('姓名', typed) == kept


@pytest.mark.parametrize('text', ['', ' ', '甲' * 51, '123', '··', '甲\n乙', '甲' * 300])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(Refused, match='姓名'):
        check_name('姓名', text)


def test_names_are_compared_without_blanks_and_shapes_of_the_dot() -> None:
    assert same_name('陈 癸酉', '陈癸酉')
    assert same_name('买买提•吐尔逊', '买买提·吐尔逊')
    assert not same_name('陈癸酉', '陈癸西')


@pytest.mark.parametrize(
    ('typed', 'kept'),
    [('13800000000', '13800000000'), (' 138-0000-0000', '13800000000'), ('１３８00000000', '13800000000'), ('0371-65900000', '0371-65900000'), ('0106590000', '0106590000')],
)
def test_mobiles_and_landlines_are_accepted(typed: str, kept: str) -> None:
    assert check_phone('联系电话', typed) == kept


@pytest.mark.parametrize('text', ['', '12800000000', '1380000000', '138000000000', '65900000', '371-65900000', '0371--65900000', '1380000000a'])
def test_other_phones_are_refused(text: str) -> None:
    with pytest.raises(Refused, match='11位手机号码，或带区号的座机号码'):
        check_phone('联系电话', text)


@pytest.mark.parametrize('text', ['a@b.cn', 'first.last+x@mail.example.com', '张三@mail.example.com'])
def test_mail_addresses_are_accepted(text: str) -> None:
    assert check_email('邮箱', f' {text} ') == text


@pytest.mark.parametrize('text', ['a.b.cn', 'a@b', 'a@@b.cn', 'a@b@c.cn', 'a b@c.cn', '@b.cn', 'a@.cn', 'a@b..cn', 'a@-b.cn', 'a' * 250 + '@b.cn'])
def test_other_mail_addresses_are_refused(text: str) -> None:
    with pytest.raises(Refused, match='邮箱'):
        check_email('邮箱', text)


# ------------------------------------------------------------------ forbidden words


@shows('ORG-101', 'ORG-102')
def test_each_forbidden_word_of_a_notice_is_named() -> None:
    found = forbidden_word_findings('国家认可，报名即保证包 过！', promises=PROMISES, names=NAMES, subject='公告')
    assert [(f.rule, f.severity, f.subject) for f in found] == [('ORG-101', 'warn', '公告'), ('ORG-102', 'warn', '公告')]
    assert '有“包过”' in found[0].sentence
    assert '有“国家”' in found[1].sentence


@shows('ORG-101', 'ORG-102')
def test_a_plain_notice_has_no_findings() -> None:
    assert forbidden_word_findings('报名时间为9月7日至9月18日。', promises=PROMISES, names=NAMES, subject='公告') == []


# ------------------------------------------------------------------ scores


@pytest.mark.parametrize(('text', 'tenths'), [('59.9', 599), ('60', 600), ('0', 0), ('100', 1000), ('100.0', 1000), (' ８５．５ ', 855), ('007.5', 75)])
@shows('CONV-12')
def test_scores_are_read_as_whole_tenths(text: str, tenths: int) -> None:
    assert read_score('理论成绩', text, full=100) == tenths


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        ('', '还没有填写，没有参加考试的请填写“缺考”'),
        ('  ', '还没有填写'),
        ('100.5', '应在0至100分之间，现为“100.5”'),
        ('101', '应在0至100分之间'),
        ('-1', '不能是负数，现为“-1”'),
        ('－1', '不能是负数'),
        ('九十', '应填写数字成绩（如85.5），现为“九十”'),
        ('85.55', '最多一位小数，现为“85.55”'),
        ('59.96', '最多一位小数'),
        ('85分', '应填写数字成绩'),
        ('1e2', '应填写数字成绩'),
        ('8²', '应填写数字成绩'),
        ('85.', '应填写数字成绩'),
        ('9' * 5000, '应填写数字成绩'),
    ],
)
@shows('CONV-12')
def test_a_score_that_is_none_is_refused_in_a_clear_sentence(text: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_score('理论成绩', text, full=100)
    assert refusal.value.rule == 'CONV-12'
    assert refusal.value.sentence.startswith('“理论成绩”')
    assert said in refusal.value.sentence
    assert len(refusal.value.sentence) < 80


def test_the_full_score_is_the_limit() -> None:
    assert read_score('理论成绩', '120', full=120) == 1200
    with pytest.raises(Refused, match='应在0至120分之间'):
        read_score('理论成绩', '120.1', full=120)


@given(st.integers(0, 1000))
@shows('CONV-12')
def test_every_score_reads_back_from_its_print(tenths: int) -> None:
    assert read_score('理论成绩', score_text(tenths), full=100) == tenths


@pytest.mark.parametrize(
    ('text', 'score'),
    [
        ('66.5', Score(665, None)),
        ('缺考', Score(None, 'absent')),
        (' 缺 考 ', Score(None, 'absent')),
        ('违纪取消', Score(None, 'cancelled')),
        ('取消', Score(None, 'cancelled')),
        ('免考', Score(None, 'exempt')),
        ('免考（成绩保留）', Score(None, 'exempt')),
    ],
)
def test_a_mark_stands_instead_of_a_score_and_is_not_zero(text: str, score: Score) -> None:
    assert read_score_or_mark('理论成绩', text, full=100) == score


def test_another_word_is_no_mark() -> None:
    with pytest.raises(Refused, match='应填写数字成绩'):
        read_score_or_mark('理论成绩', '弃考', full=100)


@given(st.text(max_size=60))
def test_any_text_is_kept_or_refused(text: str) -> None:
    for check in (check_name, check_phone, check_email, lambda label, t: check_text(label, t, 20), lambda label, t: read_score(label, t, full=100)):
        try:
            check('某项', text)
        except Refused as refusal:
            assert '“某项”' in refusal.sentence
