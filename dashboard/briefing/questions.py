"""Every question of the briefing as SQL over the archive's tables, by name; a briefing keeps those that made it.

Times are epoch seconds. `scoped` stands for the rows of a table that lie within the centre. `week_of` numbers the weeks
looked at: 0 is the same week of last year, then those of the trend, oldest first; null is any other time. `ends_before`
counts their ends up to a time. `cases_here` is what is asked of cases more than once: the archive is read for it once.
"""

from collections.abc import Sequence

_SCOPED = """
    SELECT * FROM {table}
    WHERE ($whole OR list_contains($communities, community)) {department}
"""
Span = tuple[float, float]


def scoped(table: str) -> str:
    """The rows of a table within the centre of a briefing."""
    department = "AND ($department = '' OR department = $department)" if table == "cases" else ""
    return _SCOPED.format(table=table, department=department)


def week_of(spans: Sequence[Span]) -> str:
    """The macro `week_of` for these weeks, from and to, in order of time."""
    whens = [f"WHEN t < {spans[0][0]!r} OR t IS NULL THEN NULL"]
    until = spans[0][0]
    for place, (a, b) in enumerate(spans):
        if a > until:
            whens.append(f"WHEN t < {a!r} THEN NULL")
        whens.append(f"WHEN t < {b!r} THEN {place}")
        until = b
    return f"CREATE OR REPLACE TEMP MACRO week_of(t) AS CASE {' '.join(whens)} END"


def ends_before(spans: Sequence[Span]) -> str:
    """The macro `ends_before` for these weeks."""
    whens = [f"WHEN t < {b!r} THEN {place}" for place, (_, b) in enumerate(spans)]
    return f"CREATE OR REPLACE TEMP MACRO ends_before(t) AS CASE {' '.join(whens)} ELSE {len(spans)} END"


_OPEN = "reported_at < $b AND (closed_at IS NULL OR closed_at >= $b)"
_OVERDUE = "coalesce(least($b, coalesce(held_since, $b)) > due_at, false)"
_LAST_YEAR = "(reported_at >= $first AND reported_at < $last_year_end)"
_FIRST, _LAST = "least(closed_at, returned_at, reworked_at)", "greatest(closed_at, returned_at, reworked_at)"
# What was found in no week looked at and can have moved in one, or be open: cheap to tell, and little of a year is.
_MOVED = f"""
    (closed_at IS NULL OR {_LAST} >= $trend OR ({_LAST} >= $first AND {_FIRST} < $last_year_end))
"""


def _cases(which: str) -> str:
    """Some cases as `cases_here` has them."""
    return f"""
        SELECT * FROM (
            SELECT item, department, community, sub_district, closed_at - reported_at AS took,
                due_at IS NOT NULL AS has_limit, closed_at <= due_at AS in_time,
                week_of(reported_at) AS found_in,
                CASE WHEN stage = 'closed' THEN week_of(closed_at) END AS closed_in,
                week_of(returned_at) AS returned_in, week_of(reworked_at) AS reworked_in,
                {_OPEN} AS is_open, {_OVERDUE} AS is_overdue
            FROM ({scoped("cases")}) WHERE {which}
        ) WHERE coalesce(found_in, closed_in, returned_in, reworked_in) IS NOT NULL OR is_open
    """


_LEGS = f"""
    counted AS (
        SELECT *, week_of(reported_at) AS week_no FROM ({scoped("incidents")})
        WHERE NOT drill AND reported_at >= $first AND reported_at < $b
    ),
    required AS (
        SELECT l.*, i.kind, i.sub_district, i.zero_at, i.week_no FROM legs l JOIN counted i USING (key)
        WHERE l.needed > 0 AND l.state NOT IN ('not_required', 'running', 'at_risk') AND i.week_no IS NOT NULL
    )
"""
_LEG_FIGURES = """
    count(*) AS legs,
    count(*) FILTER (state = 'met') AS met,
    count(*) FILTER (state = 'unknown') AS unknown,
    quantile_cont(arrived_at - zero_at, 0.5) FILTER (arrived_at IS NOT NULL) AS p50,
    quantile_cont(arrived_at - zero_at, 0.9) FILTER (arrived_at IS NOT NULL) AS p90
"""
_ALERTS = f"""
    looked_at AS (
        SELECT *, week_of(first_at) AS week_no, least(claimed_at, decided_at) - first_at AS took
        FROM ({scoped("alerts")}) WHERE merged_into = '' AND first_at >= $first AND first_at < $b
    )
"""
_ALERT_FIGURES = """
    count(*), count(*) FILTER (stage = 'confirmed'), count(*) FILTER (stage = 'false'),
    count(*) FILTER (stage = 'expired'), quantile_cont(took, 0.5), quantile_cont(took, 0.9)
"""


