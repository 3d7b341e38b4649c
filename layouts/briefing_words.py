"""Words of the briefing: the name and the definition of every figure, chart, table and column, zh and en."""

from layouts.words import Lang

# ruff: noqa: E501 - one line a word: a definition that is broken cannot be compared with its translation
Pair = tuple[str, str]

TITLES: dict[str, Pair] = {
    "briefing": ("每周简报", "Weekly briefing"),
    "section.cases": ("案件总体", "Cases"),
    "section.kinds": ("什么、哪里、何时", "What, where, when"),
    "section.areas": ("约谈名单", "To be talked to"),
    "section.assessment": ("双向考核", "Double assessment"),
    "section.response": ("1-3-5 响应", "1-3-5 response"),
    "section.alerts": ("视频预警", "Video alerts"),
    "section.alarms": ("告警健康", "Alarm health"),
    "section.feeds": ("数据源", "Feeds"),
    "section.patrol": ("巡查覆盖", "Patrol coverage"),
    "cases.found": ("上报案件", "Cases found"),
    "cases.closed": ("结案", "Closed"),
    "cases.on_time": ("按期结案率", "On-time closure rate"),
    "cases.returned": ("退单率", "Returned"),
    "cases.reworked": ("返工率", "Reworked"),
    "cases.p50": ("处置时长 P50", "Handling time p50"),
    "cases.p90": ("处置时长 P90", "Handling time p90"),
    "cases.open": ("周末在办", "Open at week's end"),
    "cases.overdue": ("在办逾期率", "Open and overdue"),
    "cases.net": ("净流入", "Net inflow"),
    "cases.clear_by": ("清零时间", "Clear by"),
    "cases.trend": ("十三周上报与结案", "Found and closed, 13 weeks"),
    "cases.on_time_trend": ("按期结案率走势", "On-time rate over the weeks"),
    "cases.handling_trend": ("处置时长走势", "Handling time over the weeks"),
    "cases.by_sub_district": ("按街道", "By sub-district"),
    "cases.by_department": ("按部门", "By department"),
    "kinds.matrix": ("案件类别 × 街道", "Item by sub-district"),
    "kinds.hours": ("星期 × 小时", "Weekday by hour"),
    "kinds.cells": ("热点网格", "Hot cells"),
    "kinds.risen": ("上升最多", "What rose most"),
    "kinds.hot_cells": ("热点网格前二十", "Hot cells, the first 20"),
    "areas.below_sub_district": ("连续低于均值的街道", "Sub-districts below the average for weeks"),
    "areas.below_department": ("连续低于均值的部门", "Departments below the average for weeks"),
    "areas.slow_sub_district": ("连续偏慢的街道", "Sub-districts slower than the average for weeks"),
    "areas.slow_department": ("连续偏慢的部门", "Departments slower than the average for weeks"),
    "areas.returning_sub_district": ("退单率连续偏高的街道", "Sub-districts with more returns for weeks"),
    "areas.returning_department": ("退单率连续偏高的部门", "Departments with more returns for weeks"),
    "areas.response_sub_district": ("1-3-5 到场率连续偏低的街道", "Sub-districts below the average of 1-3-5 for weeks"),
    "assessment.sub_districts": ("部门评街道", "Departments score sub-districts"),
    "assessment.communities": ("街道评社区", "Sub-districts score communities"),
    "assessment.contractors": ("街道评处置单位", "Sub-districts score contractors"),
    "response.incidents": ("突发事件", "Incidents"),
    "response.acknowledged": ("确认用时 P50", "Acknowledged, p50"),
    "response.acknowledged_p90": ("确认用时 P90", "Acknowledged, p90"),
    "response.volunteer": ("义警 1 分钟到场率", "Volunteer within 1 min"),
    "response.volunteer_p50": ("义警到场 P50", "Volunteer, p50"),
    "response.volunteer_p90": ("义警到场 P90", "Volunteer, p90"),
    "response.auxiliary": ("辅警 3 分钟到场率", "Auxiliary within 3 min"),
    "response.auxiliary_p50": ("辅警到场 P50", "Auxiliary, p50"),
    "response.auxiliary_p90": ("辅警到场 P90", "Auxiliary, p90"),
    "response.police": ("民警 5 分钟到场率", "Police within 5 min"),
    "response.police_p50": ("民警到场 P50", "Police, p50"),
    "response.police_p90": ("民警到场 P90", "Police, p90"),
    "response.first_reports": ("初报及时率", "First reports in time"),
    "response.trend": ("到场率走势", "Attainment over the weeks"),
    "response.drills": ("演练（不计入）", "Drills (not counted)"),
    "response.late_records": ("补报", "Late records"),
    "response.by_kind": ("按类别", "By kind"),
    "response.by_area": ("按街道", "By sub-district"),
    "alerts.count": ("预警", "Alerts"),
    "alerts.precision": ("准确率", "Precision"),
    "alerts.expired": ("无人处理", "Nobody took up"),
    "alerts.p50": ("响应时长 P50", "Time to respond, p50"),
    "alerts.p90": ("响应时长 P90", "Time to respond, p90"),
    "alerts.floods": ("预警泛滥时段", "Periods in flood"),
    "alerts.by_kind": ("按算法", "By algorithm"),
    "alarms.per_day": ("日均告警", "Alarms a day"),
    "alarms.per_operator": ("每席日均告警", "Alarms per operator and day"),
    "alarms.floods": ("告警泛滥时段", "Periods in flood"),
    "alarms.worst": ("十分钟最多", "Most in ten minutes"),
    "alarms.stale": ("长期告警", "Stale"),
    "alarms.chattering": ("抖动告警", "Chattering"),
    "alarms.top_ten": ("前十来源占比", "Share of the top ten"),
    "alarms.unapproved": ("未批准搁置", "Shelved without approval"),
    "alarms.mix": ("按级别", "By level"),
    "feeds.uptime": ("数据源完好率", "Feed uptime"),
    "feeds.by_feed": ("按数据源", "By feed"),
    "patrol.coverage": ("网格日巡查率", "Cells seen each day"),
    "patrol.by_area": ("按街道", "By sub-district"),
}

