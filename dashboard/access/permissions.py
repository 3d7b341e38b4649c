"""Who may do what: the one table. Roles down, permissions across, and what every door needs to be opened.

A door is a Flask endpoint, a Dash callback (by the prefix of its output's id), a Socket.IO event or an order. What
is not in here is shut for everybody; callbacks/gate.py asks, and a test walks all doors with all roles.
"""

from collections.abc import Mapping
from enum import StrEnum

from dashboard.messages import JOIN, STEER, TSYNC
from dashboard.records import Verb


class Role(StrEnum):
    """What somebody is in the command."""

    WALL = "wall"  # a screen: it can do nothing but look
    OFFICER = "officer"
    COMMANDER = "commander"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    GUEST = "guest"  # anybody, where the demonstration runs: looks, and touches nothing


class Permission(StrEnum):
    """One thing that somebody may do."""

    PUBLIC = "public"  # everybody, signed in or not
    TOKEN = "token"  # nobody by role: the door asks for a token of its own
    MONITORING = "monitoring"  # nobody by role: this machine itself, or the monitoring with its token
    SIGNED_IN = "signed_in"
    SEE_WALL = "see_wall"
    SEE_DUTY = "see_duty"
    SEE_VIDEO = "see_video"
    SEE_AUDIT = "see_audit"
    EXPORT = "export"
    ACT_INCIDENT = "act_incident"
    COMMAND = "command"
    TRIAGE = "triage"
    ACT_CASE = "act_case"
    ACT_ALARM = "act_alarm"
    ANSWER = "answer"
    SHIFT = "shift"
    ROSTERS = "rosters"
    SEE_TRACKS = "see_tracks"  # of single units, with a reason, on the record
    SEE_BRIEFING = "see_briefing"
    KEEP_BRIEFING = "keep_briefing"  # freeze one, and write its notes
    ACCOUNTS = "accounts"  # accounts, sessions and wall screens of others


_P = Permission
_LOOKS = frozenset({_P.PUBLIC, _P.SIGNED_IN, _P.SEE_WALL})
_OFFICER = _LOOKS | {
    _P.SEE_DUTY,
    _P.SEE_VIDEO,
    _P.EXPORT,
    _P.ACT_INCIDENT,
    _P.TRIAGE,
    _P.ACT_CASE,
    _P.ACT_ALARM,
    _P.ANSWER,
    _P.SHIFT,
    _P.SEE_TRACKS,
    _P.SEE_BRIEFING,
}

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.WALL: frozenset({_P.PUBLIC, _P.SEE_WALL}),
    Role.GUEST: frozenset({_P.PUBLIC, _P.SEE_WALL, _P.SEE_DUTY, _P.SEE_BRIEFING}),
    Role.OFFICER: _OFFICER,
    Role.COMMANDER: _OFFICER | {_P.COMMAND, _P.KEEP_BRIEFING},
    Role.LEADER: _LOOKS
    | {
        _P.SEE_DUTY,
        _P.SEE_VIDEO,
        _P.EXPORT,
        _P.ACT_INCIDENT,
        _P.COMMAND,
        _P.ACT_ALARM,
        _P.ANSWER,
        _P.SEE_TRACKS,
        _P.SEE_BRIEFING,
        _P.KEEP_BRIEFING,
    },
    # Who keeps the accounts gives no orders, and who reads the audit does neither (三员分立).
    Role.ADMINISTRATOR: _LOOKS | {_P.ACCOUNTS, _P.ROSTERS},
    Role.AUDITOR: _LOOKS | {_P.SEE_AUDIT, _P.EXPORT},
}

ORDERS: Mapping[Verb, Permission] = {
    Verb.REGISTER: _P.ACT_INCIDENT,
    Verb.ACKNOWLEDGE: _P.ACT_INCIDENT,
    Verb.CLASSIFY: _P.ACT_INCIDENT,
    Verb.DISPATCH: _P.ACT_INCIDENT,
    Verb.STAND_DOWN: _P.ACT_INCIDENT,
    Verb.ARRIVE: _P.ACT_INCIDENT,
    Verb.ASK_UP: _P.ACT_INCIDENT,
    Verb.OFFER: _P.ACT_INCIDENT,
    Verb.ACCEPT: _P.ACT_INCIDENT,
    Verb.DECLINE: _P.ACT_INCIDENT,
    Verb.NOTE: _P.ACT_INCIDENT,
    Verb.REPORT: _P.ACT_INCIDENT,
    Verb.CLOSE: _P.ACT_INCIDENT,
    Verb.REOPEN: _P.ACT_INCIDENT,
    Verb.CLAIM: _P.TRIAGE,
    Verb.RELEASE: _P.TRIAGE,
    Verb.CONFIRM: _P.TRIAGE,
    Verb.MARK_FALSE: _P.TRIAGE,
    Verb.ACKNOWLEDGE_ALARM: _P.ACT_ALARM,
    Verb.SHELVE: _P.ACT_ALARM,
    Verb.APPROVE: _P.ACT_ALARM,
    Verb.UNSHELVE: _P.ACT_ALARM,
    Verb.URGE: _P.ACT_CASE,
    Verb.SUPERVISE: _P.ACT_CASE,
    Verb.HOLD: _P.ACT_CASE,
    Verb.EXTEND: _P.ACT_CASE,
    Verb.CALL_ROLL: _P.COMMAND,
    Verb.ANSWER: _P.ANSWER,
    Verb.HAND_OVER: _P.SHIFT,
    Verb.TAKE_OVER: _P.SHIFT,
    Verb.RETRACT: _P.SIGNED_IN,  # and the permission of what is taken back: only who gave an order takes it back
}

# Screens by name: the page /<name>, and its rooms on the live wire.
SCREENS: Mapping[str, Permission] = {"wall": _P.SEE_WALL, "duty": _P.SEE_DUTY}

