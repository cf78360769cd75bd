"""All findings of an application together."""

from __future__ import annotations

from app.filing.rules import application_findings, step_of, unlifted
from app.filing.ways import WAYS
from app.findings import Finding
from app.regulation import profile, profiles
from tests.filing.made import record, site


def test_an_application_in_order_has_no_findings_in_any_province_and_way() -> None:
    assert [(way, name) for way in WAYS for name in profiles() if application_findings(record(way, profile=name), profile(name))] == []


def test_findings_follow_the_steps_of_the_form() -> None:
    asked = record(
        answers={'basics': {'contact': ''}, 'plan': {'overview': ''}, 'letter': {'seal_sample': '别名'}}, sites=(site(area_dm2=1),), systems=(), ranges=())
    told = application_findings(asked, profile('henan'))
    order = [*WAYS['social'].steps, 'materials']
    places = [order.index(step_of(f)) for f in told]
    assert places == sorted(places) and {'basics', 'ranges', 'rooms', 'systems', 'plan', 'letter', 'materials'} <= {step_of(f) for f in told}


def test_every_finding_names_a_rule_a_place_and_what_to_do() -> None:
    nothing = dict.fromkeys(('licences', 'staff', 'examiners', 'experts', 'seats', 'sites', 'rooms', 'equipment', 'systems', 'safety', 'bylaws', 'standards'), ())
    for way in WAYS:
        for name in profiles():
            for found in application_findings(record(way, profile=name, **nothing).model_copy(update={'answers': {}, 'original': None}), profile(name)):  # type: ignore[arg-type]
                assert found.rule and found.sentence.endswith('。') and step_of(found) in (*WAYS[way].steps, 'materials'), found


def test_what_the_centre_lifted_is_left_out_by_rule_and_place() -> None:
    one, other = Finding('ORG-30', 'warn', 'ranges.1', '一。'), Finding('ORG-30', 'warn', 'ranges.2', '二。')
    assert unlifted([one, other], {('ORG-30', 'ranges.1')}) == [other]
