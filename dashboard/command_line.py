"""The words of the command line: which commands there are, what each takes, and how its help reads.

What a command does is given by whoever joins the parts. Every process starts through here, so nothing heavy is
imported: roles and coordinates are written out, and tests compare them with the real ones.
"""

import argparse
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from dashboard.settings import Settings

Run: TypeAlias = "Callable[[Settings, argparse.Namespace], int]"
Act: TypeAlias = "Callable[[Any, argparse.Namespace], Iterable[str]]"  # what a command lets its tool do
_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

CRS = ("wgs84", "cgcs2000", "gcj02", "bd09")
FORMATS = ("pptx", "pdf", "xlsx")
ROLES = ("officer", "commander", "leader", "administrator", "auditor")


def parser(runs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """All commands. `runs` says by a command's words what is to run, "" being no command: `run` of what is parsed."""
    whole = argparse.ArgumentParser(prog="app.py", description="A command-centre wall that is alive.")
    whole.set_defaults(run=runs[""])
    commands = whole.add_subparsers(title="commands", metavar="COMMAND")
    _add_processes(commands, runs)
    _add_recordings(commands, runs)
    _add_district_tools(_tools(commands, "district", "build or check a district's folder"), runs)
    _add_roster_tools(_tools(commands, "roster", "import, show or take back who is on duty when", runs))
    _add_archive_tools(_tools(commands, "archive", "see, check, take out of and bring back history", runs))
    _add_briefing_tools(_tools(commands, "briefing", "the weekly briefing as a file"), runs)
    _add_audit_tools(_tools(commands, "audit", "check, search and export the audit trail", runs))
    _add_user_tools(_tools(commands, "user", "accounts and sessions: make, list, reset, disable, end", runs))
    _add_screen_tools(_tools(commands, "screen", "wall screens: make, list, revoke", runs))
    return whole


def _add(commands: _Commands, runs: Mapping[str, Run], name: str, explanation: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=explanation, description=explanation)
    command.set_defaults(run=runs[name])
    return command


def _tools(commands: _Commands, name: str, explanation: str, runs: Mapping[str, Run] | None = None) -> _Commands:
    """A command of several tools, `tool` of what is parsed; without `runs` each of them runs something else."""
    command = commands.add_parser(name, help=explanation, description=explanation)
    if runs:
        command.set_defaults(run=runs[name])
    return command.add_subparsers(title="tools", metavar="TOOL", required=True, dest="tool")


def _add_processes(commands: _Commands, runs: Mapping[str, Run]) -> None:
    add = partial(_add, commands, runs)
    add("feeds", "talk to sources, decode, append to the journal")
    add("engine", "fold the journal into the situation, publish what changes")
    add("web", "pages, intake and live wire")
    add("history", "replays, briefings and exports")
    add("state", "the embedded state server alone")
    add("settings", "print all settings, where they come from and what they mean")
    add("sources", "print who may send to the intake, with their tokens")


def _add_recordings(commands: _Commands, runs: Mapping[str, Run]) -> None:
    simulate = _add(commands, runs, "simulate", "make the demonstration day")
    simulate.add_argument("--every", type=float, metavar="S", help="each unit reports each S seconds")
    play = _add(commands, runs, "replay", "play recorded data down the same road")
    play.add_argument("files", nargs="+", type=Path, metavar="FILE")
    play.add_argument("--speed", type=float, default=1.0, help="times real time; 0: as fast as it goes")
    play.add_argument("--now", action="store_true", help="move the recording so that it happens now")
    play.add_argument("--window", metavar="A/B", help="only what happened between two times")
    play.add_argument("--day", type=date.fromisoformat, metavar="DATE", help="move tracks to this local day")


def _add_district_tools(tools: _Commands, runs: Mapping[str, Run]) -> None:
    check = tools.add_parser("check", help="load a district's folder and say what is in it")
    check.add_argument("folder", type=Path)
    check.set_defaults(run=runs["district check"])
    build = tools.add_parser("build", help="make areas and cells from a list of seats or from polygons")
    build.add_argument("seats", type=Path, help="CSV: code,name,parent,lat,lon,cells[,name_en]")
    build.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    build.add_argument("--outline", type=Path, metavar="GEOJSON", help="the district's area; default: a hull")
    build.add_argument("--polygons", type=Path, metavar="GEOJSON", help="areas of sub-districts or communities")
    build.add_argument("--crs", choices=CRS, default=CRS[0], help="coordinates of all files")
    build.set_defaults(run=runs["district build"])
    rehearse = tools.add_parser("rehearsal", help="a district around public recordings, for replay")
    rehearse.add_argument("city", help="sf or boston")
    rehearse.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="where the recordings are")
    rehearse.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    rehearse.set_defaults(run=runs["district rehearsal"])


def _add_roster_tools(tools: _Commands) -> None:
    take = tools.add_parser("import", help="take a roster from Excel (.xlsx) or CSV")
    take.add_argument("file", type=Path)
    take.add_argument("--partial", action="store_true", help="take what is right, even if something is wrong")
    show = tools.add_parser("show", help="who is on duty, of one centre or all that keep a roster")
    show.add_argument("centre", nargs="?", default="", help="code")
    tools.add_parser("gaps", help="when nobody leads a centre in the next 14 days")
    tools.add_parser("undo", help="bring back the rosters as they were before the last change")


