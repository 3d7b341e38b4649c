from pathlib import Path

import pytest

import app
from dashboard.access import Role
from dashboard.access.accounts import AccessError
from dashboard.access.tool import Tool
from dashboard.audit.ledger import Ledger
from dashboard.district import load
from dashboard.store import JournalUnavailable
from tests.dashboard.access.ground import HERE, PASSWORD, Ground
from tests.dashboard.small_district import small_district


class Notes(list):
    """What was written into the audit trail."""

    def __call__(self, kind: str, actor: str, *, subject: str = "", detail: str = "") -> None:
        self.append((kind, subject, detail))
        assert actor.startswith("console:")


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def tool(ground: Ground, notes: Notes, tmp_path: Path) -> Tool:
    folder = small_district(tmp_path)
    return Tool(ground.keeper, notes, "https://wall.local", lambda: load(folder))


def printed(lines) -> str:
    return "\n".join(lines)


def link_in(text: str) -> str:
    (line,) = (line for line in text.splitlines() if line.startswith("https://wall.local/"))
    return line


def test_an_account_is_made_with_a_link_and_without_a_password(tool: Tool, ground: Ground, notes: Notes) -> None:
    text = printed(tool.add_user("li", "officer", "11", "值班员 李"))
    address, _, token = link_in(text).partition("/setup?token=")
    assert address == "https://wall.local"
    assert ground.access.link(token).name == "li"
    assert "24 hours" in text
    assert notes == [("account_add", "li", "role=officer centre=11")]


def test_who_names_no_centre_means_the_district(tool: Tool, ground: Ground) -> None:
    printed(tool.add_user("li", "officer", "", ""))
    assert ground.keeper.accounts()[0].centre == "1"


def test_a_centre_that_is_not_there_is_refused_and_nothing_is_noted(tool: Tool, ground: Ground, notes: Notes) -> None:
    with pytest.raises(ValueError, match="no centre '99' in 区"):
        printed(tool.add_user("li", "officer", "99", ""))
    assert ground.keeper.accounts() == notes == []


def test_the_list_says_who_is_what_and_no_secret(tool: Tool, ground: Ground) -> None:
    assert "no account yet" in printed(tool.list_users())
    ground.keeper.add("chen", Role.ADMINISTRATOR, "1")
    li = ground.somebody()
    ground.keeper.disable("li")
    text = printed(tool.list_users())
    assert "no second factor  has no password" in text
    assert text.splitlines()[1].endswith("disabled")
    assert li.secret not in text and "argon2" not in text


def test_resets_are_noted_and_hold_at_once(tool: Tool, ground: Ground, notes: Notes) -> None:
    li = ground.somebody()
    printed(tool.reset_second_factor("Li"))
    assert ground.who(li.token) is None
    token = link_in(printed(tool.reset_user("li"))).partition("token=")[2]
    assert ground.access.accept(token, "Andere-9z", HERE, "").name == "li"
    assert [(kind, subject) for kind, subject, _ in notes] == [
        ("account_reset_second_factor", "li"),
        ("account_reset_password", "li"),
    ]


def test_an_account_is_locked_opened_and_given_another_role(tool: Tool, ground: Ground, notes: Notes) -> None:
    ground.somebody()
    assert "disabled" in printed(tool.disable_user("li"))
    assert "enabled" in printed(tool.enable_user("li"))
    assert "commander" in printed(tool.amend_user("li", "commander", "11", None))
    account = ground.keeper.accounts()[0]
    assert (account.role, account.centre, account.title) == (Role.COMMANDER, "11", "值班员 李")
    assert notes[-1] == ("account_amend", "li", "role=commander centre=11")
    printed(tool.amend_user("li", "leader", None, ""))
    assert ground.keeper.accounts()[0].centre == "11"


def test_what_is_tried_is_written_down_even_if_it_cannot_be_done(tool: Tool, notes: Notes) -> None:
    acts = (tool.reset_user, tool.disable_user, tool.enable_user, tool.revoke_screen, tool.reset_second_factor)
    for act in acts:
        with pytest.raises(AccessError, match="unknown"):
            printed(act("nobody"))
    assert [subject for _, subject, _ in notes] == ["nobody"] * len(acts)


