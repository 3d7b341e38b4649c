import msgspec
import pytest

from dashboard.alarms import AlarmKind, AlarmState
from dashboard.alerts import AlertStage
from dashboard.district import District
from dashboard.duty import Rosters, Shift, handover
from dashboard.duty.document import Document, canonical, digest
from dashboard.heartbeats import FeedCondition, FeedState
from dashboard.records import Level, ReplyState, Verb
from dashboard.response.deeds import Offer, Report, ReportPart, UnitOrder
from dashboard.situation import Change, Situation
from tests.builders import NOON, alert, at, case, fixes, incident, order
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()
HOUR = 3600.0
ELSEWHERE = (22.611, 113.922)  # in community C5 of sub-district B


@pytest.fixture(scope="module")
def district() -> District:
    return small_district()


@pytest.fixture
def situation(district: District) -> Situation:
    return Situation(district)


def drafted(
    situation: Situation, district: District, centre: str = "A", after_s: float = 400, notes: str = ""
) -> Document:
    return handover.draft(situation, district, centre, T0 + after_s, T0 - 8 * HOUR, notes)


def amend(situation: Situation, key: str, **fields: object) -> None:
    """Give an incident what other parts of the fold would give it."""
    (state,) = [each for each in situation.response.all() if each.key == key]
    situation.adopt(Change(incidents=(msgspec.structs.replace(state, **fields),)))


def alarm(subject: str, **fields: object) -> AlarmState:
    defaults = {"kind": AlarmKind.SENSOR, "level": Level.II, "raised_at": T0, "community": 0, "title": subject}
    return AlarmState(key=f"sensor/{subject}", subject=subject, **{**defaults, **fields})  # type: ignore[arg-type]


def test_an_empty_situation_hands_over_an_empty_document(situation: Situation, district: District) -> None:
    document = drafted(situation, district, notes="  一切正常  ")
    assert (document["centre"], document["name"], document["notes"]) == ("A", "甲街道", "一切正常")
    assert (document["from"], document["to"]) == ("2026-11-20T04:00:00+08:00", "2026-11-20T12:06:40+08:00")
    assert document["incidents"] == document["shelved"] == []
    assert document["comes"] is None


def test_the_same_situation_gives_the_same_digest(situation: Situation, district: District) -> None:
    situation.apply(incident(1), T0)
    first, second = (digest(canonical(drafted(situation, district))) for _ in range(2))
    assert first == second
    assert first != digest(canonical(drafted(situation, district, notes="x")))


def test_open_incidents_say_who_commands_and_which_legs_are_late(situation: Situation, district: District) -> None:
    situation.move(fixes(district, dict.fromkeys(("VO000", "AU000", "PO000"), (22.65, 113.95)), 299), T0 + 299)
    situation.apply(incident(1, title="仓库起火"), T0)
    situation.apply(incident(2, lat=ELSEWHERE[0], lon=ELSEWHERE[1]), T0)
    situation.tick(T0 + 300.5)
    amend(situation, "cad/I1", in_command="A", offer=Offer("o", "D", "", "A", T0))
    (fire,) = drafted(situation, district)["incidents"]
    assert (fire["key"], fire["title"], fire["in_command"], fire["offered_to"]) == (
        "cad/I1",
        "仓库起火",
        "甲街道",
        "示范区",
    )
    assert fire["late"] == ["volunteer", "auxiliary", "police"]
    assert not fire["acknowledged"]
    assert len(drafted(situation, district, "D")["incidents"]) == 2


def test_reports_that_are_owed_are_named(situation: Situation, district: District) -> None:
    for number in (1, 2, 3):
        situation.apply(incident(number), T0)
    first = Report("r", ReportPart.FIRST, T0, "", "A", "")
    amend(situation, "cad/I1", report_due_at=T0 + 300)
    amend(situation, "cad/I2", report_due_at=T0 + 1800, reports=(first,))
    amend(situation, "cad/I3", closed_at=T0 + 100, reports=(first,))
    owed = drafted(situation, district)["reports"]
    assert [(each["key"], each["part"], each["late"]) for each in owed] == [
        ("cad/I1", "first", True),
        ("cad/I3", "final", False),
    ]


def test_orders_that_no_unit_accepted_are_named(situation: Situation, district: District) -> None:
    situation.apply(incident(1), T0)
    sent = [
        UnitOrder(f"o{place}", unit, T0, True, "", "A", T0 + 30, state)
        for place, (unit, state) in enumerate(
            [("AU001", None), ("AU002", ReplyState.ACCEPTED), ("AU003", ReplyState.DECLINED)]
        )
    ]
    amend(situation, "cad/I1", sent=tuple(sent))
    told = drafted(situation, district)["orders"]
    assert [(each["unit"], each["state"], each["late"]) for each in told] == [
        ("AU001", "", True),
        ("AU003", "declined", True),
    ]


