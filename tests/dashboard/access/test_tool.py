from pathlib import Path

import pytest

from dashboard.access import Role
from dashboard.access.accounts import AccessError
from dashboard.access.tool import Tool
from dashboard.district import load
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
    assert notes == [("account_added", "li", "role=officer centre=11")]


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
    assert [(kind, subject) for kind, subject, _ in notes] == [("second_factor_reset", "li"), ("password_reset", "li")]


def test_an_account_is_locked_opened_and_given_another_role(tool: Tool, ground: Ground, notes: Notes) -> None:
    ground.somebody()
    assert "disabled" in printed(tool.disable_user("li"))
    assert "enabled" in printed(tool.enable_user("li"))
    assert "commander" in printed(tool.amend_user("li", "commander", "11", None))
    account = ground.keeper.accounts()[0]
    assert (account.role, account.centre, account.title) == (Role.COMMANDER, "11", "值班员 李")
    assert notes[-1] == ("account_amended", "li", "role=commander centre=11")
    printed(tool.amend_user("li", "leader", None, ""))
    assert ground.keeper.accounts()[0].centre == "11"


def test_what_cannot_be_done_is_not_noted(tool: Tool, notes: Notes) -> None:
    for act in (tool.reset_user, tool.disable_user, tool.enable_user, tool.revoke_screen, tool.reset_second_factor):
        with pytest.raises(AccessError, match="unknown"):
            printed(act("nobody"))
    assert notes == []


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
    assert notes == [("session_ended", "li", f"session={session}")]


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
    assert [kind for kind, _, _ in notes] == ["screen_added", "screen_revoked"]


def test_no_password_is_ever_printed(tool: Tool, ground: Ground) -> None:
    ground.somebody()
    text = printed([*tool.list_users(), *tool.list_sessions(), *tool.reset_user("li")])
    assert PASSWORD not in text