DEFINITIONS: dict[str, Pair] = {
    "cases.found": ("本周上报的案件数，按上报时间。", "Cases reported within the week, by the time of the report."),
    "cases.closed": (
        "本周结案的案件数，按结案时间，不含不予立案。",
        "Cases closed within the week; declined ones are not among them.",
    ),
    "cases.on_time": (
        "本周结案且不晚于时限 ÷ 本周结案且有时限。",
        "Closed in the week not after their limit / closed in the week with a limit.",
    ),
    "cases.returned": ("本周被退单的案件 ÷ 本周上报。", "Cases returned in the week / cases found in it."),
    "cases.reworked": (
        "本周返工的案件 ÷ 本周上报。",
        "Cases sent back by verification in the week / cases found in it.",
    ),
    "cases.p50": (
        "本周结案案件从上报到结案的中位时长（自然时间）。",
        "Median time from report to close of those closed in the week (natural time).",
    ),
    "cases.p90": (
        "本周结案案件从上报到结案的第 90 百分位。",
        "90th percentile of the time from report to close of those closed in the week.",
    ),
    "cases.open": ("周日 24:00 仍未结案的案件。", "Cases open at Sunday 24:00."),
    "cases.overdue": (
        "周末在办中已过时限（挂账停表） ÷ 周末在办。",
        "Open at the week's end and past their limit (held clocks stand still) / all open then.",
    ),
    "cases.net": ("本周上报 − 本周结案。", "Found minus closed in the week."),
    "cases.clear_by": (
        "若每周都如本周，在办清零的时间；流入多于流出时未知。",
        "When nothing would be open if every week were like this one; unknown while more comes than goes.",
    ),
    "cases.trend": ("每周上报与结案。", "Found and closed by week."),
    "cases.on_time_trend": ("每周按期结案率。", "On-time closure rate by week."),
    "cases.handling_trend": ("每周处置时长 P50、P90。", "Handling time p50 and p90 by week."),
    "cases.by_sub_district": ("案件所在街道。", "By where the case is."),
    "cases.by_department": ("最后承办的部门。", "By who had it last."),
    "kinds.matrix": ("本周上报最多的类别在各街道的件数。", "The most frequent items of the week by sub-district."),
    "kinds.hours": ("本周上报的星期与小时（当地时间）。", "When cases were reported, local time."),
    "kinds.cells": ("本周上报最多的网格。", "The cells in which most was reported."),
    "kinds.risen": (
        "与前 8 周均值相比；标“上升”者按负二项检验及 BH 校正（误报率 5%）不是波动。",
        "Against the mean of the 8 weeks before; “risen” is no noise by a negative binomial test with Benjamini-Hochberg (5 %).",
    ),
    "kinds.hot_cells": ("本周上报最多的二十个网格。", "The twenty cells in which most was reported in the week."),
    "areas.below_sub_district": (
        "按期结案率连续数周（默认 3 周）低于全体、且每周件数足够（默认 20 件）的街道；持平不列。",
        "On-time rate below that of all together for weeks running (3) with enough cases in each (20): sub-districts. Ties are not listed.",
    ),
    "areas.slow_sub_district": (
        "处置时长 P50 连续数周高于全体、且每周结案数足够的街道。",
        "Median handling time above that of all for weeks running, with enough closed in each: sub-districts.",
    ),
    "areas.returning_sub_district": (
        "退单率连续数周高于全体、且每周上报数足够的街道。",
        "Rate of returns above that of all for weeks running, with enough found in each: sub-districts.",
    ),
    "areas.below_department": (
        "按期结案率连续数周（默认 3 周）低于全体、且每周件数足够（默认 20 件）的部门；持平不列。",
        "On-time rate below that of all together for weeks running (3) with enough cases in each (20): departments. Ties are not listed.",
    ),
    "areas.slow_department": (
        "处置时长 P50 连续数周高于全体、且每周结案数足够的部门。",
        "Median handling time above that of all for weeks running, with enough closed in each: departments.",
    ),
    "areas.returning_department": (
        "退单率连续数周高于全体、且每周上报数足够的部门。",
        "Rate of returns above that of all for weeks running, with enough found in each: departments.",
    ),
    "areas.response_sub_district": (
        "1-3-5 到场率（未知计入分母）连续数周低于全体、且每周段数足够的街道。",
        "1-3-5 attainment, unknowns in the denominator, below that of all for weeks running, with enough legs in each.",
    ),
    "assessment.sub_districts": (
        "按权重合成的 0–100 分；未知指标不计权重。",
        "Weighted score, 0 to 100; what is not known carries no weight.",
    ),
    "assessment.communities": (
        "按权重合成的 0–100 分；未知指标不计权重。",
        "Weighted score, 0 to 100; what is not known carries no weight.",
    ),
    "assessment.contractors": (
        "按权重合成的 0–100 分；未知指标不计权重。",
        "Weighted score, 0 to 100; what is not known carries no weight.",
    ),
    "response.incidents": ("本周上报的突发事件，演练除外。", "Incidents reported in the week, drills left out."),
    "response.acknowledged": ("上报到首次确认的中位时长。", "Median time from report to the first acknowledgement."),
    "response.acknowledged_p90": (
        "上报到首次确认的第 90 百分位。",
        "90th percentile from report to the first acknowledgement.",
    ),
    "response.first_reports": (
        "时限内发出初报的事件 ÷（时限内发出＋已过时限未发）。",
        "Incidents whose first report went up in time / those and the ones whose time passed without.",
    ),
    "response.trend": (
        "每周各层级到场率，未知计入分母。",
        "Attainment of each tier by week; unknowns are in the denominator.",
    ),
    "response.drills": ("本周演练，不计入任何统计。", "Drills of the week; they are in no figure."),
    "response.late_records": (
        "发生后很久才收到的事件，计入统计。",
        "Incidents that reached us long after they were reported; they are counted.",
    ),
    "response.by_kind": ("按事件类别与层级；未知计入分母。", "By kind and tier; unknowns are in the denominator."),
    "response.by_area": ("按街道与层级；未知计入分母。", "By sub-district and tier; unknowns are in the denominator."),
    "alerts.count": ("本周首次出现的预警，合并后。", "Alerts that began in the week, after bundling."),
    "alerts.precision": (
        "确认 ÷（确认＋误报）；未判定者另计。",
        "Confirmed / (confirmed + false); what nobody judged is apart.",
    ),
    "alerts.expired": ("无人认领而过期 ÷ 全部预警。", "Expired without anybody taking them up / all alerts."),
    "alerts.p50": ("首次信号到认领或判定的中位时长。", "Median time from the first signal to claim or verdict."),
    "alerts.p90": (
        "首次信号到认领或判定的第 90 百分位。",
        "90th percentile of the time from the first signal to claim or verdict.",
    ),
    "alerts.floods": (
        "十分钟内新预警超过 10 条的时段占比。",
        "Share of 10-minute periods in which more than 10 alerts began.",
    ),
    "alerts.by_kind": (
        "每种算法的准确率与响应时长（出现到认领或判定）。",
        "Precision of each algorithm, and the time from first signal to claim or verdict.",
    ),
    "alarms.per_day": ("每日告警数。", "Raised a day."),
    "alarms.per_operator": (
        "告警数除以值班台前的人日；每席 150 条以内可接受，300 条为上限。",
        "Raised, by days of officers at a console; about 150 are acceptable, 300 the most (ISA-18.2, EEMUA 191).",
    ),
    "alarms.floods": (
        "十分钟内超过 10 条的时段占比；应低于 1%。",
        "Share of 10-minute periods with more than 10 alarms; should be under 1 %.",
    ),
    "alarms.worst": ("一周内十分钟最多的告警数。", "The most alarms in any ten minutes."),
    "alarms.stale": ("持续超过 24 小时的告警；应少于 5 条。", "Active for more than 24 h; should be fewer than 5."),
    "alarms.chattering": ("反复触发的告警；目标为 0。", "Raised again and again; the target is 0."),
    "alarms.top_ten": (
        "最多的十个来源占全部告警的比例；宜低于 5%。",
        "Share of the ten most frequent of all; 1 to 5 % is good.",
    ),
    "alarms.unapproved": (
        "最高级告警未经第二人批准即被搁置；应为 0。",
        "Of the top level and shelved without a second person; should be 0.",
    ),
    "alarms.mix": ("各级告警数；宜以低级为主。", "Raised by level; most should be low."),
    "feeds.uptime": (
        "状态良好的采样 ÷ 全部采样（约每分钟一次）。",
        "Samples in which the source was well / all samples, about one a minute.",
    ),
    "feeds.by_feed": (
        "每个数据源的完好率、不正常时长与拒收率。",
        "Uptime of each source, how long it was not well, and what of it was refused.",
    ),
    "patrol.coverage": ("一日内至少巡查一次的网格日 ÷ 网格数 × 7。", "Cell-days with at least one patrol / cells x 7."),
    "patrol.by_area": ("各街道网格日巡查率。", "By sub-district."),
}
for _tier, _zh, _en in (
    ("volunteer", "义警", "volunteers"),
    ("auxiliary", "辅警", "auxiliaries"),
    ("police", "民警", "police"),
):
    DEFINITIONS[f"response.{_tier}"] = (
        f"{_zh}在时限内到场的段 ÷ 全部要求的段；无人能说的计入分母。",
        f"Legs of {_en} met within their limit / all that were required; those nobody can tell of are in the denominator.",
    )
    DEFINITIONS[f"response.{_tier}_p50"] = (
        f"{_zh}从计时零点到场的中位时长。",
        f"Median time from clock zero to the arrival of {_en}.",
    )
    DEFINITIONS[f"response.{_tier}_p90"] = (
        f"{_zh}到场时长的第 90 百分位。",
        f"90th percentile of the arrival of {_en}.",
    )

