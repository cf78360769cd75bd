"""Who may do what: role → permissions `function:action`. Pages only hide; every operation asks `work.require`."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What an operation or page asks for."""

    USERS_READ = 'users:read'
    USERS_WRITE = 'users:write'
    VIEWS_SHARE = 'users:share_views'  # saved views of lists, for the whole organisation
    ORGANIZATIONS_READ = 'organizations:read'
    ORGANIZATIONS_WRITE = 'organizations:write'  # a centre: organisations of its regions
    FILINGS_RECORD = 'organizations:record'  # enter a filing, or copy the letter as an outside decision
    FILINGS_CONFIRM = 'organizations:confirm'
    PERSONNEL_READ = 'personnel:read'
    PERSONNEL_WRITE = 'personnel:write'
    PREMISES_READ = 'premises:read'
    PREMISES_WRITE = 'premises:write'
    EQUIPMENT_READ = 'equipment:read'
    EQUIPMENT_WRITE = 'equipment:write'
    BYLAWS_READ = 'bylaws:read'
    BYLAWS_WRITE = 'bylaws:write'
    BYLAWS_APPROVE = 'bylaws:approve'
    FILING_READ = 'filing:read'  # an organisation: its own; a centre: what was handed in
    FILING_WRITE = 'filing:write'  # write the application
    FILING_HAND_IN = 'filing:hand_in'
    FILING_CONFIRM = 'filing:confirm'  # second person of an outside decision
    FILING_ACCEPT = 'filing:accept'  # a centre: accept, ask for correction, refuse
    FILING_LIFT = 'filing:lift'  # a centre: lift a block with a reason
    ASSESSMENT_READ = 'assessment:read'
    ASSESSMENT_ARRANGE = 'assessment:arrange'  # panel, conclusion, publicity, letter draft
    ASSESSMENT_SCORE = 'assessment:score'
    ASSESSMENT_SIGN_LETTER = 'assessment:sign_letter'
    BATCHES_READ = 'batches:read'
    BATCHES_WRITE = 'batches:write'
    OUTSIDE_SITES_READ = 'outside_sites:read'  # an organisation: its own; a centre: what was handed in
    OUTSIDE_SITES_WRITE = 'outside_sites:write'  # write, hand in, withdraw, copy a centre's letter
    OUTSIDE_SITES_CONFIRM = 'outside_sites:confirm'  # second person of a copied letter
    OUTSIDE_SITES_DECIDE = 'outside_sites:decide'  # a centre: its opinion
    REGISTRATION_READ = 'registration:read'
    REGISTRATION_WRITE = 'registration:write'
    REGISTRATION_REVEAL = 'registration:reveal'
    SCORES_READ = 'scores:read'
    SCORES_ENTER = 'scores:enter'
    SCORES_SIGN_LEADER = 'scores:sign_leader'
    SCORES_SIGN_RECORDER = 'scores:sign_recorder'
    SCORES_SIGN_SUPERVISOR = 'scores:sign_supervisor'
    SCORES_SIGN_EXAM_AFFAIRS = 'scores:sign_exam_affairs'
    SCORES_REOPEN = 'scores:reopen'
    SCORES_PUBLICIZE = 'scores:publicize'
    CERTIFICATES_READ = 'certificates:read'
    CERTIFICATES_APPROVE = 'certificates:approve'
    CERTIFICATES_COUNTERS = 'certificates:counters'
    CERTIFICATES_ISSUE = 'certificates:issue'
    CERTIFICATES_PRINT = 'certificates:print'
    AUDIT_READ = 'audit:read'
    SETTINGS_READ = 'settings:read'
    HELP_READ = 'help:read'


class Role(StrEnum):
    """What a post makes of a person."""

    PLATFORM_ADMIN = 'platform_admin'
    HEAD = 'head'
    EXAM_AFFAIRS = 'exam_affairs'
    REGISTRAR = 'registrar'
    SCORER = 'scorer'
    LEADER = 'leader'
    RECORDER = 'recorder'
    SUPERVISOR = 'supervisor'
    CERTIFICATE_CLERK = 'certificate_clerk'
    FILING_CLERK = 'filing_clerk'
    STAFF = 'staff'
    CENTRE_HEAD = 'centre_head'
    ACCEPTANCE_CLERK = 'acceptance_clerk'
    DATA_REVIEWER = 'data_reviewer'
    CENTRE_STAFF = 'centre_staff'
    ASSESSOR = 'assessor'


