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
    # duty console: frame
    "duty_title": ("值班席", " duty console"),
    "acting_as": ("指挥席位", "Acting as"),
    "not_known_yet": ("正在确认身份", "Checking who you are"),
    "views": ("工作视图", "Work views"),
    "handover_open": ("交接中", "Handing over"),
    "view.incident": ("事件", "Incident"),
    "view.triage": ("研判", "Triage"),
    "view.cases": ("案件", "Cases"),
    "view.alarms": ("告警", "Alarms"),
    "view.command": ("指挥", "Command"),
    "view.shift": ("交接班", "Shift"),
    "view.everywhere": ("通用", "Everywhere"),
    "pane.queue": ("待办", "Needs you now"),
    "pane.incidents": ("在办突发事件", "Open incidents"),
    "pane.incident": ("事件处置", "Incident"),
    "pane.context": ("记录与视频", "Record and video"),
    "pane.alarms": ("告警", "Alarms"),
    "pane.command": ("指挥体系", "Command tree"),
    "pane.shift": ("值班与交接", "Shift and handover"),
    "role.wall": ("大屏", "wall"),
    "role.officer": ("值班员", "duty officer"),
    "role.commander": ("指挥长", "commander"),
    "role.leader": ("带班领导", "leader"),
    "role.administrator": ("管理员", "administrator"),
    "role.auditor": ("审计员", "auditor"),
    "role.guest": ("访客 · 只读", "guest, read only"),
    # duty console: queue
    "critical_place": ("最新重大待确认", "Newest grave one"),
    "no_critical": ("没有重大及以上待确认", "None of level Ⅰ or Ⅱ waits"),
    "nothing_waits": ("没有待办事项", "Nothing waits for you"),
    "more_tasks": ("另有 {n} 项", "{n} more"),
    "offer_from": ("{c} 移交", "offered by {c}"),
    "want.acknowledge": ("待确认", "Acknowledge"),
    "want.offer": ("待接指挥", "Take command"),
    "want.leg": ("到场超时", "Late on scene"),
    "want.order": ("力量未应", "Unit not coming"),
    "want.report": ("待初报", "First report"),
    "want.alarm": ("告警", "Alarm"),
    "want.alert": ("待研判", "Triage"),
    "want.roll_call": ("待应答点名", "Roll-call"),
    "want.approve": ("搁置待批", "Approve shelving"),
    "want.take_over": ("待接班", "Take over"),
    # duty console: incident
    "choose_incident": ("从左侧选择事件", "Choose an incident on the left"),
    "fact.reported": ("接报", "Reported"),
    "fact.command": ("指挥中心", "In command"),
    "fact.held": ("已升级至", "Climbed to"),
    "fact.acknowledged": ("确认", "Acknowledged"),
    "orders_to_units": ("力量指令", "Orders to units"),
    "no_orders": ("尚未派遣力量", "Nobody was sent yet"),
    "reports": ("信息报送", "Reports"),
    "report.first": ("初报", "First report"),
    "report.follow_up": ("续报", "Follow-up"),
    "report.final": ("终报", "Final report"),
    "first_report_due": ("初报时限", "First report due in"),
    "no_report_asked": ("未要求初报", "None is asked for"),
    "cameras": ("最近摄像机", "Nearest cameras"),
    "record": ("处置记录", "Record"),
    "no_deeds": ("尚无记录", "Nothing on record yet"),
    "retracted": ("已撤回", "taken back"),
    "offer_to_us": ("{c} 向本中心移交指挥 — 按 H 接受或退回", "{c} offers us the command — H to accept or decline"),
    "offer_waits": ("{c} 已向 {d} 移交指挥，等待接受", "{c} offered the command to {d}, not answered yet"),
    "outcome.handled": ("处置完毕", "handled"),
    "outcome.unfounded": ("不实警情", "unfounded"),
    "outcome.duplicate": ("重复接报", "duplicate"),
    "outcome.transferred": ("移交其他部门", "transferred"),
    "reply.sent": ("已下达", "sent"),
    "reply.delivered": ("已送达", "delivered"),
    "reply.read": ("已读", "read"),
    "reply.accepted": ("已接受", "accepted"),
    "reply.declined": ("拒绝", "declined"),
    "reply.failed": ("未送达", "not delivered"),
    "reply.by_voice": ("须电话或电台通知", "tell by voice"),
    "reply.timed_out": ("超时未应", "no answer in time"),
    "reply.stood_down": ("已撤回", "stood down"),
    "level.1": ("特别重大", "extra-serious"),
    "level.2": ("重大", "serious"),
    "level.3": ("较大", "major"),
    "level.4": ("一般", "ordinary"),
    # duty console: acts
    "act.acknowledge": ("确认", "Acknowledge"),
    "act.classify": ("定性定级", "Kind, level"),
    "act.dispatch": ("派遣", "Dispatch"),
    "act.arrive": ("到场", "On scene"),
    "act.stand_down": ("撤回力量", "Stand down"),
    "act.cameras": ("看视频", "Cameras"),
    "act.note": ("记录", "Note"),
    "act.ask_up": ("请求上级", "Ask upwards"),
    "act.offer": ("移交指挥", "Hand over"),
    "act.decline": ("退回", "Decline"),
    "act.report": ("报送", "Report"),
    "act.close": ("结束", "Close"),
    "act.reopen": ("重开", "Reopen"),
    "act.acknowledge_alarm": ("确认告警", "Acknowledge"),
    "act.shelve": ("搁置", "Shelve"),
    "act.approve": ("批准搁置", "Approve"),
    "act.unshelve": ("取消搁置", "Unshelve"),
    "act.open": ("打开 / 展开", "Open, unfold"),
    "act.act_as": ("以此中心指挥", "Act as it"),
    "act.call_roll": ("点名", "Call the roll"),
    "act.answer": ("应答", "Answer"),
    "act.draft": ("起草交接", "Draft"),
    "act.hand_over": ("签字交班", "Sign, hand over"),
    "act.take_over": ("签字接班", "Sign, take over"),
    "act.search": ("检索", "Search"),
    "act.register": ("接报登记", "Take a call"),
    "act.scope": ("切换指挥席位", "Act as another centre"),
    "act.mute": ("静音", "Mute"),
    "act.undo": ("撤销上一步（10 秒内）", "Undo, within 10 s"),
    "act.help": ("快捷键", "Keys"),
    "move.view": ("切换视图", "Change the view"),
    "move.queue": ("在待办中上下移动", "Move in the queue"),
    "move.open": ("打开", "Open"),
    "move.incident": ("上一起 / 下一起事件", "Previous, next incident"),
    "move.back": ("取消、关闭", "Cancel, close"),
    # duty console: what was done, by verb
    "done.register": ("登记", "registered"),
    "done.acknowledge": ("确认", "acknowledged"),
    "done.classify": ("定性定级", "classified"),
    "done.dispatch": ("派遣", "dispatched"),
    "done.stand_down": ("撤回", "stood down"),
    "done.arrive": ("标记到场", "marked on scene"),
    "done.ask_up": ("请求上级", "asked for help"),
    "done.offer": ("移交指挥", "offered the command"),
    "done.accept": ("接受指挥", "took the command"),
    "done.decline": ("退回指挥", "declined the command"),
    "done.note": ("记录", "noted"),
    "done.report": ("报送", "reported"),
    "done.close": ("结束", "closed"),
    "done.reopen": ("重开", "reopened"),
    "done.claim": ("认领", "claimed"),
    "done.release": ("放回", "released"),
    "done.confirm": ("属实", "confirmed"),
    "done.mark_false": ("误报", "marked false"),
    "done.acknowledge_alarm": ("确认告警", "acknowledged the alarm"),
    "done.shelve": ("搁置", "shelved"),
    "done.approve": ("批准搁置", "approved the shelving"),
    "done.unshelve": ("取消搁置", "unshelved"),
    "done.urge": ("催办", "urged"),
    "done.supervise": ("督办", "supervised"),
    "done.hold": ("挂账", "held"),
    "done.extend": ("延期", "extended"),
    "done.call_roll": ("点名", "called the roll"),
    "done.answer": ("应答点名", "answered the roll-call"),
    "done.hand_over": ("签字交班", "handed over"),
    "done.take_over": ("签字接班", "took over"),
    "done.retract": ("撤回", "took back"),
    # what the system notes in the record of an incident
    "done.reported": ("接报", "reported"),
    "done.arrived": ("到场", "on scene"),
    "done.overdue": ("到场超时", "overdue"),
    "done.escalated": ("自动升级至", "climbed to"),
    "done.accepted": ("接令", "is coming"),
    "done.declined": ("不能前往", "is not coming"),
    "done.failed": ("指令未送达", "order not delivered to"),
    "done.by_voice": ("须电台通知", "to be told by voice:"),
    "done.unanswered": ("未回令", "has not answered"),
    "done.offer_lapsed": ("移交指挥未获接受", "offer of the command lapsed"),
    "done.report_overdue": ("初报超时", "first report overdue"),
    "done.source_closed": ("来源方报结束", "closed by its source"),
    # duty console: what the system noted
    "noted.reported": ("接报", "reported"),
    "noted.arrived": ("到场", "on scene"),
    "noted.overdue": ("到场超时", "late on scene"),
    "noted.escalated": ("升级至", "climbed to"),
    "noted.accepted": ("接受指令", "accepted"),
    "noted.declined": ("拒绝指令", "declined"),
    "noted.failed": ("指令未送达", "not delivered"),
    "noted.by_voice": ("须口头通知", "tell by voice"),
    "noted.unanswered": ("超时未应", "no answer in time"),
    "noted.offer_lapsed": ("移交逾期失效", "offer lapsed"),
    "noted.report_overdue": ("初报超时", "first report late"),
    "noted.source_closed": ("来源已结案", "closed by its source"),
    # duty console: why something cannot be done
    "why.acknowledged": ("已确认", "acknowledged already"),
    "why.closed": ("事件已结束", "the incident is closed"),
    "why.open": ("事件未结束", "the incident is open"),
    "why.nobody": ("没有可派力量", "nobody can be sent"),
    "why.nobody_sent": ("没有在途力量", "nobody is under way"),
    "why.at_the_top": ("已到最高一级", "there is none above"),
    "why.offer_waits": ("移交待答复", "an offer waits for its answer"),
    "why.shelved": ("已搁置或待批", "shelved, or asked for"),
    "why.not_shelved": ("未搁置", "not shelved"),
    "why.not_asked": ("无待批搁置", "nothing to approve"),
    "why.nobody_below": ("下级无中心", "there is no centre below"),
    "why.not_called": ("没有待应答点名", "no roll-call to answer"),
    "why.handover_open": ("已有交班待接", "a handover is open"),
    "why.no_handover": ("没有待接交班", "no handover is open"),
    "why.no_draft": ("请先起草交接", "draft it first"),
    "why.nothing_chosen": ("未选择", "nothing is chosen"),
    "why.offline": ("与服务器失去连接", "the server is not reached"),
    "why.role": ("本账号无此权限", "not for this account"),
    "why.guest": ("访客只读，登录后可操作", "guests only look; sign in to act"),
    "why.scope": ("不在本中心范围", "not within your scope"),
    # duty console: forms
    "form.classify": ("定性定级", "Kind and level"),
    "form.note": ("处置记录", "Note"),
    "form.close": ("结束事件", "Close the incident"),
    "form.offer": ("移交指挥", "Hand over the command"),
    "form.decline": ("退回指挥移交", "Decline the command"),
    "form.report": ("信息报送", "Report"),
    "form.register": ("接报登记", "Take a call"),
    "form.shelve": ("搁置告警", "Shelve the alarm"),
    "form.mute": ("静音 10 分钟", "Mute for 10 minutes"),
    "form.hand_over": ("交班附言", "Notes for who comes"),
    "field.kind": ("类别", "Kind"),
    "field.level": ("级别", "Level"),
    "field.text": ("内容", "Text"),
    "field.outcome": ("结果", "Outcome"),
    "field.into": ("中心", "Centre"),
    "field.reason": ("原因", "Reason"),
    "field.hours": ("时长", "For how long"),
    "field.mute_reason": ("原因", "Reason"),
    "field.position": ("位置（社区名，或 纬度,经度）", "Position (community, or lat,lon)"),
    "field.place": ("详细地点", "Place"),
    "field.title": ("事由", "What happened"),
    "decline_reason.no_capacity": ("本中心力量不足", "no capacity here"),
    "decline_reason.not_ours": ("不属本中心职责", "not for this centre"),
    "decline_reason.already_handled": ("已处置", "handled already"),
    "shelve_reason.known_fault": ("设备已知故障", "known fault of the device"),
    "shelve_reason.maintenance": ("检修中", "maintenance"),
    "shelve_reason.test": ("测试", "test"),
    "shelve_reason.duplicate": ("重复告警", "duplicate"),
    "shelve_reason.weather": ("天气影响", "weather"),
    "mute_reason.consultation": ("会商", "consultation"),
    "mute_reason.on_the_phone": ("通话中", "on the phone"),
    "mute_reason.briefing": ("汇报", "briefing"),
    "duty.cancel": ("取消", "Cancel"),
    "duty.needed": ("必填", "needed"),
    "duty.too_long": ("超出 {n} 字", "{n} characters too many"),
    "duty.blanks": ("还有 {n} 处待填，F2 跳到下一处", "{n} blanks to fill, F2 goes to the next"),
    "duty.blanks_left": ("报告中还有空白未填", "there are blanks left"),
    "duty.unknown_place": ("未找到该位置", "no such place"),
    "duty.choose_one": ("请从列表中选择", "choose one of the list"),
    "duty.kept": ("内容已保留，未发送", "kept, not sent"),
    "duty.loading": ("正在起草…", "drafting…"),
    "duty.no_draft": ("无法取得草稿，可直接填写", "no draft could be had; write it yourself"),
    "duty.follow_or_final": ("F4 换为", "F4 makes it a"),
    "duty.no_video": ("视频服务未配置", "no video service is set up"),
    "duty.new_below": ("有 {n} 项新待办，移开鼠标后重新排序", "{n} new; sorted again when you move away"),
    "duty.choose_handover": ("按 D 起草本班交接，或从左侧选择一份查看", "D drafts the handover; or choose an earlier one on the left"),
    "duty.search": ("检索：单位、姓名、内容", "Search: centre, person, text"),
    "duty.digest": ("摘要", "Digest"),
    "duty.gaps": ("排班空缺", "Gaps in the roster"),
    "duty.nothing_found": ("没有符合的交接记录", "nothing found"),
    # duty console: choices at one key
    "chord.dispatch": ("派遣", "Dispatch"),
    "chord.all": ("全部", "all tiers"),
    "chord.arrive": ("谁已到场", "Who is on scene"),
    "chord.stand_down": ("撤回谁", "Whom to stand down"),
    "chord.ask_up": ("请求支援", "Ask for help of"),
    "chord.offer": ("指挥移交", "The command"),
    "chord.accept": ("接受", "accept"),
    "chord.decline": ("退回", "decline"),
    "chord.take_back": ("撤回移交", "take the offer back"),
    "chord.cameras": ("打开摄像机", "Open camera"),
    "chord.cancel": ("取消", "cancel"),
    "chord.confirm": ("确定", "confirm"),
    # duty console: orders on their way
    "order.sending": ("正在发送：{d}", "Sending: {d}"),
    "order.accepted": ("已生效：{d}", "Done: {d}"),
    "order.repeated": ("此前已生效：{d}", "Done before: {d}"),
    "order.conflict": ("未执行“{d}”：已由 {b} 于 {t} 处理", "Not done ({d}): {b} was first, at {t}"),
    "order.refused": ("未执行“{d}”：{w}", "Not done ({d}): {w}"),
    "order.waiting": ("服务器暂不可用，正在重发：{d}", "The server is away; trying again: {d}"),
    "order.confirm": ("服务器中断超过 10 秒，未确认送达：{d} — Enter 重发，Esc 放弃", "No answer for over 10 s: {d} — Enter sends again, Esc gives up"),
    "order.dropped": ("已放弃：{d}（请核对是否已生效）", "Given up: {d} (check whether it took effect)"),
    "order.signed_out": ("登录已失效，请重新登录；已填内容保留", "You are signed out; what you typed is kept"),
    "order.undo": ("{d} — 可撤销", "{d} — can be undone"),
    "order.undone": ("已撤销：{d}", "Undone: {d}"),
    "order.sign_in": ("登录", "Sign in"),
    # duty console: sound
    "sound.on": ("声音已开", "Sound on"),
    "sound.muted": ("已静音：{r}，至 {t}", "Muted: {r}, until {t}"),
    "sound.blocked": ("浏览器未允许声音 — 点击或按任意键启用", "The browser blocks sound — click or press a key"),
    "sound.ringing": ("告警鸣响 {l} 级", "Ringing, level {l}"),
    # duty console: alarms
    "no_alarms": ("没有告警", "No alarms"),
    "alarm.incident": ("事件未确认", "Not acknowledged"),
    "alarm.leg": ("到场超时", "Late on scene"),
    "alarm.report": ("初报超时", "Report late"),
    "alarm.order": ("力量未应", "Unit not coming"),
    "alarm.sos": ("人员求救", "SOS"),
    "alarm.sensor": ("传感器越限", "Sensor"),
    "alarm.alert": ("视频预警", "Video alert"),
    "alarm.feed": ("数据源中断", "Feed lost"),
    "alarm.cases": ("案件集中逾期", "Cases overdue"),
    "alarm.storage": ("存储不足", "Storage"),
    "alarm_active": ("持续", "active"),
    "alarm_cleared": ("已恢复", "cleared"),
    "alarm_state.waiting": ("未确认", "unacknowledged"),
    "alarm_state.cleared": ("未确认", "unacknowledged"),
    "alarm_state.acknowledged": ("已确认", "acknowledged"),
    "alarm_state.shelved": ("已搁置", "shelved"),
    "alarm_state.asked": ("搁置待批", "shelving asked for"),
    "alarm_head.level": ("级", "Lv"),
    "alarm_head.kind": ("类别", "Kind"),
    "alarm_head.what": ("内容", "What"),
    "alarm_head.where": ("区域 → 升级至", "Where → climbed to"),
    "alarm_head.state": ("状态", "State"),
    "alarm_head.since": ("已持续", "For"),
    "alarm_head.until": ("确认人 / 搁置剩余", "By / shelved for"),
    "alarms.last_10_min": ("近10分钟", "10 min"),
    "alarms.last_hour": ("近1小时", "1 h"),
    "alarms.last_day": ("近24小时", "24 h"),
    "alarms.stale": ("长期", "Standing"),
    "alarms.chattering": ("抖动", "Chattering"),
    "alarms.shelved": ("搁置", "Shelved"),
    "alarm_limits": ("可承受 {n}，上限 {m}", "{n} is bearable, {m} the most"),
    "chattering": ("抖动", "chattering"),
    "standing": ("长期", "standing"),
    "flood": ("告警泛滥，自 {t}", "Flood since {t}"),
    "folded": ("{n} 条已归并", "{n} folded"),
    "more_alarms": ("另有 {n} 条", "{n} more"),
    # duty console: command tree and shift
    "tree_head.centre": ("中心", "Centre"),
    "tree_head.screen": ("屏幕", "Screen"),
    "tree_head.console": ("值班席", "Console"),
    "tree_head.commands": ("指挥", "Commands"),
    "tree_head.answer": ("点名", "Roll-call"),
    "nobody_there": ("无人", "nobody"),
    "roll_calls": ("点名", "Roll-calls"),
    "no_roll_call": ("今日未点名", "No roll-call today"),
    "roll_figures": ("应答 {n}/{m}，迟 {k}", "{n} of {m} answered, {k} late"),
    "roll_there": ("在岗", "there"),
    "roll_late": ("迟", "late"),
    "roll_missing": ("未应答", "no answer"),
    "roll_waits": ("等待应答", "waiting"),
    "earlier": ("历次交接", "Earlier handovers"),
    "no_earlier": ("没有交接记录", "No handover on record"),
    "not_taken": ("待接班", "not taken over"),
    "handover_waits": ("{b} 于 {t} 签字交班，等待接班人签字；此前仍由交班人负责", "{b} signed at {t}; until somebody takes over, that shift stays responsible"),
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
