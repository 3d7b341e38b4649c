"""The draft of a report on an incident: what the record knows is written, what it does not is a blank to be filled.

The fields are those that a report must have (DOMAIN section 4). The words are here and not with the screens', because
the text goes into the record as it is sent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard.district import Centre, District
from dashboard.records import Evidence, Tier, Verb
from dashboard.response.deeds import Deed, Noted, Outcome, ReportPart
from dashboard.response.incidents import IncidentState

BLANK = "【　　】"  # what an officer must fill in

_ZH, _EN = 0, 1
Pair = tuple[str, str]  # Chinese, English

_TITLES: Mapping[ReportPart, Pair] = {
    ReportPart.FIRST: ("初报", "First report"),
    ReportPart.FOLLOW_UP: ("续报", "Follow-up report"),
    ReportPart.FINAL: ("终报", "Final report"),
}
_LEVELS: Mapping[int, Pair] = {
    1: ("特别重大（Ⅰ级）", "extra-serious (level I)"),
    2: ("重大（Ⅱ级）", "major (level II)"),
    3: ("较大（Ⅲ级）", "relatively major (level III)"),
    4: ("一般（Ⅳ级）", "ordinary (level IV)"),
}
_TIERS: Mapping[str, Pair] = {
    Tier.VOLUNTEER: ("义警", "volunteers"),
    Tier.AUXILIARY: ("辅警", "auxiliary police"),
    Tier.POLICE: ("民警", "police"),
    Tier.WARDEN: ("网格员", "wardens"),
    Tier.DRONE: ("无人机", "drones"),
    Tier.VEHICLE: ("车辆", "vehicles"),
}
_EVIDENCE: Mapping[str, Pair] = {
    Evidence.GEOFENCE: ("定位", "by position"),
    Evidence.UNIT: ("队员报到", "by its own report"),
    Evidence.OPERATOR: ("值班员确认", "seen by an officer"),
}
_OUTCOMES: Mapping[str, Pair] = {
    Outcome.HANDLED: ("处置完毕", "handled"),
    Outcome.UNFOUNDED: ("不实警情", "unfounded"),
    Outcome.DUPLICATE: ("重复接报", "duplicate of another call"),
    Outcome.TRANSFERRED: ("移交其他部门", "transferred to another department"),
}
_DONE: Mapping[str, Pair] = {  # what a measure is called; "{unit}" and the like are filled from the deed
    Verb.ACKNOWLEDGE: ("{centre}确认接报", "acknowledged by {centre}"),
    Verb.DISPATCH: ("派遣{unit}", "{unit} dispatched"),
    Verb.STAND_DOWN: ("撤回{unit}", "{unit} stood down"),
    Verb.ARRIVE: ("{unit}到场（值班员确认）", "{unit} on scene (seen by an officer)"),
    Verb.ASK_UP: ("请求{into}支援", "{into} asked for help"),
    Verb.ACCEPT: ("{centre}接受指挥", "{centre} took the command"),
    Verb.NOTE: ("{text}", "{text}"),
    Verb.CLOSE: ("处置结束", "closed"),
    Noted.ARRIVED: ("{unit}到场（{evidence}）", "{unit} on scene ({evidence})"),
    Noted.DECLINED: ("{unit}不能前往", "{unit} cannot come"),
    Noted.OVERDUE: ("{tier}未在时限内到场", "{tier} not on scene in time"),
    Noted.ESCALATED: ("自动升级至{into}", "climbed to {into}"),
    Noted.SOURCE_CLOSED: ("来源方报告结束", "closed by its source"),
}
_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def draft(state: IncidentState, part: ReportPart, lang: str, district: District, now: float) -> str:
    """The text of a report as far as the record knows it; `lang` is "zh" or "en"."""
    writer = _Writer(state, part, _EN if lang == "en" else _ZH, district, now)
    return "\n".join([*writer.head(), *writer.paragraphs(), ""])


@dataclass(frozen=True)
class _Writer:
    state: IncidentState
    part: ReportPart
    lang: int
    district: District
    now: float

    def head(self) -> Iterator[str]:
        """Title, who sends it and when."""
        drill = self._say("【演练】", "[EXERCISE] ") if self.state.drill else ""
        title = self._say("{kind}{part}", "{part}: {kind}").format(
            kind=self._kind(), part=_TITLES[self.part][self.lang]
        )
        yield f"{drill}{title}"
        sender = self._centre(self.state.in_command) or BLANK
        yield self._say("报送单位：{c}　报送时间：{t}", "From: {c}   Time: {t}").format(
            c=sender, t=self._moment(self.now)
        )

    def paragraphs(self) -> Iterator[str]:
        """The fields of this part, numbered."""
        fields = {
            ReportPart.FIRST: self._first,
            ReportPart.FOLLOW_UP: self._follow_up,
            ReportPart.FINAL: self._final,
        }[self.part]()
        for place, (name, text) in enumerate(fields):
            mark = f"{_NUMERALS[place]}、" if self.lang == _ZH else f"{place + 1}. "
            yield f"{mark}{name}{self._say('：', ': ')}{text}"

    def _first(self) -> Iterator[tuple[str, str]]:
        yield from self._what()
        yield self._say("影响范围", "Scope"), BLANK
        yield self._say("初步损失", "Initial loss"), self._loss()
        yield self._say("发展趋势", "Trend"), BLANK
        yield from self._who_and_what_was_done(since=0.0)

    def _follow_up(self) -> Iterator[tuple[str, str]]:
        yield from self._what()
        yield self._say("影响范围及损失变化", "Change of scope and loss"), self._loss()
        yield self._say("发展趋势", "Trend"), BLANK
        yield from self._who_and_what_was_done(since=max((each.at for each in self.state.reports), default=0.0))

    def _final(self) -> Iterator[tuple[str, str]]:
        yield from self._what()
        yield self._say("处置结果", "Outcome"), self._outcome()
        yield self._say("最终损失", "Final loss"), self._loss()
        yield self._say("原因", "Cause"), BLANK
        yield from self._who_and_what_was_done(since=0.0)

    def _what(self) -> Iterator[tuple[str, str]]:
        """When, from whom, where and what: known from the first minute."""
        state = self.state
        occurred = BLANK if state.occurred_at is None else self._moment(state.occurred_at)
        yield self._say("接报时间", "Reported at"), self._moment(state.reported_at)
        yield self._say("信息来源", "Source"), self._source()
        yield self._say("事发时间", "Occurred at"), occurred
        yield self._say("事发地点", "Place"), self._place()
        nature = f"{self._kind()}{self._say('，', ', ')}{_LEVELS[int(state.level)][self.lang]}"
        yield (
            self._say("事件性质", "Nature"),
            f"{nature}{self._say('。', '. ')}{state.title}" if state.title else nature,
        )

    def _who_and_what_was_done(self, since: float) -> Iterator[tuple[str, str]]:
        yield self._say("现场领导", "Leaders on scene"), BLANK
        done = [line for deed in self.state.deeds if deed.at > since and (line := self._measure(deed))]
        heading = self._say("已采取措施", "Measures taken")
        yield heading, self._say("；", "; ").join(done) if done else BLANK
        asked = self._say("、", ", ").join(self._centre(code) for code in self.state.asked_up)
        wish = f"{self._say('已请求支援：', 'help asked of ')}{asked}{self._say('；', '; ')}{BLANK}" if asked else BLANK
        yield self._say("请求与建议", "Requests and suggestions"), wish

    def _measure(self, deed: Deed) -> str:
        """One thing that was done, with its time; "" if it does not belong into a report."""
        if deed.word not in _DONE or deed.retracted:
            return ""
        text = _DONE[deed.word][self.lang].format(
            unit=deed.unit,
            centre=self._centre(deed.centre) or deed.by,
            into=self._centre(deed.into),
            text=" ".join(deed.text.split()),
            evidence=_EVIDENCE.get(deed.kind, ("", ""))[self.lang],
            tier=_TIERS.get(deed.kind, ("", ""))[self.lang],
        )
        reason = self._say(f"（{deed.reason}）", f" ({deed.reason})") if deed.reason else ""
        return f"{self._local(deed.at):%H:%M} {text}{reason}" if text else ""

    def _outcome(self) -> str:
        if self.state.closed_at is None:
            return BLANK
        what = _OUTCOMES.get(self.state.outcome, (BLANK, BLANK))[self.lang]
        parts = [f"{self._moment(self.state.closed_at)} {what}", " ".join(self.state.outcome_text.split())]
        return self._say("。", ". ").join(part for part in parts if part)

    def _loss(self) -> str:
        return self._say(
            f"死亡{BLANK}人，受伤{BLANK}人，财产损失{BLANK}", f"{BLANK} dead, {BLANK} injured, damage {BLANK}"
        )

    def _source(self) -> str:
        """An officer who took the call, or the system that sent it."""
        taken = next((deed for deed in self.state.deeds if deed.verb is Verb.REGISTER), None)
        if taken is not None:
            return self._say("{c}{b}接报", "call taken by {b}, {c}").format(c=self._centre(taken.centre), b=taken.by)
        return self.state.key

    def _place(self) -> str:
        """Sub-district and community, then the place as it was told, without saying either twice."""
        if self.state.community < 0:
            return self.state.place or BLANK
        community = self.district.communities[self.state.community]
        area = self._name(community), self._name(self.district.centres[community.parent])
        told = self.state.place
        if self.lang == _EN:
            return ", ".join(part for part in (told, *area) if part)
        return "".join([*(name for name in reversed(area) if name not in told), told])

    def _kind(self) -> str:
        known = self.district.kinds.get(self.state.kind)
        return self._say(known.name, known.name_en or known.name) if known else self.state.kind

    def _centre(self, code: str) -> str:
        known = self.district.centres.get(code)
        return self._name(known) if known else code

    def _name(self, named: Centre) -> str:
        return self._say(named.name, named.name_en or named.name)

    def _moment(self, at: float) -> str:
        return f"{self._local(at):%Y-%m-%d %H:%M}"

    def _local(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, self.district.timezone)

    def _say(self, zh: str, en: str) -> str:
        return (zh, en)[self.lang]
