"""The words of the screens in Chinese and English, and how numbers, times and distances are written.

A language has a main form and one beside it: Chinese first with English beside, or the other way round.
"""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

UNKNOWN = "—"  # nothing is known; never written for zero
NUMERALS = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"}

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Lang(StrEnum):
    """The two languages of the screens."""

    ZH = "zh"
    EN = "en"


WORDS: dict[str, tuple[str, str]] = {
    # frame
    "centre_title": ("联合应急指挥中心", "Joint Emergency Command Centre"),
    "demonstration": ("演示数据", "Demonstration data"),
    "whole_district": ("全区", "Whole district"),
    "back": ("返回全区", "Back to district"),
    "scope": ("范围", "Scope"),
    "open_incidents": ("未结突发事件", "Open incidents"),
    "drills": ("演练", "Drill"),
    "next_deadline": ("最近时限", "Next deadline"),
    "oldest_unacknowledged": ("最久未确认", "Unacknowledged"),
    "all_acknowledged": ("全部已确认", "All acknowledged"),
    "none_running": ("无计时", "None running"),
    "feeds": ("数据源", "Feeds"),
    "duty": ("双领导值班", "On duty"),
    "duty_leader": ("带班领导", "Leader"),
    "duty_chief": ("值班长", "Chief"),
    "glass_latency": ("上屏延迟", "Glass latency"),
    "gaps": ("断号", "Gaps"),
    "as_of": ("截至", "as of"),
    "data_late": ("数据滞后", "Data late"),
    "synchronised": ("时钟已同步", "Clock in step"),
    "not_synchronised": ("时钟未同步", "Clock not in step"),
    "connecting": ("正在连接", "Connecting"),
    "not_connected": ("尚未连上服务器，正在重试", "Not connected yet, trying again"),
    "connection_lost": ("与服务器的连接已中断，画面已停止更新", "Connection lost: this picture is not live"),
    "engine_lost": ("态势计算已停止，画面已停止更新", "The situation has stopped: this picture is not live"),
    "last_word": ("最后更新", "last update"),
    "loading": ("正在载入", "Loading"),
    # feeds
    "good": ("正常", "good"),
    "silent": ("静默", "silent"),
    "lost": ("中断", "lost"),
    "off": ("未启用", "never heard"),
    "skew": ("时钟偏差", "clock off by"),
    # backlog
    "backlog": ("案件", "Cases"),
    "found_today": ("今日上报", "Found today"),
    "closed_today": ("今日结案", "Closed today"),
    "net_inflow": ("净流入/时", "Net/h"),
    "clear_by": ("清零时间", "Clear by"),
    "never": ("不会清零", "Never"),
    "open_cases": ("在办", "Open"),
    "overdue": ("逾期", "Overdue"),
    "on_time_rate": ("按期结案率", "On-time rate"),
    "returned_today": ("今日退单", "Returned"),
    "rework_today": ("今日返工", "Rework"),
    "stuck_stage": ("滞留", "Stuck"),
    "median": ("中位", "median"),
    "by_hour": ("近24小时逐时", "Last 24 h, by hour"),
    "found": ("上报", "found"),
    "closed_word": ("结案", "closed"),
    "funnel": ("各环节案件", "Cases by stage"),
    "ages": ("在办龄期", "By age"),
    "oldest": ("最久未结", "Oldest open"),
    "window_today": ("24小时内", "in 24 h"),
    "no_open_cases": ("没有在办案件", "No open cases"),
    # stages
    "stage.reported": ("上报", "Reported"),
    "stage.filed": ("立案", "Filed"),
    "stage.dispatched": ("分拨", "Dispatched"),
    "stage.handling": ("处置", "Handling"),
    "stage.feedback": ("反馈", "Feedback"),
    "stage.verified": ("核查", "Verified"),
    "stage.closed": ("结案", "Closed"),
    "stage.declined": ("不予立案", "Declined"),
    "stage.returned": ("退单", "Returned"),
    "stage.rework": ("返工", "Rework"),
    "stage.held": ("挂账", "Held"),
    "stage.extended": ("延期", "Extended"),
    "closed_is_today": ("今日", "today"),
    # incidents
    "response": ("1-3-5 响应", "Response clocks"),
    "no_incidents": ("当前没有未结突发事件", "No open incidents"),
    "no_incidents_more": ("全部时限已结束，系统持续接报", "Every clock has stopped; intake goes on"),
    "elapsed": ("已过", "elapsed"),
    "unacknowledged": ("未确认", "Unacknowledged"),
    "acknowledged": ("已确认", "Acknowledged"),
    "late_record": ("补报", "Late record"),
    "drill_mark": ("演练", "DRILL"),
    "outside": ("区外", "outside"),
    "more_incidents": ("另有 {n} 起", "{n} more"),
    "leg.running": ("计时中", "running"),
    "leg.at_risk": ("将超时", "at risk"),
    "leg.met": ("已到场", "on scene"),
    "leg.overdue": ("已超时", "overdue"),
    "leg.late": ("迟到", "late"),
    "leg.not_required": ("不要求", "not required"),
    "leg.unknown": ("未知", "unknown"),
    "evidence.geofence": ("围栏", "geofence"),
    "evidence.unit": ("队员报到", "unit report"),
    "evidence.operator": ("席位确认", "operator"),
    "nearest": ("最近", "nearest"),
    "arrives_in": ("约", "about"),
    "needed": ("需 {n}", "needs {n}"),
    "shortfall.none": ("{d} 内无可用力量", "none within {d}"),
    "shortfall.stale": ("{d} 内 {n} 个，定位均超过 {s}", "{n} within {d}, fixes older than {s}"),
    "shortfall.committed": ("{d} 内 {n} 个，均已出动", "{n} within {d}, all committed"),
    "shortfall.off": ("{d} 内 {n} 个，均已离线", "{n} within {d}, all off"),
    # tiers
    "tier.volunteer": ("义警", "Volunteer"),
    "tier.auxiliary": ("辅警", "Auxiliary"),
    "tier.police": ("民警", "Police"),
    "tier.warden": ("网格员", "Warden"),
    "tier.drone": ("无人机", "Drone"),
    "tier.vehicle": ("车辆", "Vehicle"),
    # map
    "map": ("态势一张图", "Common picture"),
    "layer.units": ("力量", "Units"),
    "layer.cells": ("网格负荷", "Cell load"),
    "layer.incidents": ("突发事件", "Incidents"),
    "layer.rings": ("1·3·5 分钟可达圈", "1·3·5 min reach"),
    "layer.alerts": ("预警", "Alerts"),
    "layer.standby": ("屯警点", "Standby points"),
    "layer.key_area": ("重点区域", "Key areas"),
    "layer.camera": ("摄像机", "Cameras"),
    "layer.sensors": ("感知设备", "Sensors"),
    "free_map": ("自动视野", "Free the map"),
    "map_locked": ("视野已锁定", "View locked"),
    "district_view": ("全区视野", "District view"),
    # alerts
    "alerts": ("视频预警", "Video alerts"),
    "no_alerts": ("没有待处理预警", "No open alerts"),
    "alert.new": ("待确认", "new"),
    "alert.claimed": ("处理中", "claimed"),
    "alert.confirmed": ("已属实", "confirmed"),
    "alert.false": ("误报", "false"),
    "alert.expired": ("已失效", "expired"),
    "normal_again": ("已恢复", "cleared"),
    "today": ("今日", "today"),
    # forces
    "forces": ("力量", "Forces"),
    "available": ("可用", "Free"),
    "committed": ("出动", "Sent"),
    "stale": ("滞后", "Stale"),
    "off_duty": ("离线", "Off"),
    # tree
    "tree": ("指挥体系在线", "Centres online"),
    "online": ("在线", "online"),
    "offline": ("离线", "offline"),
    "departments": ("职能部门", "Departments"),
    "communities": ("社区微中心", "Communities"),
    "district_centre": ("区中心", "District"),
    # sensors
    "sensors": ("感知设备", "Sensors"),
    "normal": ("正常", "normal"),
    "abnormal": ("异常", "alarm"),
    "all_normal": ("没有越限设备", "No sensor beyond its limits"),
    "band.low": ("偏低", "low"),
    "band.high": ("偏高", "high"),
    "band.very_high": ("超高", "very high"),
    "band.normal": ("正常", "normal"),
    # help
    "help": ("快捷键", "Keys"),
    "key.0": ("全区视野", "District view"),
    "key.f": ("解除地图锁定", "Free the map"),
    "key.u": ("力量图层", "Units"),
    "key.c": ("网格负荷图层", "Cell load"),
    "key.i": ("突发事件图层", "Incidents"),
    "key.r": ("可达圈图层", "Reach rings"),
    "key.a": ("预警图层", "Alerts"),
    "key.s": ("屯警点图层", "Standby points"),
    "key.k": ("重点区域图层", "Key areas"),
    "key.v": ("摄像机图层", "Cameras"),
    "key.g": ("感知设备图层", "Sensors"),
    "key.?": ("显示或关闭本页", "This page"),
}

