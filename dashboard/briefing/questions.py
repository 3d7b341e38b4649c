"""Every question of the briefing as SQL over the archive's tables, by name; a briefing keeps those that made it.

`scoped` stands for the rows of a table that lie within the centre. Times are epoch seconds. `weeks` is a table of the
weeks looked at: place (0 is the oldest), a (start), b (end).
"""

_SCOPED = """
    SELECT * FROM {table}
    WHERE ($whole OR list_contains($communities, community)) {department}
"""


def scoped(table: str) -> str:
    """The rows of a table within the centre of a briefing."""
    department = "AND ($department = '' OR department = $department)" if table == "cases" else ""
    return _SCOPED.format(table=table, department=department)


_CASES = f"cases_here AS ({scoped('cases')})"
_INCIDENTS = f"""
    counted AS (
        SELECT * FROM ({scoped("incidents")})
        WHERE NOT drill AND reported_at >= $a AND reported_at < $b
    ),
    required AS (
        SELECT l.*, i.kind, i.sub_district, i.zero_at
        FROM legs l JOIN counted i USING (key) WHERE l.state <> 'not_required' AND l.needed > 0
    )
"""
_LEG_FIGURES = """
    count(*) AS legs,
    count(*) FILTER (state = 'met') AS met,
    count(*) FILTER (state IN ('unknown', 'running', 'at_risk')) AS unknown,
    quantile_cont(arrived_at - zero_at, 0.5) FILTER (arrived_at IS NOT NULL) AS p50,
    quantile_cont(arrived_at - zero_at, 0.9) FILTER (arrived_at IS NOT NULL) AS p90
"""
# Open at T: found before T and not closed before it. Some sources close before they find.
_DONE = "greatest(reported_at, closed_at)"

