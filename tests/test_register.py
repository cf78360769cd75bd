"""The register: every id once, every row whole, clauses a person can look up."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from app.register import clause, form, forms, rule, rules

PER_FAMILY = {
    'ORG': 83, 'VIOL': 79, 'INC': 43, 'PERS': 41, 'STAFF': 39, 'EXAM': 36, 'CERT': 35, 'C': 32, 'SCORE': 25, 'PLAN': 24, 'DATA': 21, 'ITEM': 20,
    'ROOM': 18, 'PAPER': 17, 'SUP': 17, 'QMS': 16, 'CONV': 15, 'ELIG': 15, 'OCC': 14, 'REG': 13, 'ARCH': 13, 'VIDEO': 11, 'EQUIP': 11, 'TEV': 10,
    'FEE': 10, 'COMP': 10, 'ANN': 8, 'VAL': 7, 'TICK': 7, 'FIN': 7, 'REP': 7, 'SEC': 6}
WRITTEN = [  # this far the sentences and excerpts go
    *(f'CONV-{n:02}' for n in range(1, 16)), *(f'VAL-{n:02}' for n in range(1, 8)), *(f'C-{n:02}' for n in range(1, 33)), 'SCORE-01', 'SCORE-02',
    *(f'CERT-{n}' for n in (*range(10, 19), *range(20, 25), 35)), 'SEC-01', 'SEC-05', 'SEC-06', 'DATA-14',
    *(name for name in rules() if name.startswith(('ORG-', 'OCC-', 'TEV-')))]


def test_the_register_has_all_710_rules_once() -> None:
    assert len(rules()) == 710
    assert Counter(name.split('-')[0] for name in rules()) == PER_FAMILY


def test_every_rule_says_where_it_holds_what_happens_where_it_stands_and_how_it_is_carried() -> None:
    carrying = re.compile(r'(refused|found|computed|reminded|kept)(, (refused|found|computed|reminded|kept))*|not software: .+')
    places = {'all', 'national', 'henan', 'hunan', 'xinjiang', 'handbook'}
    bad = [r.id for r in rules().values() if not (
        set(r.profile.split(',')) <= places and r.enforcement in ('block', 'warn', 'remind', 'compute', 'ledger')
        and r.section and r.source and r.clause and len(r.text) <= 120 and carrying.fullmatch(r.carrying))]
    assert bad == []


def test_no_clause_holds_english_but_standards_and_ids() -> None:
    latin = re.compile(r'[A-Za-z]{2,}')
    assert [r.id for r in rules().values() if latin.search(re.sub(r'GB \d+|[A-Z]+-[A-Z]?\d+(-\d+)?', '', r.clause))] == []


@pytest.mark.parametrize('rule_id', WRITTEN)
def test_the_rules_of_the_first_issue_have_a_chinese_sentence(rule_id: str) -> None:
    assert re.search('[\u4e00-\u9fff].*。$', rule(rule_id).sentence)


def test_a_rule_gives_its_clause_and_the_words_of_its_source() -> None:
    found = rule('DATA-14')
    assert (found.section, found.profile, found.enforcement, found.source, found.clause, found.text, found.carrying) == (
        '18.4 证书数据', 'national', 'block', '003 A2 二十', '中就培发〔2022〕1号 第二十条',
        '查询证书数据时，应提供证书编码、持证人姓名和证件号码中的两项进行查询。', 'refused')
    assert clause('ORG-44') == '豫职鉴〔2021〕1号 一（一）1、3'


def test_the_register_has_165_forms_in_150_entries() -> None:
    assert len(forms()) == 165
    assert sorted({f.entry for f in forms().values()}) == list(range(1, 151))
    assert Counter(Counter(f.entry for f in forms().values()).values()) == {1: 140, 2: 5, 3: 5}


def test_every_form_has_a_title_a_part_a_status_and_outputs() -> None:
    assert [f.id for f in forms().values() if not (
        re.fullmatch(r'F(-[A-Z0-9]+)+', f.id) and f.title and f.part in 'ABCDEFGHIJK' and f.status in ('SRC', 'LIST', 'named', 'proposed')
        and f.outputs and set(f.outputs) <= {'PDF', 'XLSX', 'DOCX', 'ZIP'} and (not f.builder or re.fullmatch(r'app(\.\w+)+:\w+', f.builder)))] == []


def test_a_form_gives_its_title_outputs_and_builder() -> None:
    found = form('F-CERT-LIST')
    assert (found.title, found.part, found.status, found.outputs, found.builder) == (
        '职业技能等级证书核发名册', 'G', 'named', ('PDF', 'XLSX'), 'app.certificates.documents:issue_list_pdf')


def test_an_unknown_id_is_our_mistake() -> None:
    with pytest.raises(ValueError, match=r'PLAN-99 does not stand in assets/rules\.csv'):
        rule('PLAN-99')
    with pytest.raises(ValueError, match=r'F-NONE does not stand in assets/forms\.csv'):
        form('F-NONE')
