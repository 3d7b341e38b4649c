"""A desk with a little of everything on it."""

from typing import Any

from dashboard import desk
from dashboard.alarms import AlarmKind, AlarmState
from dashboard.command import Answer, RollCall
from dashboard.desk import Task, Want
from dashboard.duty import Handover, Signature
from dashboard.records import Evidence, Level, ReplyState, Tier, Verb
from dashboard.response import Arrived, IncidentState
from dashboard.response.deeds import Deed, Offer, Report, ReportPart, UnitOrder
from dashboard.situation import Situation
from dashboard.video import Gateways
from layouts import duty
from tests.layouts import scenes
from tests.layouts.scenes import HOSTILE, NOW


def sent(unit: str = "YJ-0001", **fields: Any) -> UnitOrder:
    defaults: dict[str, Any] = {"id": f"o-{unit}", "unit": unit, "at": NOW + 5, "go": True, "by": "值班员 李"}
    return UnitOrder(**{**defaults, "centre": "440306", "answer_due_at": NOW + 65, **fields})


def deed(verb: Verb | None = Verb.NOTE, **fields: Any) -> Deed:
    defaults: dict[str, Any] = {"at": NOW + 9, "id": "d1", "verb": verb, "by": "值班员 李", "centre": "440306"}
    return Deed(**{**defaults, **fields})


def incident(number: int = 1, **fields: Any) -> IncidentState:
    """An incident in the midst of it all."""
    community = scenes.baoan().communities[0]
    defaults: dict[str, Any] = {
        "sent": (sent(), sent("FJ-0002", state=ReplyState.DECLINED, reason=HOSTILE), sent("MJ-0003", go=False)),
        "arrivals": (Arrived("YJ-0001", Tier.VOLUNTEER, NOW + 42, Evidence.GEOFENCE, 2.4),),
        "reports": (Report("r1", ReportPart.FIRST, NOW + 60, "值班员 李", "440306", "初报"),),
        "report_due_at": NOW + 1800,
        "offer": Offer("of1", "440306", "值班长 王", community.code, NOW + 30),
        "in_command": community.code,
        "held_by": community.code,
        "deeds": (deed(text=HOSTILE), deed(Verb.DISPATCH, unit="YJ-0001"), deed(retracted=True)),
    }
    return scenes.incident(number, **{**defaults, **fields})


def alarm(number: int = 1, level: Level = Level.III, **fields: Any) -> AlarmState:
    defaults: dict[str, Any] = {"kind": AlarmKind.SENSOR, "subject": f"S{number}", "title": HOSTILE, "raised_at": NOW}
    return AlarmState(**{**defaults, "key": f"sensor/S{number}", "level": level, "rang_at": NOW + number, **fields})


def roll_call(**fields: Any) -> RollCall:
    codes = tuple(centre.code for centre in scenes.baoan().sub_districts)
    answers = {codes[0]: Answer(NOW + 20, "A"), codes[1]: Answer(NOW + 200, "B")}
    defaults: dict[str, Any] = {"id": "R1", "centre": "440306", "by": "值班长 王", "at": NOW, "due_at": NOW + 120}
    return RollCall(**{**defaults, "asked": codes, "answers": answers, **fields})


def handover(**fields: Any) -> Handover:
    gives = Signature(NOW, "值班长 王", "wang")
    defaults: dict[str, Any] = {"id": "H1", "centre": "440306", "at": NOW, "digest": "ab" * 32, "document": "{}"}
    return Handover(**{**defaults, "gives": gives, **fields})


def task(want: Want = Want.ACKNOWLEDGE, subject: str = "cad/I1", **fields: Any) -> Task:
    return Task(**{"want": want, "subject": subject, "level": Level.III, "since": NOW, **fields})


def panels(lang: str = "zh", **fields: Any) -> dict[str, Any]:
    """What a whole console is told."""
    situation = Situation(scenes.baoan())
    situation.response.adopt([incident()])
    situation.command.adopt([roll_call()])
    situation.duty.adopt([handover()])
    seen = scenes.overview(alarms=(alarm(1), alarm(2, Level.I)), **fields)
    console = duty.Console(scenes.baoan(), desk.Cameras(scenes.baoan()), Gateways())
    return console.panels(seen, situation, lang)