def _add_archive_tools(tools: _Commands) -> None:
    add = partial(_add_act, tools)
    add("status", lambda tool, _: tool.status(), "what there is, and how far it is behind")
    add("verify", lambda tool, _: tool.verify(), "read every part, and fold from checkpoint to checkpoint")
    out = add("export", lambda t, a: t.export(a.table, a.first, a.last, a.file, a.why), "rows into a file", "table")
    out.add_argument("file", type=Path, metavar="FILE", help=".parquet, .csv or .jsonl")
    out.add_argument("--from", type=date.fromisoformat, dest="first", metavar="DATE", required=True, help="first day")
    out.add_argument("--to", type=date.fromisoformat, dest="last", metavar="DATE", required=True, help="last day")
    out.add_argument("--why", required=True, help="the reason, which stands in the file and in the audit trail")
    back = add("restore", lambda tool, a: tool.restore(a.folder), "a copied archive into an empty installation")
    back.add_argument("folder", type=Path, metavar="FOLDER")


def _add_briefing_tools(tools: _Commands, runs: Mapping[str, Run]) -> None:
    make = tools.add_parser("make", help="make one week's briefing of one centre")
    make.add_argument("--week", required=True, metavar="DATE", help="a day of the week")
    make.add_argument("--centre", default="", help="code; default: the district")
    make.add_argument("--format", choices=FORMATS, default=FORMATS[0])
    make.add_argument("--lang", choices=("zh", "en"), default="zh")
    make.add_argument("--out", type=Path, required=True, metavar="FILE")
    make.set_defaults(run=runs["briefing make"])


def _add_audit_tools(tools: _Commands) -> None:
    tools.add_parser("verify", help="check chain, seals and files, and name the first bad row")
    for name, explanation in (("show", "the newest rows"), ("search", "rows by who, what, when and words")):
        tool = _add_search(tools, name, explanation)
        tool.add_argument("--limit", type=int, default=50)
        tool.add_argument("--full", action="store_true", help="do not shorten what a row says")
    taken = _add_search(tools, "export", "write rows into a file, with a watermark")
    taken.add_argument("file", type=Path, metavar="FILE", help=".csv or .jsonl")
    taken.add_argument("--why", required=True, help="the reason, which stands in the file and in the trail")


def _add_search(tools: _Commands, name: str, explanation: str) -> argparse.ArgumentParser:
    tool = tools.add_parser(name, help=explanation)
    for word in ("actor", "kind", "subject", "centre", "text"):
        tool.add_argument(f"--{word}", default="", help=f"only rows of this {word}")
    tool.add_argument("--from", type=date.fromisoformat, dest="first", metavar="DATE", help="first day")
    tool.add_argument("--to", type=date.fromisoformat, dest="last", metavar="DATE", help="last day")
    return tool


def _add_act(tools: _Commands, name: str, act: Act, explanation: str, *takes: str) -> argparse.ArgumentParser:
    tool = tools.add_parser(name, help=explanation, description=explanation)
    tool.set_defaults(act=act)
    for argument in takes:
        tool.add_argument(argument)
    return tool


def _add_user_tools(tools: _Commands) -> None:
    add = partial(_add_act, tools)
    add("list", lambda tool, _: tool.list_users(), "print all accounts")
    new = add("add", lambda tool, a: tool.add_user(a.name, a.role, a.centre, a.title), "make an account", "name")
    new.add_argument("--role", choices=ROLES, required=True)
    new.add_argument("--centre", default="", help="code of the centre whose scope it has; default: the district")
    new.add_argument("--title", default="", help="post, and the officer's name: what others see")
    add("reset", lambda tool, a: tool.reset_user(a.name), "void a password, print a link to a new one", "name")
    forget = "forget an authenticator; the next sign-in enrols another"
    add("second-factor-reset", lambda tool, a: tool.reset_second_factor(a.name), forget, "name")
    add("disable", lambda tool, a: tool.disable_user(a.name), "lock an account and end its sessions", "name")
    add("enable", lambda tool, a: tool.enable_user(a.name), "open an account, also after too many failures", "name")
    role = add("role", lambda tool, a: tool.amend_user(a.name, a.role, a.centre, a.title), "give another role", "name")
    role.add_argument("role", choices=ROLES)
    role.add_argument("--centre", help="and another centre")
    role.add_argument("--title", help="and another title")
    add("sessions", lambda tool, _: tool.list_sessions(), "print who is signed in")
    add("end", lambda tool, a: tool.end_session(a.session), "end a session", "session")


def _add_screen_tools(tools: _Commands) -> None:
    add = partial(_add_act, tools)
    add("list", lambda tool, _: tool.list_screens(), "print all wall screens")
    new = add("add", lambda tool, a: tool.add_screen(a.name, a.centre, a.title, a.network), "make a screen", "name")
    new.add_argument("--centre", default="", help="code of the centre that it shows; default: the district")
    new.add_argument("--title", default="")
    new.add_argument("--network", action="append", default=[], metavar="CIDR", help="from where it may come")
    add("revoke", lambda tool, a: tool.revoke_screen(a.name), "take a screen's token back", "name")