QUERIES: dict[str, str] = {
    "found_by_week": f"""
        WITH {_CASES}
        SELECT w.place, count(*) FROM cases_here c ASOF JOIN weeks w ON c.reported_at >= w.a
        WHERE c.reported_at < w.b AND c.reported_at >= $first GROUP BY w.place
    """,
    "closed_by_week": f"""
        WITH {_CASES}, closed AS (
            SELECT *, closed_at - reported_at AS took FROM cases_here
            WHERE stage = 'closed' AND closed_at >= $first AND closed_at < $last
        )
        SELECT w.place, count(*), count(*) FILTER (due_at IS NOT NULL),
            count(*) FILTER (due_at IS NOT NULL AND closed_at <= due_at),
            quantile_cont(took, 0.5), quantile_cont(took, 0.9)
        FROM closed c ASOF JOIN weeks w ON c.closed_at >= w.a
        WHERE c.closed_at < w.b GROUP BY w.place
    """,
    "returned_by_week": f"""
        WITH {_CASES}
        SELECT w.place, count(*) FROM cases_here c ASOF JOIN weeks w ON c.returned_at >= w.a
        WHERE c.returned_at < w.b GROUP BY w.place
    """,
    "reworked_by_week": f"""
        WITH {_CASES}
        SELECT w.place, count(*) FROM cases_here c ASOF JOIN weeks w ON c.reworked_at >= w.a
        WHERE c.reworked_at < w.b GROUP BY w.place
    """,
    "open_by_week": f"""
        WITH {_CASES}
        SELECT w.place,
            (SELECT count(*) FROM cases_here WHERE reported_at < w.b)
            - (SELECT count(*) FROM cases_here WHERE {_DONE} < w.b AND closed_at IS NOT NULL)
        FROM weeks w
    """,
    "overdue_at_end": f"""
        WITH {_CASES}
        SELECT count(*), count(*) FILTER (least($b, coalesce(held_since, $b)) > due_at) FROM cases_here
        WHERE reported_at < $b AND (closed_at IS NULL OR closed_at >= $b)
    """,
    "by_item": f"""
        WITH {_CASES}
        SELECT item, w.place, count(*) FROM cases_here c ASOF JOIN weeks w ON c.reported_at >= w.a
        WHERE c.reported_at < w.b AND c.reported_at >= $first GROUP BY item, w.place
    """,
    "item_by_area": f"""
        WITH {_CASES}
        SELECT item, sub_district, count(*) FROM cases_here
        WHERE reported_at >= $a AND reported_at < $b GROUP BY item, sub_district
    """,
    "by_hour": f"""
        WITH {_CASES}
        SELECT isodow(timezone($zone, to_timestamp(reported_at))) - 1 AS day,
            hour(timezone($zone, to_timestamp(reported_at))) AS hour, count(*)
        FROM cases_here WHERE reported_at >= $a AND reported_at < $b GROUP BY day, hour
    """,
    "by_cell": f"""
        WITH {_CASES}
        SELECT cell, any_value(community), count(*) AS n FROM cases_here
        WHERE reported_at >= $a AND reported_at < $b AND cell <> ''
        GROUP BY cell ORDER BY n DESC, cell LIMIT $top
    """,
    "area_by_week": f"""
        WITH {_CASES}, closed AS (
            SELECT {{area}} AS area, *, closed_at - reported_at AS took FROM cases_here
            WHERE stage = 'closed' AND closed_at >= $first AND closed_at < $last
        )
        SELECT area, w.place, count(*), count(*) FILTER (due_at IS NOT NULL),
            count(*) FILTER (due_at IS NOT NULL AND closed_at <= due_at), quantile_cont(took, 0.5)
        FROM closed c ASOF JOIN weeks w ON c.closed_at >= w.a
        WHERE c.closed_at < w.b AND area <> '' GROUP BY area, w.place
    """,
    "area_found": f"""
        WITH {_CASES}
        SELECT {{area}} AS area, count(*), count(*) FILTER (returned_at >= $a AND returned_at < $b),
            count(*) FILTER (reworked_at >= $a AND reworked_at < $b)
        FROM cases_here WHERE reported_at >= $a AND reported_at < $b AND area <> '' GROUP BY area
    """,
    "legs": f"WITH {_INCIDENTS} SELECT tier, {_LEG_FIGURES} FROM required GROUP BY tier",
    "legs_by_kind": f"WITH {_INCIDENTS} SELECT kind, tier, {_LEG_FIGURES} FROM required GROUP BY kind, tier",
    "legs_by_area": f"""
        WITH {_INCIDENTS} SELECT sub_district, tier, {_LEG_FIGURES} FROM required
        WHERE sub_district <> '' GROUP BY sub_district, tier
    """,
    "incidents": f"""
        WITH {_INCIDENTS}
        SELECT count(*), count(acknowledged_at), quantile_cont(acknowledged_at - reported_at, 0.5),
            quantile_cont(acknowledged_at - reported_at, 0.9)
        FROM counted
    """,
    "left_out": f"""
        SELECT count(*) FILTER (drill), count(*) FILTER (late_record AND NOT drill) FROM ({scoped("incidents")})
        WHERE reported_at >= $a AND reported_at < $b
    """,
    "alerts": f"""
        SELECT kind, count(*), count(*) FILTER (stage = 'confirmed'), count(*) FILTER (stage = 'false'),
            count(*) FILTER (stage = 'expired'),
            quantile_cont(least(claimed_at, decided_at) - first_at, 0.5),
            quantile_cont(least(claimed_at, decided_at) - first_at, 0.9)
        FROM ({scoped("alerts")})
        WHERE merged_into = '' AND first_at >= $a AND first_at < $b GROUP BY kind
    """,
    "raises": f"""
        SELECT "at", level, key FROM ({scoped("raises")}) WHERE "at" >= $a AND "at" < $b ORDER BY "at"
    """,
    "alarms": f"""
        SELECT count(*), count(*) FILTER (chattering),
            count(*) FILTER (coalesce(cleared_at, $b) - raised_at > 86400),
            count(*) FILTER (shelved_until IS NOT NULL AND level = 1 AND NOT approved)
        FROM ({scoped("alarms")}) WHERE raised_at < $b AND coalesce(cleared_at, $b) >= $a
    """,
    "feeds": """
        SELECT name, any_value(title), count(*), count(*) FILTER (condition = 'good'),
            max(accepted) - min(accepted), max(refused) - min(refused)
        FROM feeds WHERE id >= $first_id AND id < $last_id AND condition <> 'off' GROUP BY name ORDER BY name
    """,
    "patrol": f"""
        WITH seen AS (
            SELECT DISTINCT cell, sub_district,
                strftime(timezone($zone, to_timestamp("at")), '%Y-%m-%d') AS day
            FROM ({scoped("visits")}) WHERE "at" >= $a AND "at" < $b
        )
        SELECT sub_district, count(*) FROM seen GROUP BY sub_district
    """,
}
