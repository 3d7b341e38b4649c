from pathlib import Path

import pytest

import app
from dashboard.audit.ledger import AUDIT, Ledger
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from dashboard.store import connect
from tests.recordings import DATA


def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *arguments: str, **settings: str) -> int:
    monkeypatch.setenv("WALL_DATA_DIR", str(tmp_path / "data"))
    for name, value in settings.items():
        monkeypatch.setenv(f"WALL_{name.upper()}", value)
    return app.main(arguments)


def test_settings_are_listed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "settings", port="9123") == 0
    printed = capsys.readouterr().out
    assert "WALL_PORT" in printed
    assert "9123" in printed


def test_the_generated_source_is_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "sources") == 0
    assert "local: token " in capsys.readouterr().out


def test_a_process_without_a_state_server_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "engine") == 2
    assert "python app.py state" in capsys.readouterr().err


def test_the_packaged_district_is_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "district", "check", "dashboard/districts/baoan") == 0
    printed = capsys.readouterr().out
    for count in ("124 communities", "4,866 cells", "161 standby", "92 key area", "42,000 camera", "280 gauge"):
        assert count in printed


def test_a_district_is_built_from_seats(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seats = "code,name,parent,lat,lon,cells\nD,区,,,,\nS,街道,D,,,\nC1,一,S,22.60,113.90,4\nC2,二,S,22.61,113.91,5\n"
    (tmp_path / "seats.csv").write_text(seats, encoding="utf-8")
    out = tmp_path / "built"
    assert run(monkeypatch, tmp_path, "district", "build", str(tmp_path / "seats.csv"), "--out", str(out)) == 0
    assert "9 cells" in capsys.readouterr().out


def test_a_list_that_is_wrong_is_refused_with_line_and_field(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seats = "code,name,parent,lat,lon,cells\nD,区,,,,\nS,街道,D,,,\nC1,一,S,113.9,22.6,4\n"
    (tmp_path / "seats.csv").write_text(seats, encoding="utf-8")
    assert run(monkeypatch, tmp_path, "district", "build", str(tmp_path / "seats.csv"), "--out", str(tmp_path)) == 2
    error = capsys.readouterr().err
    assert "seats.csv" in error
    assert "line 4" in error
    assert "lat" in error


@pytest.mark.skipif(not DATA.exists(), reason="the recordings are not here (WALL_SHARED names another place)")
def test_a_rehearsal_district_is_built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    arguments = ("district", "rehearsal", "sf", "--data", str(DATA), "--out", str(tmp_path / "sf"))
    assert run(monkeypatch, tmp_path, *arguments) == 0
    assert run(monkeypatch, tmp_path, "replay", "missing.csv", district=str(tmp_path / "sf")) == 2


def test_too_short_a_retention_of_the_audit_trail_refuses_to_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "engine", audit_keep_days="179") == 2
    assert "WALL_AUDIT_KEEP_DAYS is 179: the audit trail is kept for 180 days or more" in capsys.readouterr().err


def test_the_audit_trail_is_verified_searched_and_exported(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    journal: Journal,
    state_server: StateServer,
) -> None:
    def audit(*arguments: str) -> tuple[int, str]:
        code = run(monkeypatch, tmp_path, "audit", *arguments, redis_url=state_server.url)
        return code, "".join(capsys.readouterr())

    ledger = Ledger(state_server.url)
    ledger.note("sign_in", "li")
    ledger.note("sign_in", "wang")
    assert audit("verify")[1].startswith("the audit trail is whole: 2 rows")
    assert "wang" in audit("search", "--actor", "wang")[1]
    assert audit("export", str(tmp_path / "rows.csv"), "--why", "check")[0] == 0
    connect(state_server.url).xdel(AUDIT, "2-0")
    code, told = audit("verify")
    assert (code, "First bad row: 2, in the stream of today: row 2 is missing" in told) == (1, True)


ROSTER = (
    "单位,日期,开始,结束,带班领导,值班长\n440306,2099-11-20,08:30,20:30,甲,乙\n440306,2099-11-20,20:30,08:30,丙,{}\n"
)


def test_a_roster_is_imported_shown_and_taken_back(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    journal: Journal,
    state_server: StateServer,
) -> None:
    def roster(*arguments: str) -> tuple[int, str]:
        code = run(monkeypatch, tmp_path, "roster", *arguments, redis_url=state_server.url)
        return code, "".join(capsys.readouterr())

    plan = tmp_path / "plan.csv"
    plan.write_text(ROSTER.format(""), encoding="gb18030")
    code, told = roster("import", str(plan))
    assert (code, "plan.csv, row 3, 值班长: is empty" in told, "nothing was imported" in told) == (1, True, True)
    assert roster("import", str(plan), "--partial")[0] == 0
    plan.write_text(ROSTER.format("丁"), encoding="gb18030")
    assert "2 shifts of 1 centres imported" in roster("import", str(plan))[1]
    assert "2099-11-20 20:30 - 2099-11-21 08:30  丙, 丁" in roster("show", "440306")[1]
    assert roster("show", "440306017") == (0, "")
    code, told = roster("gaps")
    assert (code, "宝安区" in told) == (1, True)
    assert "1 shifts" in roster("undo")[1]
    kinds = [(row.kind, row.subject) for row in Ledger(state_server.url).rows()]
    assert kinds == [("cli", "roster import"), ("cli", "roster import"), ("cli", "roster undo")]


def test_showing_the_pages_to_others_without_key_and_tls_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, host="0.0.0.0") == 2
    said = capsys.readouterr().err
    assert "WALL_HOST is 0.0.0.0" in said
    assert "WALL_SECRET_KEY" in said
    assert "WALL_TLS_CERT" in said
    assert not (tmp_path / "data" / "valkey").exists(), "nothing was started for that"


@pytest.mark.parametrize("command", ["", "web"])
def test_showing_the_pages_to_others_without_an_account_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    state = StateServer(tmp_path / "data", 128)
    if command:
        state.start()
    settings = {"host": "0.0.0.0", "secret_key": "k" * 32, "trusted_proxy": "10.0.0.1", "memory_mb": "128"}
    assert run(monkeypatch, tmp_path, *filter(None, [command]), **settings) == 2
    said = capsys.readouterr().err
    assert "make the first administrator" in said
    assert "WALL_SECRET_KEY" not in said
    assert state.answers() is bool(command), "the state server that was started for the question has stopped"
    state.stop()
