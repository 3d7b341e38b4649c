"""Simulated officers: what they order, note and report about one simulated incident, beside sending units.

Everything follows from the plan of the incident, so a simulator that comes back says the same again.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from dashboard.district import District
from dashboard.records import Level, Order, Reply, ReplyState, Verb, moment
from dashboard.response import Outcome, ReportPart

SOURCE = "cad-demo"
DESK, CHIEF = "值班员", "值班长"

_NOTE_S, _REPORT_S, _ASK_S, _OFFER_S, _ACCEPT_S = (20, 60), (110, 220), (25, 45), (50, 75), (80, 110)
_CLASSIFIED_SHARE, _UNFOUNDED_SHARE = 0.1, 0.06
_DECLINED_SHARE, _SILENT_SHARE = 0.02, 0.01  # of the orders to units
_WHY_NOT = ("正在处置其他警情", "车辆故障", "距离过远，请另派就近力量")
_NOTES = (
    "报警人称现场无人员被困",
    "已通知物业和社区工作站配合",
    "现场已拉设警戒线，疏散围观群众",
    "周边道路缓行，已请交警疏导",
    "已调取附近摄像头，现场可见",
)


class Plan(NamedTuple):
    """One slot's incident; everything in it follows from the slot and the seed."""

    id: str
    starts: float
    ends: float
    acknowledged_at: float
    kind: str
    level: Level
    drill: bool
    lat: float
    lon: float
    community: int
    seed: int


def orders(plan: Plan, district: District) -> Iterator[Order]:
    """What the officers do from the first ring to the close, by time as far as each thing can still be in time."""
    rng = np.random.default_rng([plan.seed, 9])
    community = district.communities[plan.community]
    answered = plan.acknowledged_at
    told = [order(plan, Verb.ACKNOWLEDGE, answered, community.code)]
    if plan.level is Level.IV and rng.random() < _CLASSIFIED_SHARE:
        at = answered + rng.uniform(8, 20)
        told.append(order(plan, Verb.CLASSIFY, at, community.code, kind=plan.kind, level=Level.III))
    note = _NOTES[int(rng.integers(len(_NOTES)))]
    told.append(order(plan, Verb.NOTE, answered + rng.uniform(*_NOTE_S), community.code, text=note))
    if plan.level <= Level.II:
        told += _up(plan, community.code, community.parent, rng)
    if plan.level <= Level.III:
        at = plan.starts + rng.uniform(*_REPORT_S)
        told.append(_report(plan, ReportPart.FIRST, at, community.code, _first_report(plan, district)))
    if plan.level <= Level.II:
        told.append(_report(plan, ReportPart.FINAL, plan.ends - 4, community.parent, _final_report(plan, district)))
    yield from sorted((one for one in told if one.at < moment(plan.ends)), key=lambda one: one.at)
    yield close(plan, district)


def close(plan: Plan, district: District) -> Order:
    """How it ends."""
    is_unfounded = np.random.default_rng([plan.seed, 10]).random() < _UNFOUNDED_SHARE
    outcome, text = (
        (Outcome.UNFOUNDED, "到场核实，未发现警情") if is_unfounded else (Outcome.HANDLED, "处置完毕，力量撤回")
    )
    centre = district.communities[plan.community]
    code = centre.parent if plan.level <= Level.II else centre.code
    return order(plan, Verb.CLOSE, plan.ends, code, kind=outcome.value, text=text)


def replies(plan: Plan, sent: Order) -> list[Reply]:
    """What a unit's device says of an order, by time: mostly that it comes, sometimes that it does not, or nothing."""
    rng = np.random.default_rng([plan.seed, 11, *sent.unit.encode()])
    at, chance = sent.at.timestamp() + rng.uniform(0.3, 1.2), rng.random()
    said = [_reply(sent, ReplyState.DELIVERED, at)]
    if chance < _SILENT_SHARE:
        return said
    said.append(_reply(sent, ReplyState.READ, at := at + rng.uniform(1, 3)))
    at += rng.uniform(1, 4)
    if chance < _SILENT_SHARE + _DECLINED_SHARE:
        reason = _WHY_NOT[int(rng.integers(len(_WHY_NOT)))]
        return [*said, _reply(sent, ReplyState.DECLINED, at, reason)]
    return [*said, _reply(sent, ReplyState.ACCEPTED, at)]


def order(plan: Plan, verb: Verb, at: float, centre: str, unit: str = "", by: str = DESK, **fields: Any) -> Order:
    """One order about the incident; there is one of each verb (and unit, and kind of report)."""
    part = fields["kind"] if verb is Verb.REPORT else ""
    return Order(
        source=SOURCE,
        id="-".join(word for word in (plan.id, verb.value, part, unit) if word),
        verb=verb,
        target=f"{SOURCE}/{plan.id}",
        at=moment(round(at, 3)),
        unit=unit,
        by=by,
        centre=centre,
        **fields,
    )


def _up(plan: Plan, community: str, sub_district: str, rng: np.random.Generator) -> list[Order]:
    """A grave one goes up: the community asks for help and hands the command over, the sub-district takes it."""
    answered = plan.acknowledged_at
    offer = order(plan, Verb.OFFER, answered + rng.uniform(*_OFFER_S), community, into=sub_district)
    return [
        order(plan, Verb.ASK_UP, answered + rng.uniform(*_ASK_S), community, into=sub_district),
        offer,
        order(plan, Verb.ACCEPT, answered + rng.uniform(*_ACCEPT_S), sub_district, by=CHIEF, ref=offer.id),
    ]


def _report(plan: Plan, part: ReportPart, at: float, centre: str, text: str) -> Order:
    return order(plan, Verb.REPORT, at, centre, kind=part.value, text=text)


def _first_report(plan: Plan, district: District) -> str:
    at = datetime.fromtimestamp(plan.starts, district.timezone)
    return (
        f"{at:%H:%M}接报，{_place(plan, district)}发生{_kind(plan, district)}。已派遣义警、辅警、民警前往处置，"
        "人员伤亡和损失情况正在核实，后续情况续报。"
    )


def _final_report(plan: Plan, district: District) -> str:
    return f"{_place(plan, district)}{_kind(plan, district)}处置完毕，无人员伤亡，现场秩序已恢复，力量撤回。"


def _place(plan: Plan, district: District) -> str:
    community = district.communities[plan.community]
    return f"{district.centres[community.parent].name}{community.name}"


def _kind(plan: Plan, district: District) -> str:
    kind = district.kinds.get(plan.kind)
    return kind.name if kind else plan.kind


def _reply(sent: Order, state: ReplyState, at: float, reason: str = "") -> Reply:
    return Reply(
        source=SOURCE,
        id=f"{sent.id}/{state.value}",
        order=sent.id,
        unit=sent.unit,
        at=moment(round(at, 3)),
        state=state,
        reason=reason,
    )
