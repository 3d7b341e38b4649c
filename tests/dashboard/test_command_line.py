import argparse
import subprocess
import sys
from typing import Any

import pytest

import app
from dashboard import command_line
from dashboard.access.accounts import ROLES
from dashboard.command_line import Run
from dashboard.district.geo import Crs
from dashboard.settings import Settings

HEAVY = {"numpy", "msgspec", "pydantic", "redis", "dashboard.access", "dashboard.district", "dashboard.settings"}
IMPORTED = f"import sys, dashboard.command_line; print(sorted({HEAVY!r} & sys.modules.keys()))"


class Asked(dict[str, Run]):
    """Something to run for every command, and for which it was asked."""

    def __missing__(self, words: str) -> Run:
        def run(_: Settings, __: argparse.Namespace) -> int:
            raise AssertionError(words)

        return self.setdefault(words, run)


class Told:
    """A tool that tells what was asked of it."""

    def __getattr__(self, name: str) -> Any:
        return lambda *given: (name, *given)


def test_each_command_has_something_to_run_and_nothing_else_has() -> None:
    asked = Asked()
    command_line.parser(asked)
    assert set(asked) == set(app.RUNS)


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("", ""),
        ("feeds", "feeds"),
        ("replay a.csv --speed 0", "replay"),
        ("district check folder", "district check"),
        ("district build seats.csv --out folder", "district build"),
        ("district rehearsal sf --data data --out folder", "district rehearsal"),
        ("roster gaps", "roster"),
        ("audit verify", "audit"),
        ("user list", "user"),
        ("screen list", "screen"),
    ],
)
def test_words_choose_what_runs(words: str, command: str) -> None:
    asked = Asked()
    assert command_line.parser(asked).parse_args(words.split()).run is asked[command]


@pytest.mark.parametrize(
    ("words", "act"),
    [
        ("user list", ("list_users",)),
        ("user add li --role officer --title 值班员", ("add_user", "li", "officer", "", "值班员")),
        ("user reset li", ("reset_user", "li")),
        ("user second-factor-reset li", ("reset_second_factor", "li")),
        ("user disable li", ("disable_user", "li")),
        ("user enable li", ("enable_user", "li")),
        ("user role li leader --centre 440306", ("amend_user", "li", "leader", "440306", None)),
        ("user sessions", ("list_sessions",)),
        ("user end abc", ("end_session", "abc")),
        ("screen list", ("list_screens",)),
        ("screen add hall --network 10.0.0.0/8", ("add_screen", "hall", "", "", ["10.0.0.0/8"])),
        ("screen revoke hall", ("revoke_screen", "hall")),
    ],
)
def test_a_tool_of_accounts_is_asked_for_what_the_words_say(words: str, act: tuple[Any, ...]) -> None:
    parsed = command_line.parser(Asked()).parse_args(words.split())
    assert parsed.act(Told(), parsed) == act


@pytest.mark.parametrize("words", ["nothing", "roster", "user add li", "user role li wall", "replay", "audit export x"])
def test_words_that_make_no_command_are_refused_with_the_usage(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        command_line.parser(Asked()).parse_args(words.split())
    assert capsys.readouterr().err.startswith("usage: app.py")


def test_roles_and_coordinates_are_the_real_ones() -> None:
    assert sorted(command_line.ROLES) == sorted(ROLES)
    assert tuple(Crs) == command_line.CRS


def test_nothing_heavy_is_imported_for_it() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