def _periods(times: str, at: str) -> str:
    """How many ten minutes had more than are a flood, the most in one, and all, by week."""
    return f"""
        SELECT week_no, count(*) FILTER (n > $flood), max(n), sum(n) FROM (
            SELECT week_no, floor({at} / 600), count(*) AS n FROM {times} WHERE week_no IS NOT NULL GROUP BY ALL
        ) GROUP BY week_no
    """


_RAISES = f"""
    raised AS (
        SELECT key, level, "at" AS raised_at, week_of("at") AS week_no
        FROM ({scoped("raises")}) WHERE "at" >= $first AND "at" < $b
    )
"""

# What is asked of alarms that stood in a week, and is behind its figure.
STANDING = {
    "chattering": "chattering",
    "stale": "least(coalesce(cleared_at, $b), $b) - raised_at > 86400",
    "unapproved": "shelved_until IS NOT NULL AND level = 1 AND NOT approved",
}

QUERIES: dict[str, str] = {
    # Of these the archive's files are chosen by the day on which cases were found.
    "cases_here": f"""
        CREATE OR REPLACE TEMP TABLE cases_here AS
        {_cases("reported_at >= $trend")}
        UNION ALL {_cases("reported_at >= $first AND reported_at < $last_year_end")}
    """,
    "cases_moved": f"""
        INSERT INTO cases_here
        {_cases(f"reported_at < $trend AND NOT {_LAST_YEAR} AND {_MOVED}")}
    """,
    "moves": "SELECT {move}_in, count(*) FROM cases_here WHERE {move}_in IS NOT NULL GROUP BY ALL",
    "closed": """
        SELECT closed_in, count(*), count(*) FILTER (has_limit), count(*) FILTER (in_time),
            quantile_cont(took, 0.5), quantile_cont(took, 0.9)
        FROM cases_here WHERE closed_in IS NOT NULL GROUP BY ALL
    """,
    # Open at T: found before it and not closed before it. Some sources close before they find.
    "stock": f"""
        SELECT ends_before(reported_at) AS opened,
            CASE WHEN closed_at IS NOT NULL THEN ends_before(greatest(reported_at, closed_at)) END AS done, count(*)
        FROM ({scoped("cases")}) GROUP BY ALL
    """,
    "overdue": "SELECT count(*) FILTER (is_open), count(*) FILTER (is_open AND is_overdue) FROM cases_here",
    "items": "SELECT item, found_in, count(*) FROM cases_here WHERE found_in IS NOT NULL GROUP BY ALL",
    "item_by_area": """
        SELECT item, sub_district, count(*) FROM cases_here WHERE found_in = $now_place GROUP BY ALL
    """,
    "hours": f"""
        SELECT isodow(timezone($zone, to_timestamp(reported_at))) - 1 AS day,
            hour(timezone($zone, to_timestamp(reported_at))) AS hour, count(*)
        FROM ({scoped("cases")}) WHERE reported_at >= $a AND reported_at < $b GROUP BY ALL
    """,
    "cells": f"""
        SELECT cell, any_value(sub_district), count(*) AS n FROM ({scoped("cases")})
        WHERE reported_at >= $a AND reported_at < $b AND cell <> ''
        GROUP BY cell ORDER BY n DESC, cell LIMIT $cells
    """,
    "area_closed": """
        SELECT {area} AS area, closed_in, count(*), count(*) FILTER (has_limit), count(*) FILTER (in_time),
            quantile_cont(took, 0.5)
        FROM cases_here WHERE closed_in IS NOT NULL AND area <> '' GROUP BY ALL
    """,
    "area_moves": """
        SELECT {area} AS area, {move}_in, count(*) FROM cases_here
        WHERE {move}_in IS NOT NULL AND area <> '' GROUP BY ALL
    """,
    "area_open": """
        SELECT {area} AS area, count(*), count(*) FILTER (is_overdue) FROM cases_here
        WHERE is_open AND area <> '' GROUP BY ALL
    """,
    "legs": f"WITH {_LEGS} SELECT tier, week_no, {_LEG_FIGURES} FROM required GROUP BY tier, week_no",
    "legs_by_kind": f"""
        WITH {_LEGS} SELECT kind, tier, {_LEG_FIGURES} FROM required WHERE week_no = $now_place GROUP BY kind, tier
    """,
    "legs_by_area": f"""
        WITH {_LEGS} SELECT sub_district, tier, {_LEG_FIGURES} FROM required
        WHERE sub_district <> '' AND week_no = $now_place GROUP BY sub_district, tier
    """,
    "met_by_area": f"""
        WITH {_LEGS} SELECT sub_district, week_no, count(*), count(*) FILTER (state = 'met') FROM required
        WHERE sub_district <> '' GROUP BY sub_district, week_no
    """,
    "incidents": f"""
        WITH {_LEGS}
        SELECT week_no, count(*), count(acknowledged_at), quantile_cont(acknowledged_at - reported_at, 0.5),
            quantile_cont(acknowledged_at - reported_at, 0.9)
        FROM counted WHERE week_no IS NOT NULL GROUP BY week_no
    """,
    "incident_states": f"WITH {_LEGS} SELECT body FROM counted WHERE week_no = $now_place",
    "left_out": f"""
        SELECT count(*) FILTER (drill), count(*) FILTER (late_record AND NOT drill) FROM ({scoped("incidents")})
        WHERE reported_at >= $a AND reported_at < $b
    """,
    "alerts": f"""
        WITH {_ALERTS} SELECT week_no, {_ALERT_FIGURES} FROM looked_at WHERE week_no IS NOT NULL GROUP BY week_no
    """,
    "alerts_by_kind": f"""
        WITH {_ALERTS} SELECT kind, {_ALERT_FIGURES} FROM looked_at WHERE week_no = $now_place GROUP BY kind
    """,
    "alert_floods": f"WITH {_ALERTS} {_periods('looked_at', 'first_at')}",
    "raises": f"WITH {_RAISES} {_periods('raised', 'raised_at')}",
    "raises_by_level": f"WITH {_RAISES} SELECT level, count(*) FROM raised WHERE week_no = $now_place GROUP BY level",
    "raises_of_ten": f"""
        WITH {_RAISES}, ranked AS (
            SELECT week_no, key, count(*) AS n, row_number() OVER (PARTITION BY week_no ORDER BY n DESC) AS rank
            FROM raised WHERE week_no IS NOT NULL GROUP BY week_no, key
        )
        SELECT week_no, sum(n) FROM ranked WHERE rank <= 10 GROUP BY week_no
    """,
    "alarms": f"""
        SELECT {", ".join(f"count(*) FILTER ({test})" for test in STANDING.values())}
        FROM ({scoped("alarms")}) WHERE raised_at < $b AND coalesce(cleared_at, $b) >= $a
    """,
    # An officer counts for as long as the next sample of that centre takes to come, and for two minutes at most.
    "operators": """
        WITH seen AS (
            SELECT officers, week_of(id / 1e9) AS week_no,
                least(coalesce(lead(id) OVER following - id, 60e9) / 1e9, 120) AS lasted_s
            FROM consoles
            WHERE list_contains($centres, centre) AND id >= $first_id AND id < $last_id
                AND (id < CAST($last_year_end * 1e9 AS BIGINT) OR id >= CAST($trend * 1e9 AS BIGINT))
            WINDOW following AS (PARTITION BY centre, id / 1e9 >= $trend ORDER BY id)
        )
        SELECT week_no, sum(officers * lasted_s) / 86400 FROM seen WHERE week_no IS NOT NULL GROUP BY week_no
    """,
    "feeds": """
        WITH seen AS (
            SELECT name, title, condition, week_of(id / 1e9) AS week_no, id / 1e9 AS told_at,
                lead(id) OVER following / 1e9 AS until,
                accepted - lag(accepted) OVER following AS taken, refused - lag(refused) OVER following AS turned_away
            FROM feeds
            WHERE id >= $first_id AND id < $last_id AND condition <> 'off'
                AND (id < CAST($last_year_end * 1e9 AS BIGINT) OR id >= CAST(($trend - 3600) * 1e9 AS BIGINT))
            WINDOW following AS (PARTITION BY name, id / 1e9 >= $trend - 3600 ORDER BY id)
        )
        SELECT name, week_no, max(title), count(*), count(*) FILTER (condition = 'good'),
            sum(greatest(taken, 0)), sum(greatest(turned_away, 0)),
            coalesce(sum(least(coalesce(until, told_at), $b, told_at + 300) - told_at) FILTER (condition <> 'good'), 0)
        FROM seen WHERE week_no IS NOT NULL GROUP BY name, week_no ORDER BY name, week_no
    """,
    "patrol": f"""
        WITH seen AS (
            SELECT DISTINCT cell, {{area}} AS area, week_of(first_at) AS week_no, day
            FROM ({scoped("cell_days")}) WHERE first_at >= $first AND first_at < $b
        )
        SELECT area, week_no, count(*) FROM seen WHERE week_no IS NOT NULL AND area <> '' GROUP BY area, week_no
    """,
}