ROUTES: Mapping[str, Permission] = {
    "healthz": _P.PUBLIC,
    "readyz": _P.MONITORING,
    "metrics": _P.MONITORING,
    "intake.openapi": _P.PUBLIC,
    "intake.take": _P.TOKEN,
    "intake.push": _P.TOKEN,
    "intake.else": _P.PUBLIC,
    # Dash: its libraries and our assets are the same for everybody; which page it shows is asked of SCREENS.
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": _P.PUBLIC,
    "_dash_assets.static": _P.PUBLIC,
    "/_favicon.ico": _P.PUBLIC,
    "/_dash-layout": _P.SEE_WALL,
    "/_dash-dependencies": _P.SEE_WALL,
    "/_dash-update-component": _P.SEE_WALL,  # and the permission of the callback
    "/_reload-hash": _P.SEE_WALL,
    "/": _P.SEE_WALL,
    "/<path:path>": _P.SEE_WALL,
    "geography": _P.SEE_WALL,
    "loads": _P.SEE_WALL,
    "patrol.map": _P.SEE_WALL,
    "patrol.cells": _P.SEE_DUTY,
    "patrol.units": _P.SEE_TRACKS,
    "timeline": _P.SEE_WALL,  # and of which centre
    "stills": _P.SEE_WALL,
    "exports.cases": _P.EXPORT,
    "video": _P.SEE_VIDEO,
    # signing in and out
    "signin.start": _P.PUBLIC,
    "signin.code": _P.PUBLIC,  # these three ask for the session that the password began
    "signin.enrol": _P.PUBLIC,
    "signin.renew": _P.PUBLIC,
    "signin.setup": _P.PUBLIC,
    "signin.screen": _P.PUBLIC,
    "signin.out": _P.PUBLIC,
    "signin.me": _P.SEE_WALL,
    "signin.active": _P.SEE_WALL,
    "signin.account": _P.SEE_WALL,
    "provider.leave": _P.PUBLIC,
    "provider.back": _P.PUBLIC,
    "duty_report": _P.SEE_DUTY,
    # the weekly briefing
    "briefing.show": _P.SEE_BRIEFING,
    "briefing.rows": _P.SEE_BRIEFING,
    "briefing.freeze": _P.KEEP_BRIEFING,
    "briefing.notes": _P.KEEP_BRIEFING,
    "briefing.export": _P.EXPORT,  # and SEE_BRIEFING
    "briefing.job": _P.SEE_BRIEFING,
    "briefing.file": _P.SEE_BRIEFING,  # and who asked for it
    # the past of an incident, and where units were
    "tracks.ask": _P.SEE_TRACKS,
    "tracks.show": _P.SEE_TRACKS,
    "after_action.ask": _P.SEE_TRACKS,
    "after_action.show": _P.SEE_TRACKS,
    "after_action.pdf": _P.SEE_TRACKS,  # and EXPORT
    "after_action.geojson": _P.SEE_TRACKS,  # and EXPORT
    # the audit trail
    "audit.page": _P.SEE_AUDIT,
    "audit.rows": _P.SEE_AUDIT,
    "audit.verify": _P.SEE_AUDIT,
    "audit.export": _P.SEE_AUDIT,  # and EXPORT
    "orders": _P.SIGNED_IN,  # and the permission of the verb
    # rosters and handovers
    "duty.rosters": _P.SEE_DUTY,
    "duty.import_roster": _P.ROSTERS,
    "duty.undo_roster": _P.ROSTERS,
    "duty.draft": _P.SHIFT,
    "duty.draft_with_notes": _P.SHIFT,
    "duty.handovers": _P.SEE_DUTY,
    "duty.handover": _P.SEE_DUTY,
    # keeping accounts
    "accounts.show": _P.ACCOUNTS,
    "accounts.act": _P.ACCOUNTS,
}

# Pages that people go to, in the order in which they are offered; and where each role's work begins.
PAGES: Mapping[str, Permission] = {
    "/duty": SCREENS["duty"],
    "/wall": SCREENS["wall"],
    "/briefing": ROUTES["briefing.show"],
    "/accounts": ROUTES["accounts.show"],
    "/audit": ROUTES["audit.page"],
}
STARTS: Mapping[Role, str] = {
    Role.WALL: "/wall",
    Role.OFFICER: "/duty",
    Role.COMMANDER: "/duty",
    Role.LEADER: "/duty",
    Role.ADMINISTRATOR: "/accounts",
    Role.AUDITOR: "/audit",
    Role.GUEST: "/wall",
}

EVENTS: Mapping[str, Permission] = {
    "connect": _P.SEE_WALL,
    "disconnect": _P.PUBLIC,
    JOIN: _P.SEE_WALL,  # and the permission of the screen
    STEER: _P.SEE_WALL,  # of a replay, which asked for the permission of its screen
    TSYNC: _P.SEE_WALL,
}

CALLBACKS: Mapping[str, Permission] = {  # by prefix of the output's id
    "page": _P.SEE_WALL,  # and the permission of the screen
    "wall-": _P.SEE_WALL,
    "duty-": _P.SEE_DUTY,
}


def may(role: Role, permission: Permission) -> bool:
    """Whether the table says so."""
    return permission in GRANTS[role]


def may_open(role: Role, path: str) -> bool:
    """Whether a path, with its query, is no page that is shut for a role."""
    needed = PAGES.get(path.partition("?")[0].partition("#")[0].rstrip("/"))
    return needed is None or may(role, needed)


def gives_orders(role: Role) -> bool:
    """Whether a role may give any order: then it needs a second factor."""
    return any(permission in GRANTS[role] for verb, permission in ORDERS.items() if verb is not Verb.RETRACT)
