import pytest

from layouts.handover_text import document_lines
from layouts.words import Lang

DOCUMENT = {
    "version": 1,
    "centre": "A",
    "name": "甲街道",
    "name_en": "A Sub-district",
    "from": "2026-11-20T08:30:00+08:00",
    "to": "2026-11-20T20:30:00+08:00",
    "goes": {
        "leader": "何",
        "chief": "蔡",
        "officers": ["张", "李"],
        "from": "2026-11-20T08:30:00+08:00",
        "to": "2026-11-20T20:30:00+08:00",
    },
    "comes": None,
    "incidents": [
        {
            "key": "cad/I1",
            "title": "仓库起火",
            "kind": "fire",
            "level": 2,
            "drill": True,
            "reported_at": "2026-11-20T19:00:00+08:00",
            "acknowledged": False,
            "in_command": "甲街道",
            "offered_to": "示范区",
            "late": ["volunteer", "police"],
        }
    ],
    "reports": [{"title": "仓库起火", "part": "first", "due_at": "2026-11-20T19:30:00+08:00", "late": True}],
    "orders": [{"title": "仓库起火", "unit": "PO1", "at": "2026-11-20T19:02:00+08:00", "state": "", "late": True}],
    "unacknowledged": [{"key": "sensor/G1", "title": "水位", "level": 3, "raised_at": "2026-11-20T19:10:00+08:00"}],
    "shelved": [{"title": "边坡", "level": 4, "until": "2026-11-20T23:00:00+08:00", "by": "李", "reason": "检修"}],
    "claimed": [{"title": "烟火", "since": "2026-11-20T19:20:00+08:00", "by": "甲街道"}],
    "feeds": [{"title": "定位网关", "state": "lost", "last": "2026-11-20T19:25:00+08:00"}],
    "more": {"unacknowledged": 9},
    "cases": {"open": 12345, "overdue": 67, "supervised": 8},
    "handled": {"incidents": [{"title": "积水", "closed_at": "2026-11-20T15:00:00+08:00"}], "alerts": 5},
    "notes": "泵房钥匙在一号柜\n第二行",
}


def test_a_document_reads_in_chinese() -> None:
    assert document_lines(DOCUMENT, Lang.ZH) == [
        "甲街道 交接班记录 2026-11-20 08:30 – 2026-11-20 20:30",
        "交班: 带班领导 何, 值班长 蔡, 值班员 张、李 (2026-11-20 08:30 – 2026-11-20 20:30)",
        "接班: 未排班",
        "未结突发事件 (1)",
        "- Ⅱ 仓库起火 · 演练 · 2026-11-20 19:00 · 未确认 · 指挥 甲街道 · 移交待接 示范区 · 超时 义警、民警",
        "待报信息 (1)",
        "- 仓库起火 · 初报 · 时限 2026-11-20 19:30 · 逾期",
        "未获接受的指令 (1)",
        "- 仓库起火 · PO1 · 2026-11-20 19:02 · 无回应 · 逾期",
        "未确认告警 (10)",
        "- Ⅲ 传感器越限 水位 · 2026-11-20 19:10",
        "- 另有 9 条",
        "搁置告警 (1)",
        "- Ⅳ 边坡 · 至 2026-11-20 23:00 · 李 · 检修",
        "处理中预警 (1)",
        "- 烟火 · 2026-11-20 19:20 · 甲街道",
        "异常数据源 (1)",
        "- 定位网关 · 中断 · 最后 2026-11-20 19:25",
        "案件: 在办 12,345, 逾期 67, 督办 8",
        "本班已办：突发事件 1 起，预警 5 条",
        "- 积水 · 2026-11-20 15:00",
        "值班备注",
        "泵房钥匙在一号柜",
        "第二行",
    ]


def test_a_document_reads_in_english() -> None:
    lines = document_lines(DOCUMENT, "en")
    assert lines[0] == "A Sub-district shift handover 2026-11-20 08:30 – 2026-11-20 20:30"
    assert "- Ⅲ Sensor 水位 · 2026-11-20 19:10" in lines
    assert "- Ⅳ 边坡 · until 2026-11-20 23:00 · 李 · 检修" in lines


@pytest.mark.parametrize("lang", list(Lang))
def test_a_document_that_says_little_can_still_be_read(lang: Lang) -> None:
    lines = document_lines({"centre": "A", "name": "甲"}, lang)
    assert any(line.endswith("(0)") for line in lines)
    assert lines[-1] in ("无", "none")


@pytest.mark.parametrize("state", ["", "delivered", "read", "declined", "failed", "by_voice"])
def test_every_state_of_an_order_has_a_word(state: str) -> None:
    order = {**DOCUMENT["orders"][0], "state": state}  # type: ignore[index]
    assert document_lines({**DOCUMENT, "orders": [order]}, Lang.EN)