def test_alarms_are_unacknowledged_or_shelved_with_reason_and_end(situation: Situation, district: District) -> None:
    shelved = {"shelved_until": T0 + HOUR, "shelved_by": "李", "shelve_reason": "检修"}
    told = [
        alarm("g1"),
        alarm("g2", acknowledged_at=T0),
        alarm("g3", level=Level.III, **shelved),
        alarm("g4", community=5),
        alarm("g5", community=-1, area="A", level=Level.IV),
    ]
    situation.adopt(Change(alarms=tuple(told)))
    document = drafted(situation, district)
    assert [each["title"] for each in document["unacknowledged"]] == ["g1", "g5"]
    (shelf,) = document["shelved"]
    assert (shelf["until"], shelf["by"], shelf["reason"]) == ("2026-11-20T13:00:00+08:00", "李", "检修")
    assert [each["title"] for each in drafted(situation, district, "D")["unacknowledged"]] == ["g1", "g4", "g5"]


def test_alerts_that_were_claimed_and_not_decided_are_named(situation: Situation, district: District) -> None:
    for number in (1, 2):
        situation.apply(alert(number, device=f"ai_camera-{number}"), T0)
        situation.apply(order(Verb.CLAIM, f"video/A{number}", 5, centre="A"), T0 + 5)
    situation.apply(order(Verb.MARK_FALSE, "video/A2", 9), T0 + 9)
    document = drafted(situation, district, "D")
    assert {state.stage for state in situation.alerts.all()} == {AlertStage.CLAIMED, AlertStage.FALSE}
    assert [(each["key"], each["by"]) for each in document["claimed"]] == [("video/A1", "甲街道")]
    assert document["handled"]["alerts"] == 1


def test_only_sources_that_fail_are_handed_over(situation: Situation, district: District) -> None:
    feeds = [
        FeedState(name="gps", title="定位", condition=FeedCondition.LOST, record_at=T0),
        FeedState(name="cad", title="接警", condition=FeedCondition.GOOD),
        FeedState(name="old", title="旧", condition=FeedCondition.OFF),
    ]
    situation.note_life(feeds, {})
    (lost,) = drafted(situation, district)["feeds"]
    assert (lost["title"], lost["state"], lost["last"]) == ("定位", "lost", "2026-11-20T12:00:00+08:00")


def test_cases_are_counted_in_the_scope(situation: Situation, district: District) -> None:
    situation.apply(case(1, due_at=at(10)), T0)
    situation.apply(case(2), T0)
    situation.apply(case(3, lat=ELSEWHERE[0], lon=ELSEWHERE[1]), T0)
    situation.apply(case(4, closed_at=at(20)), T0)
    situation.apply(order(Verb.SUPERVISE, "cases/C2", 5, by="李"), T0)
    assert drafted(situation, district)["cases"] == {"open": 2, "overdue": 1, "supervised": 1}
    assert drafted(situation, district, "D")["cases"]["open"] == 3


def test_what_the_shift_has_done_with_is_handed_over_too(situation: Situation, district: District) -> None:
    situation.apply(incident(1, closed_at=at(60)), T0)
    situation.apply(incident(2, -9 * HOUR, closed_at=at(-8.5 * HOUR)), T0)
    document = drafted(situation, district)
    assert [each["key"] for each in document["handled"]["incidents"]] == ["cad/I1"]
    assert document["incidents"] == []


def test_the_shift_that_goes_and_the_one_that_comes_are_named(situation: Situation, district: District) -> None:
    shifts = (Shift("A", at(-HOUR), at(HOUR), "甲", "乙"), Shift("A", at(HOUR), at(9 * HOUR), "丙", "丁", ("戊",)))
    situation.note_rosters(Rosters(1, shifts))
    document = drafted(situation, district)
    assert document["goes"]["leader"] == "甲"
    assert document["comes"] == {
        "leader": "丙",
        "chief": "丁",
        "officers": ["戊"],
        "from": "2026-11-20T13:00:00+08:00",
        "to": "2026-11-20T21:00:00+08:00",
    }


def test_a_list_that_nobody_would_read_is_cut_and_says_so(situation: Situation, district: District) -> None:
    situation.adopt(Change(alarms=tuple(alarm(f"g{number}", title="长" * 80) for number in range(400))))
    document = drafted(situation, district, notes="记" * 10_000)
    assert len(document["unacknowledged"]) == 150
    assert document["more"] == {"unacknowledged": 250}
    assert len(canonical(document)) < 200_000


def test_a_shift_began_when_it_was_taken_over_or_else_by_the_plan(situation: Situation, district: District) -> None:
    assert handover.since(situation, "A", T0) == T0 - 12 * HOUR
    situation.note_rosters(Rosters(1, (Shift("A", at(-HOUR), at(HOUR), "甲", "乙"),)))
    assert handover.since(situation, "A", T0) == T0 - HOUR
    text = canonical({"centre": "A"})
    given = {"text": text, "ref": digest(text), "actor": "li"}
    situation.apply(order(Verb.HAND_OVER, "A", -1900, id="g", **given), T0)
    situation.apply(order(Verb.TAKE_OVER, "A", -1800, ref="g", actor="wang"), T0)
    assert handover.since(situation, "A", T0) == T0 - 1800