def test_nothing_is_done_that_cannot_be_written_down(ground: Ground, tmp_path: Path) -> None:
    def full(*_: object, **__: object) -> None:
        raise JournalUnavailable("full")

    li, tool = ground.somebody(), Tool(ground.keeper, full, "", lambda: load(small_district(tmp_path)))
    acts = (
        tool.disable_user("li"),
        tool.reset_user("li"),
        tool.amend_user("li", "leader", None, None),
        tool.end_session(""),
        tool.add_user("wang", "officer", "", ""),
        tool.add_screen("wall-1", "", "", ()),
    )
    for act in acts:
        with pytest.raises(JournalUnavailable):
            printed(act)
    assert ground.who(li.token).role is Role.OFFICER
    assert len(ground.keeper.accounts()) == 1 and not ground.keeper.screens()


def test_a_session_is_ended_by_the_beginning_of_its_id(tool: Tool, ground: Ground, notes: Notes) -> None:
    li = ground.somebody()
    ground.now += 1
    ground.sign_in()
    text = printed(tool.list_sessions())
    assert li.token not in text
    assert [line.endswith("half-way") for line in text.splitlines()] == [True, False]
    session = ground.who(li.token).session
    assert "this session ended" in printed(tool.end_session(session[:8]))
    assert ground.who(li.token) is None
    assert notes == [("account_end_session", session, "name=li")]


def test_an_id_that_is_not_of_one_session_ends_none(tool: Tool, ground: Ground) -> None:
    li = ground.somebody()
    ground.sign_in()
    for session in ("", "no such"):
        with pytest.raises(ValueError, match="user sessions"):
            printed(tool.end_session(session))
    assert ground.who(li.token) is not None


def test_a_screen_is_made_listed_and_revoked(tool: Tool, ground: Ground, notes: Notes) -> None:
    token = link_in(printed(tool.add_screen("wall-1", "11", "大厅", ["10.0.0.0/8"]))).partition("/screen#token=")[2]
    screen = ground.access.sign_in_screen(token, HERE)
    assert screen.principal.centre == "11"
    assert "10.0.0.0/8" in printed(tool.list_screens())
    printed(tool.revoke_screen("wall-1"))
    assert ground.who(screen.token) is None
    assert printed(tool.list_screens()) == ""
    assert [kind for kind, _, _ in notes] == ["account_add_screen", "account_revoke_screen"]


def test_no_password_is_ever_printed(tool: Tool, ground: Ground) -> None:
    ground.somebody()
    text = printed([*tool.list_users(), *tool.list_sessions(), *tool.reset_user("li")])
    assert PASSWORD not in text


def test_the_commands_do_it_and_the_audit_trail_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    for name, value in {"REDIS_URL": url, "DATA_DIR": tmp_path, "DISTRICT": small_district(tmp_path)}.items():
        monkeypatch.setenv(f"WALL_{name}", str(value))
    commands = (
        "user add chen --role administrator",
        "user add li --role officer --centre 11 --title 李",
        "user role li leader --title 带班领导",
        "user reset li",
        "user second-factor-reset li",
        "user disable li",
        "user enable li",
        "user list",
        "user sessions",
        "screen add wall-1 --centre 11 --network 10.0.0.0/8 --network ::1",
        "screen list",
        "screen revoke wall-1",
    )
    assert [app.main(command.split()) for command in commands] == [0] * len(commands)
    assert "带班领导" in capsys.readouterr().out
    assert [row.kind for row in Ledger(url).rows()] == [
        "account_add",
        "account_add",
        "account_amend",
        "account_reset_password",
        "account_reset_second_factor",
        "account_disable",
        "account_enable",
        "account_add_screen",
        "account_revoke_screen",
    ]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("user disable nobody", "nobody: unknown"),
        ("user add li --role officer --centre 99", "no centre '99'"),
        ("user end abc", "0 sessions"),
        ("screen add w1 --network 10.0.0.0/99", "bad network"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    url: str,
    command: str,
    why: str,
) -> None:
    for name, value in {"REDIS_URL": url, "DATA_DIR": tmp_path, "DISTRICT": small_district(tmp_path)}.items():
        monkeypatch.setenv(f"WALL_{name}", str(value))
    assert app.main(command.split()) == 2
    assert why in capsys.readouterr().err