LABELS: dict[str, Pair] = {
    "area": ("单位", "Area"), "item": ("类别", "Item"), "kind": ("类别", "Kind"), "tier": ("层级", "Tier"), "feed": ("数据源", "Feed"),
    "algorithm": ("算法", "Algorithm"), "found": ("上报", "Found"), "closed": ("结案", "Closed"), "on_time": ("按期率", "On time"),
    "p50": ("P50", "p50"), "p90": ("P90", "p90"), "returned": ("退单", "Returned"), "reworked": ("返工", "Reworked"),
    "count": ("本周", "Week"), "mean": ("前 8 周均值", "Mean before"), "change": ("变化", "Change"), "chance": ("偶然概率", "By chance"),
    "average": ("均值", "Average"), "worst": ("最差", "Worst"), "score": ("总分", "Score"), "known": ("权重已知", "Weight known"),
    "part.on_time": ("按期", "On time"), "part.returned": ("退单", "Returns"), "part.rework": ("返工", "Rework"),
    "part.handling": ("时长", "Handling"), "part.patrol": ("巡查", "Patrol"), "legs": ("段", "Legs"), "met": ("按时", "Met"),
    "unknown": ("未知", "Unknown"), "attainment": ("到场率", "Attainment"), "alerts": ("预警", "Alerts"), "confirmed": ("确认", "Confirmed"),
    "false": ("误报", "False"), "expired": ("过期", "Expired"), "precision": ("准确率", "Precision"), "uptime": ("完好率", "Uptime"),
    "accepted": ("接收", "Accepted"), "refused": ("拒收", "Refused"), "coverage": ("巡查率", "Coverage"), "cells": ("网格", "Cells"),
    "raised": ("告警", "Raised"), "rise": ("上升", "risen"), "rise_head": ("明显上升", "Risen"), "below": ("连续偏低", "below"), "cell": ("网格", "Cell"),
    "week": ("周", "Week"), "centre": ("中心", "Centre"), "previous": ("上周", "Week before"), "last_year": ("去年同周", "Last year"),
    "numerator": ("分子", "Numerator"), "denominator": ("分母", "Denominator"), "rows": ("明细", "The rows behind it"),
    "definition": ("口径", "Definition"), "value": ("数值", "Value"), "figure": ("指标", "Figure"), "stamp": ("数据截至", "Data stamp"),
    "frozen": ("已定稿", "Frozen"), "by": ("定稿人", "By"), "digest": ("摘要", "Digest"), "freeze": ("定稿", "Freeze"),
    "incomplete": ("本周未完", "The week is not over"), "earlier": ("上一周", "Earlier week"), "later": ("下一周", "Later week"),
    "present": ("演示", "Present"), "notes": ("讲稿", "Notes"), "pptx": ("PowerPoint", "PowerPoint"), "xlsx": ("Excel", "Excel"), "pdf": ("PDF", "PDF"),
    "print": ("打印", "Print"), "questions": ("查询", "Questions"), "appendix": ("附录：口径与数据", "Appendix: definitions and data"),
    "headline": ("本周要点", "This week"), "replay": ("回放", "Replay"), "total": ("共", "Total"), "page": ("页", "Page"), "back": ("返回", "Back"),
    "slides": ("← → 翻页 · F 全屏 · N 讲稿 · B 黑屏 · Esc 退出", "← → slides · F full screen · N notes · B black · Esc leave"),
    "made": ("生成于", "Made"), "export_by": ("内部资料 · 导出人", "Internal · exported by"), "go": ("查看", "Show"),
    "away": ("历史档案暂不可用，请稍后再试。", "The archive cannot be asked now; try again in a moment."),
    "nothing": ("没有数据", "No data"), "settings": ("参数", "Settings"), "working": ("正在生成", "Working"), "ready": ("下载", "Download"),
    "failed": ("未能生成：", "It failed:"), "weekday.0": ("周一", "Mon"), "weekday.1": ("周二", "Tue"), "weekday.2": ("周三", "Wed"),
    "weekday.3": ("周四", "Thu"), "weekday.4": ("周五", "Fri"), "weekday.5": ("周六", "Sat"), "weekday.6": ("周日", "Sun"),
    "remark.incomplete": ("本周尚未结束，数字还会变化。", "The week is not over; its figures will change."),
    "remark.no_last_year": ("档案中没有去年同周的数据。", "The archive has nothing of the same week of last year."),
    "remark.no_patrol": ("没有巡查记录：巡查率未知，不计分。", "No patrol is on record: coverage is unknown and not scored."),
    "points": ("个百分点", "pp"), "as_of": ("数据截至", "As of"), "revision": ("版次", "revision"), "minute": ("分", "min"), "second": ("秒", "s"), "was": ("上周", "was"), "closing": ("谢谢", "Thank you"),
    "why_unknown": ("没有可供计算的数据，所以未知；未知不作零。", "There is nothing to reckon it from, so it is unknown, which is not zero."),
    "sure_freeze": ("定稿后数字、查询与数据戳将被保存，不能修改（可再定稿为新的一版）。确定？", "Freeze it? Figures, queries and stamp are kept as they are; freezing again makes another revision."),
    "keep_notes": ("保存讲稿", "Keep the notes"), "more_rows": ("全部 {n} 行见简报", "all {n} rows are in the briefing"),
    "replay_slide": ("回看：本周最重大事件", "Looking back: the gravest incident of the week"), "replay_key": ("按 R 打开，Esc 返回", "R opens it, Esc comes back"),
    "definitions_at": ("每个数字的口径与明细：/briefing", "Definitions of all figures and the rows behind them: /briefing"),
    "incomplete_refused": ("本周尚未结束，不能定稿。", "The week is not over, so it cannot be frozen."),
    "changed_since": ("定稿文件已损坏或被改动，不予显示：", "The frozen file is damaged or was changed, so it is not shown: "),
    "in_time": ("按期", "In time"), "limited": ("有时限", "With a limit"), "returned_rate": ("退单率", "Return rate"),
    "well": ("正常采样", "Well"), "samples": ("采样", "Samples"), "seen": ("已巡网格日", "Cell-days seen"), "day": ("日期", "Day"), "hour": ("时段", "Hour"),
    "weekday": ("星期", "Weekday"), "filter": ("{name}：{value}", "{name}: {value}"), "unfiltered": ("不筛选", "Without the filter"),
    "back_to_briefing": ("返回简报", "Back to the briefing"), "page_before": ("上一页", "Earlier rows"), "page_after": ("下一页", "More rows"),
    "no_filter": ("这份明细不能按“{name}”这样筛选", "These rows cannot be narrowed like that by “{name}”"),
    "rows.found": ("本周上报的案件", "Cases found in the week"), "rows.closed": ("本周结案的案件", "Cases closed in the week"),
    "rows.limited": ("本周结案且有时限的案件", "Cases with a limit, closed in the week"), "rows.in_time": ("本周按期结案的案件", "Cases closed in time"),
    "rows.unlimited": ("本周结案且无时限的案件", "Cases without a limit, closed in the week"),
    "rows.acknowledged": ("本周已确认的突发事件", "Incidents of the week that were acknowledged"),
    "rows.alerts_unjudged": ("本周未判定的预警", "Alerts that nobody judged"), "rows.alarms_stale": ("持续超过 24 小时的告警", "Alarms active for more than 24 h"),
    "rows.alarms_chattering": ("反复触发的告警", "Alarms raised again and again"),
    "rows.alarms_unapproved": ("未经第二人批准的搁置", "Shelved without a second person"),
    "rows.late": ("本周逾期结案的案件", "Cases closed after their limit"), "rows.returned": ("本周退单的案件", "Cases returned in the week"),
    "rows.reworked": ("本周返工的案件", "Cases reworked in the week"), "rows.open": ("周末在办的案件", "Cases open at the week's end"),
    "rows.overdue": ("周末在办且逾期的案件", "Cases open and overdue at the week's end"), "rows.incidents": ("本周突发事件", "Incidents of the week"),
    "rows.drills": ("本周演练", "Drills of the week"), "rows.late_records": ("本周补报的事件", "Late records of the week"), "rows.legs": ("1-3-5 全部要求的段", "All legs of 1-3-5 that were required"),
    "rows.legs_met": ("1-3-5 按时到场的段", "Legs of 1-3-5 met in time"), "rows.legs_unknown": ("1-3-5 未知的段", "Legs of 1-3-5 that nobody can tell of"),
    "rows.legs_arrived": ("1-3-5 已到场的段", "Legs of 1-3-5 with an arrival"), "rows.alerts": ("本周预警", "Alerts of the week"),
    "rows.alerts_confirmed": ("本周确认的预警", "Alerts confirmed"), "rows.alerts_false": ("本周误报的预警", "Alerts judged false"),
    "rows.alerts_judged": ("本周已判定的预警", "Alerts that were judged"), "rows.alerts_expired": ("本周过期的预警", "Alerts that expired"),
    "rows.alerts_answered": ("本周已认领或判定的预警", "Alerts claimed or judged"), "rows.raises": ("本周触发的告警", "Alarms raised in the week"),
    "rows.feeds": ("本周数据源采样", "Samples of the sources"), "rows.feeds_well": ("正常的数据源采样", "Samples in which the source was well"),
    "rows.feeds_unwell": ("不正常的数据源采样", "Samples in which the source was not well"), "rows.visits": ("本周巡查到达", "Visits of the week"),
    "rows.cell_days": ("本周已巡的网格日", "Cell-days seen in the week"),
    "no_rows": ("没有这样的明细", "There are no such rows"), "not_allowed": ("您的角色不能导出", "Your role may not take files out"),
    "notes_long": ("讲稿过长", "The notes are too long"),
    "silent": ("不正常时长", "Not well"), "refused_rate": ("拒收率", "Refused rate"), "open": ("在办", "Open"), "overdue": ("逾期", "Overdue"),
    "part.response": ("响应", "Response"), "key": ("编号", "Key"), "title": ("标题", "Title"), "department": ("部门", "Department"),
    "community": ("社区", "Community"), "sub_district": ("街道", "Sub-district"), "stage": ("阶段", "Stage"), "level": ("级别", "Level"),
    "state": ("状态", "State"), "unit": ("力量", "Unit"), "evidence": ("依据", "Evidence"), "device": ("设备", "Device"), "reason": ("理由", "Reason"),
    "name": ("名称", "Name"), "condition": ("状况", "Condition"), "reported_at": ("上报", "Reported"), "due_at": ("时限", "Due"),
    "closed_at": ("结案", "Closed"), "acknowledged_at": ("确认", "Acknowledged"), "zero_at": ("计时零点", "Clock zero"),
    "arrived_at": ("到场", "Arrived"), "first_at": ("首次", "First"), "claimed_at": ("认领", "Claimed"), "decided_at": ("判定", "Decided"),
    "cleared_at": ("恢复", "Cleared"), "shelved_until": ("搁置至", "Shelved until"),
    "raised_at": ("触发", "Raised"), "told_at": ("记录", "Sampled"), "seen_at": ("到达", "Seen"),
    "target": ("目标", "Target"), "table": ("表", "Table"), "row_count": ("行数", "Rows"), "last_id": ("末条编号", "Last id"), "in_notes": ("见备注", "see the notes"),
    "up": ("升", "up"), "down": ("降", "down"), "same": ("持平", "unchanged"), "worse": ("变差", "worse"), "better": ("变好", "better"),
}  # fmt: skip


def title(id_: str, lang: Lang) -> str:
    """The name of a figure, chart, table or section."""
    return TITLES[id_][_place(lang)]


def definition(id_: str, lang: Lang) -> str:
    """What it counts."""
    return DEFINITIONS[id_][_place(lang)]


def label(id_: str, lang: Lang) -> str:
    """The word of a column, a series or a control; an unknown one stands for itself."""
    return LABELS[id_][_place(lang)] if id_ in LABELS else id_


def _place(lang: Lang) -> int:
    return 0 if lang is Lang.ZH else 1