P = Permission
_EVERYBODY = frozenset({P.SETTINGS_READ, P.HELP_READ})
_REGISTERS = frozenset({P.PERSONNEL_READ, P.PREMISES_READ, P.EQUIPMENT_READ, P.BYLAWS_READ})
_KEEPS = frozenset({P.PERSONNEL_WRITE, P.PREMISES_WRITE, P.EQUIPMENT_WRITE, P.BYLAWS_WRITE})
_ORG = _EVERYBODY | _REGISTERS | {P.ORGANIZATIONS_READ, P.BATCHES_READ}
_CENTRE = _EVERYBODY | {P.ORGANIZATIONS_READ, P.BATCHES_READ}
_DESK = frozenset({P.FILING_READ, P.ASSESSMENT_READ})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PLATFORM_ADMIN: _EVERYBODY | {P.USERS_READ, P.USERS_WRITE, P.ORGANIZATIONS_READ, P.ORGANIZATIONS_WRITE, P.FILINGS_RECORD, P.AUDIT_READ},
    Role.HEAD: _ORG | _KEEPS | {
        P.BYLAWS_APPROVE, P.OUTSIDE_SITES_READ, P.OUTSIDE_SITES_CONFIRM, P.FILING_READ, P.FILING_HAND_IN, P.FILING_CONFIRM, P.ASSESSMENT_READ, P.USERS_READ, P.USERS_WRITE, P.VIEWS_SHARE, P.FILINGS_CONFIRM, P.REGISTRATION_READ, P.SCORES_READ, P.SCORES_REOPEN, P.CERTIFICATES_READ,
        P.CERTIFICATES_APPROVE, P.CERTIFICATES_PRINT, P.AUDIT_READ},
    Role.EXAM_AFFAIRS: _ORG | {
        P.VIEWS_SHARE, P.EQUIPMENT_WRITE, P.PREMISES_WRITE, P.BYLAWS_WRITE, P.BATCHES_WRITE, P.OUTSIDE_SITES_READ, P.REGISTRATION_READ, P.REGISTRATION_WRITE, P.REGISTRATION_REVEAL, P.SCORES_READ, P.SCORES_SIGN_EXAM_AFFAIRS,
        P.SCORES_PUBLICIZE, P.CERTIFICATES_READ},
    Role.REGISTRAR: _ORG | {P.BATCHES_WRITE, P.REGISTRATION_READ, P.REGISTRATION_WRITE, P.REGISTRATION_REVEAL, P.SCORES_READ, P.SCORES_ENTER},
    Role.SCORER: _ORG | {P.REGISTRATION_READ, P.SCORES_READ, P.SCORES_ENTER},
    Role.LEADER: _ORG | {P.REGISTRATION_READ, P.SCORES_READ, P.SCORES_SIGN_LEADER},
    Role.RECORDER: _ORG | {P.REGISTRATION_READ, P.SCORES_READ, P.SCORES_SIGN_RECORDER},
    Role.SUPERVISOR: _ORG | {P.REGISTRATION_READ, P.SCORES_READ, P.SCORES_SIGN_SUPERVISOR},  # reads, never writes scores (SEC-03)
    Role.CERTIFICATE_CLERK: _ORG | {
        P.REGISTRATION_READ, P.SCORES_READ, P.CERTIFICATES_READ, P.CERTIFICATES_COUNTERS, P.CERTIFICATES_ISSUE, P.CERTIFICATES_PRINT},
    Role.FILING_CLERK: _ORG | _KEEPS | {P.OUTSIDE_SITES_READ, P.OUTSIDE_SITES_WRITE, P.FILINGS_RECORD, P.FILING_READ, P.FILING_WRITE, P.FILING_HAND_IN, P.ASSESSMENT_READ},
    Role.STAFF: _ORG,
    Role.CENTRE_HEAD: _CENTRE | _DESK | {
        P.OUTSIDE_SITES_READ, P.OUTSIDE_SITES_DECIDE, P.FILING_ACCEPT, P.FILING_LIFT, P.ASSESSMENT_ARRANGE, P.ASSESSMENT_SIGN_LETTER, P.USERS_READ, P.USERS_WRITE, P.VIEWS_SHARE, P.ORGANIZATIONS_WRITE, P.FILINGS_CONFIRM, P.AUDIT_READ},
    Role.ACCEPTANCE_CLERK: _CENTRE | _DESK | {P.OUTSIDE_SITES_READ, P.OUTSIDE_SITES_DECIDE, P.ORGANIZATIONS_WRITE, P.FILINGS_RECORD, P.FILING_ACCEPT, P.ASSESSMENT_ARRANGE},
    Role.DATA_REVIEWER: _CENTRE | {P.CERTIFICATES_READ},
    Role.CENTRE_STAFF: _CENTRE,
    Role.ASSESSOR: _CENTRE | _DESK | {P.ASSESSMENT_SCORE},
}

SECOND_FACTOR = frozenset({Role.HEAD, Role.CERTIFICATE_CLERK, Role.PLATFORM_ADMIN, Role.CENTRE_HEAD, Role.ACCEPTANCE_CLERK, Role.DATA_REVIEWER, Role.ASSESSOR})
CENTRE_ROLES = frozenset({Role.CENTRE_HEAD, Role.ACCEPTANCE_CLERK, Role.DATA_REVIEWER, Role.CENTRE_STAFF, Role.ASSESSOR})

ROLE_WORDS = {
    Role.PLATFORM_ADMIN: '平台管理员', Role.HEAD: '机构负责人', Role.EXAM_AFFAIRS: '考务负责人', Role.REGISTRAR: '报名与资格审核员', Role.SCORER: '成绩录入员',
    Role.LEADER: '考评组长', Role.RECORDER: '汇总记分员', Role.SUPERVISOR: '内部质量督导员', Role.CERTIFICATE_CLERK: '证书管理员', Role.FILING_CLERK: '备案联系人',
    Role.STAFF: '工作人员', Role.CENTRE_HEAD: '中心主任', Role.ACCEPTANCE_CLERK: '备案受理员', Role.DATA_REVIEWER: '证书数据审核员', Role.CENTRE_STAFF: '中心工作人员', Role.ASSESSOR: '评估专家',
}


def may(role: str, permission: Permission) -> bool:
    """Return whether a post of this role carries the permission (SEC-01)."""
    return permission in PERMISSIONS[Role(role)]


def roles_with(permission: Permission) -> list[Role]:
    """Return the roles that carry a permission: refusals name who can do it."""
    return [r for r, given in PERMISSIONS.items() if permission in given]