WEEKDAYS = {
    Lang.ZH: ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    Lang.EN: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


class Words:
    """The dictionary in one language, with the other beside it."""

    def __init__(self, lang: Lang) -> None:
        """`lang` is the main language."""
        self.lang = lang
        self._main = 0 if lang is Lang.ZH else 1

    def __call__(self, key: str, **parts: object) -> str:
        """The word in the main language, with its {parts} filled in."""
        text = WORDS[key][self._main]
        return text.format(**parts) if parts else text

    def beside(self, key: str) -> str:
        """The word in the other language."""
        return WORDS[key][1 - self._main]

    def name(self, name: str, name_en: str) -> str:
        """A thing's own name in the main language, as far as it has one."""
        return name if self.lang is Lang.ZH else name_en or name

    def duration(self, seconds: float) -> str:
        """A span in its two largest units: 3 天 4 时, 2 h 5 min, 40 s."""
        whole = max(0, round(seconds))
        day, hour, minute, second = ("天", "时", "分", "秒") if self.lang is Lang.ZH else ("d", "h", "min", "s")
        if whole >= _DAY:
            return _two(whole, _DAY, day, _HOUR, hour)
        if whole >= _HOUR:
            return _two(whole, _HOUR, hour, _MINUTE, minute)
        return f"{whole // _MINUTE} {minute}" if whole >= _MINUTE else f"{whole} {second}"


def _two(whole: int, large: int, large_word: str, small: int, small_word: str) -> str:
    rest = whole % large // small
    return f"{whole // large} {large_word} {rest} {small_word}" if rest else f"{whole // large} {large_word}"


def number(value: float) -> str:
    """A count with separators: 12,431."""
    return f"{value:,.0f}"


def signed(value: float) -> str:
    """A difference with its sign: +120, −35; zero has none."""
    whole = round(value)
    return f"{'+' if whole > 0 else '−' if whole < 0 else ''}{abs(whole):,}"


def percent(numerator: float, denominator: float) -> str:
    """A rate with one decimal; unknown where there is nothing to divide by."""
    return f"{100 * numerator / denominator:.1f}%" if denominator else UNKNOWN


def distance(metres: float) -> str:
    """A distance: 320 m, 1.2 km."""
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"


def minutes(seconds: float) -> str:
    """A short span as m:ss, or h:mm:ss from an hour on."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, _HOUR)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def time_of_day(at: float, zone: ZoneInfo) -> str:
    """HH:MM:SS in the district's zone."""
    return datetime.fromtimestamp(at, zone).strftime("%H:%M:%S")


def day_and_time(at: float, now: float, zone: ZoneInfo) -> str:
    """HH:MM today, MM-DD HH:MM on another day, YYYY-MM-DD in another year."""
    then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    if then.date() == today.date():
        return then.strftime("%H:%M")
    return then.strftime("%m-%d %H:%M" if then.year == today.year else "%Y-%m-%d")


def hours(edge: float) -> str:
    """An edge of an age bucket, short in both languages: 4h, 3d."""
    return f"{edge:g}h" if edge < 24 else f"{edge / 24:g}d"
