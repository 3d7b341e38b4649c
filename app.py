"""wall135: joins all parts. The only module that knows them all; nobody imports it.

`python app.py` runs everything on one machine; `python app.py --help` lists the single processes and tools. Each
command imports what it needs when it runs: the supervisor needs none of it, and a cold start is a second shorter.
"""

import argparse
import getpass
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard import exposure
from dashboard.processes import collect_rarely
from dashboard.settings import Settings, describe
from dashboard.state_server import StateServer, StateServerError
from dashboard.store import JournalUnavailable
from dashboard.supervisor import Supervisor

if TYPE_CHECKING:
    from dashboard.access.access import Access
    from dashboard.access.tool import Tool
    from dashboard.audit.seal import Sealer
    from dashboard.district import District
    from dashboard.door import Door
    from dashboard.duty.roster_book import RosterBook
    from dashboard.journal import Journal
    from dashboard.stills import Stills
    from feeds.replay import Progress
    from feeds.routes import Route, RouteSettings

log = logging.getLogger("wall135")

Run = Callable[[Settings, argparse.Namespace], int]
Act = Callable[["Tool", argparse.Namespace], Iterable[str]]

_CRS = ("wgs84", "cgcs2000", "gcj02", "bd09")
_ROLES = ("officer", "commander", "leader", "administrator", "auditor")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parsed = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    run: Run = parsed.run
    try:
        return run(Settings(), parsed)
    except (StateServerError, JournalUnavailable, ValueError, OSError) as error:
        print(f"wall135: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="app.py", description="A command-centre wall that is alive.")
    parser.set_defaults(run=run_all)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, run: Run, explanation: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=explanation, description=explanation)
        command.set_defaults(run=run)
        return command

    add("feeds", run_feeds, "talk to sources, decode, append to the journal")
    add("engine", run_engine, "fold the journal into the situation, publish what changes")
    add("web", run_web, "pages, intake and live wire")
    add("state", run_state, "the embedded state server alone")
    add("settings", show_settings, "print all settings, where they come from and what they mean")
    add("sources", show_sources, "print who may send to the intake, with their tokens")
    simulate = add("simulate", run_simulate, "make the demonstration day")
    simulate.add_argument("--every", type=float, metavar="S", help="each unit reports each S seconds")
    play = add("replay", run_replay, "play recorded data down the same road")
    play.add_argument("files", nargs="+", type=Path, metavar="FILE")
    play.add_argument("--speed", type=float, default=1.0, help="times real time; 0: as fast as it goes")
    play.add_argument("--now", action="store_true", help="move the recording so that it happens now")
    play.add_argument("--window", metavar="A/B", help="only what happened between two times")
    play.add_argument("--day", type=date.fromisoformat, metavar="DATE", help="move tracks to this local day")
    district = add("district", check_district, "build or check a district's folder")
    _add_district_tools(district.add_subparsers(title="tools", metavar="TOOL", required=True))
    roster = add("roster", show_roster, "import, show or take back who is on duty when")
    _add_roster_tools(roster.add_subparsers(title="tools", metavar="TOOL", required=True))
    audit = add("audit", keep_audit, "check, search and export the audit trail")
    _add_audit_tools(audit.add_subparsers(title="tools", metavar="TOOL", required=True, dest="tool"))
    user = add("user", keep_access, "accounts and sessions: make, list, reset, disable, end")
    _add_user_tools(user.add_subparsers(title="tools", metavar="TOOL", required=True))
    screen = add("screen", keep_access, "wall screens: make, list, revoke")
    _add_screen_tools(screen.add_subparsers(title="tools", metavar="TOOL", required=True))
    return parser


def _add_district_tools(tools: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    check = tools.add_parser("check", help="load a district's folder and say what is in it")
    check.add_argument("folder", type=Path)
    check.set_defaults(run=check_district)
    build = tools.add_parser("build", help="make areas and cells from a list of seats or from polygons")
    build.add_argument("seats", type=Path, help="CSV: code,name,parent,lat,lon,cells[,name_en]")
    build.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    build.add_argument("--outline", type=Path, metavar="GEOJSON", help="the district's area; default: a hull")
    build.add_argument("--polygons", type=Path, metavar="GEOJSON", help="areas of sub-districts or communities")
    build.add_argument("--crs", choices=_CRS, default=_CRS[0], help="coordinates of all files")
    build.set_defaults(run=build_district)
    rehearse = tools.add_parser("rehearsal", help="a district around public recordings, for replay")
    rehearse.add_argument("city", help="sf or boston")
    rehearse.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="where the recordings are")
    rehearse.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    rehearse.set_defaults(run=build_rehearsal)


def _add_access_tool(
    tools: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, act: "Act", explanation: str, *takes: str
) -> argparse.ArgumentParser:
    tool = tools.add_parser(name, help=explanation, description=explanation)
    tool.set_defaults(run=keep_access, act=act)
    for argument in takes:
        tool.add_argument(argument)
    return tool


def _add_user_tools(tools: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = partial(_add_access_tool, tools)
    add("list", lambda tool, _: tool.list_users(), "print all accounts")
    new = add("add", lambda tool, a: tool.add_user(a.name, a.role, a.centre, a.title), "make an account", "name")
    new.add_argument("--role", choices=_ROLES, required=True)
    new.add_argument("--centre", default="", help="code of the centre whose scope it has; default: the district")
    new.add_argument("--title", default="", help="post, and the officer's name: what others see")
    add("reset", lambda tool, a: tool.reset_user(a.name), "void a password, print a link to a new one", "name")
    forget = "forget an authenticator; the next sign-in enrols another"
    add("second-factor-reset", lambda tool, a: tool.reset_second_factor(a.name), forget, "name")
    add("disable", lambda tool, a: tool.disable_user(a.name), "lock an account and end its sessions", "name")
    add("enable", lambda tool, a: tool.enable_user(a.name), "open an account, also after too many failures", "name")
    role = add("role", lambda tool, a: tool.amend_user(a.name, a.role, a.centre, a.title), "give another role", "name")
    role.add_argument("role", choices=_ROLES)
    role.add_argument("--centre", help="and another centre")
    role.add_argument("--title", help="and another title")
    add("sessions", lambda tool, _: tool.list_sessions(), "print who is signed in")
    add("end", lambda tool, a: tool.end_session(a.session), "end a session", "session")


def _add_screen_tools(tools: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = partial(_add_access_tool, tools)
    add("list", lambda tool, _: tool.list_screens(), "print all wall screens")
    new = add("add", lambda tool, a: tool.add_screen(a.name, a.centre, a.title, a.network), "make a screen", "name")
    new.add_argument("--centre", default="", help="code of the centre that it shows; default: the district")
    new.add_argument("--title", default="")
    new.add_argument("--network", action="append", default=[], metavar="CIDR", help="from where it may come")
    add("revoke", lambda tool, a: tool.revoke_screen(a.name), "take a screen's token back", "name")


def _add_roster_tools(tools: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    take = tools.add_parser("import", help="take a roster from Excel (.xlsx) or CSV")
    take.add_argument("file", type=Path)
    take.add_argument("--partial", action="store_true", help="take what is right, even if something is wrong")
    take.set_defaults(run=import_roster)
    show = tools.add_parser("show", help="who is on duty, of one centre or all that keep a roster")
    show.add_argument("centre", nargs="?", default="", help="code")
    show.set_defaults(run=show_roster)
    gaps = tools.add_parser("gaps", help="when nobody leads a centre in the next 14 days")
    gaps.set_defaults(run=show_roster_gaps)
    undo = tools.add_parser("undo", help="bring back the rosters as they were before the last change")
    undo.set_defaults(run=undo_roster)


def _add_audit_tools(tools: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def add(name: str, explanation: str, is_search: bool = True) -> argparse.ArgumentParser:
        tool = tools.add_parser(name, help=explanation)
        for word in ("actor", "kind", "subject", "centre", "text") if is_search else ():
            tool.add_argument(f"--{word}", default="", help=f"only rows of this {word}")
        if is_search:
            tool.add_argument("--from", type=date.fromisoformat, dest="first", metavar="DATE", help="first day")
            tool.add_argument("--to", type=date.fromisoformat, dest="last", metavar="DATE", help="last day")
        return tool

    add("verify", "check chain, seals and files, and name the first bad row", is_search=False)
    for name, explanation in (("show", "the newest rows"), ("search", "rows by who, what, when and words")):
        tool = add(name, explanation)
        tool.add_argument("--limit", type=int, default=50)
        tool.add_argument("--full", action="store_true", help="do not shorten what a row says")
    taken = add("export", "write rows into a file, with a watermark")
    taken.add_argument("file", type=Path, metavar="FILE", help=".csv or .jsonl")
    taken.add_argument("--why", required=True, help="the reason, which stands in the file and in the trail")


# -- processes -------------------------------------------------------------------------------------------------


def run_all(settings: Settings, _: argparse.Namespace) -> int:
    """Everything on this machine, under one supervisor."""
    if settings.feeds:  # a mistake in them is better said here, once, than by a process that never comes up
        import feeds

        feeds.configure(settings.feeds)
    if settings.routes:
        _routes(settings)
    exposure.check(settings, has_account=True)  # what can be said before there is a state server to ask
    state = None if settings.redis_url else StateServer(settings.data_dir, settings.memory_mb)
    environment = dict(os.environ)
    if state:
        environment["WALL_REDIS_URL"] = state.start()
    try:
        _check_exposure(settings, environment.get("WALL_REDIS_URL") or _state_url(settings))
    except BaseException:
        if state:
            state.stop()
        raise
    commands = {name: [sys.executable, __file__, name] for name in ("engine", "web", "feeds")}
    _greet(settings)
    return Supervisor(commands, environment, state).run()


def run_state(settings: Settings, _: argparse.Namespace) -> int:
    """The embedded state server alone, for machines where something else runs the processes."""
    state = StateServer(settings.data_dir, settings.memory_mb)
    print(state.start(), flush=True)
    return Supervisor({}, os.environ, state).run()


def run_engine(settings: Settings, _: argparse.Namespace) -> int:
    """The engine."""
    from dashboard.engine import Engine

    district = _district(settings)
    sealer = _sealer(settings, district)
    engine = Engine(district, _journal(settings), settings, book=_roster_book(settings), sealer=sealer)
    collect_rarely()
    engine.run(_stop_event())
    return 0


def run_feeds(settings: Settings, _: argparse.Namespace) -> int:
    """All feeds that are configured, and the demonstration day where that is wanted."""
    import feeds
    from dashboard.outbox import Outbox
    from feeds import runner, simulator
    from feeds.courier import Courier, Way
    from feeds.simulated_devices import Postbox

    stop = _stop_event()
    district, journal, stills, door = _road(settings)
    threads = [threading.Thread(target=_sweep, args=(stills, settings, stop), daemon=True, name="stills")]
    if settings.feeds:
        run = partial(runner.run, feeds.configure(settings.feeds), door, journal, stop, stills)
        threads.append(threading.Thread(target=run, name="feeds"))
    postbox = Postbox()
    is_demonstration = _is_demonstration(settings, district)
    if is_demonstration:
        run = partial(simulator.run, district, door, journal, stop, stills=stills, postbox=postbox)
        threads.append(threading.Thread(target=run, name="demonstration"))
    ways = [Way(each.name, route.open_route(each), frozenset(each.tiers)) for route, each in _routes(settings)]
    if is_demonstration and not ways:
        ways = [Way("demonstration", postbox)]
    courier = Courier(district, journal, Outbox(_state_url(settings)), door, ways)
    threads.append(threading.Thread(target=courier.run, args=(stop,), name="courier"))
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join(5)
    return 0


def run_web(settings: Settings, _: argparse.Namespace) -> int:
    """One web process: gunicorn, one worker, a thread for each connection."""
    import feeds
    from callbacks import serving
    from callbacks.intake import Push
    from callbacks.web import Web
    from feeds import hikvision

    district = _district(settings)
    cameras = {
        identity: device
        for _, configured in feeds.configure(settings.feeds)
        if isinstance(configured, hikvision.Settings)
        for identity, device in configured.devices.items()
    }
    decode = partial(hikvision.decode, devices=cameras, zone=district.timezone)
    pushes = {"hikvision": Push(decode, hikvision.personal_fields)}
    url = _state_url(settings)
    _check_exposure(settings, url)
    web = Web(settings, district, url, pushes)
    _invite(settings, web.access)
    _seal_secrets(web.access)
    certificate = (settings.tls_cert, settings.tls_key) if settings.tls_cert and settings.tls_key else None
    serving.serve(web.wsgi, web.start, settings.host, settings.port, settings.wall_clients, certificate)
    return 0


def run_simulate(settings: Settings, arguments: argparse.Namespace) -> int:
    """The demonstration day, beside whatever else runs."""
    from feeds import simulator

    district, journal, stills, door = _road(settings)
    simulator.run(district, door, journal, _stop_event(), stills=stills, every_s=arguments.every)
    return 0


def run_replay(settings: Settings, arguments: argparse.Namespace) -> int:
    """Recorded data, at a pace or as fast as it goes."""
    from feeds import replay

    district, _journal, _stills, door = _road(settings)
    window = replay.parse_window(arguments.window) if arguments.window else None
    recording = replay.read(arguments.files, district.roster.index, arguments.day, window)
    start_at = replay.StartAt.NOW if arguments.now else replay.StartAt.ORIGINAL
    delivered = replay.play(recording, door, arguments.speed, start_at, _stop_event(), _show_progress)
    print(f"\n{delivered:,} of {len(recording):,} delivered")
    return 0


# -- tools -----------------------------------------------------------------------------------------------------


def show_settings(settings: Settings, _: argparse.Namespace) -> int:
    """All settings as a table."""
    for name, value, origin, meaning in describe(settings):
        print(f"{name:26} {value:34} {origin:24} {meaning}")
    return 0


def show_sources(settings: Settings, _: argparse.Namespace) -> int:
    """Who may send to the intake."""
    from dashboard import credentials

    for name, source in credentials.sources(settings).items():
        kinds = ", ".join(source.kinds) or "all kinds"
        print(f"{name}: token {source.token.get_secret_value()}, coordinates {source.crs}, {kinds}")
    return 0


def check_district(_: Settings, arguments: argparse.Namespace) -> int:
    """What is in a district's folder."""
    from dashboard.district import load, report

    print(report(load(arguments.folder)))
    return 0


def build_district(_: Settings, arguments: argparse.Namespace) -> int:
    """Areas and cells from a list of seats."""
    from dashboard.district import load, report, tessellation
    from dashboard.district.geo import Crs

    tessellation.build(arguments.seats, arguments.out, arguments.outline, arguments.polygons, crs=Crs(arguments.crs))
    print(report(load(arguments.out)))
    return 0


def build_rehearsal(_: Settings, arguments: argparse.Namespace) -> int:
    """A district around public recordings."""
    from dashboard.district import load, report
    from feeds import rehearsal

    print(report(load(rehearsal.build_rehearsal(arguments.city, arguments.data, arguments.out))))
    return 0


def keep_access(settings: Settings, arguments: argparse.Namespace) -> int:
    """What administrators do with accounts, sessions and wall screens."""
    from dashboard.access import access
    from dashboard.access.tool import Tool
    from dashboard.audit.ledger import Ledger

    url = _state_url(settings)
    keeper = access.opened(url, settings).keeper
    tool = Tool(keeper, Ledger(url, settings.audit_hash).note, settings.address(), partial(_district, settings))
    act: Act = arguments.act
    for line in act(tool, arguments):
        print(line)
    return 0


def keep_audit(settings: Settings, arguments: argparse.Namespace) -> int:
    """What auditors do with the trail."""
    from dashboard import credentials
    from dashboard.audit.ledger import Ledger
    from dashboard.audit.tool import Tool

    ledger, key = Ledger(_state_url(settings), settings.audit_hash), partial(credentials.secret_key, settings)
    zone = _district(settings).timezone
    return Tool(ledger, _audit_folder(settings), key, zone, settings.audit_keep_days, time.time()).run(arguments)


def import_roster(settings: Settings, arguments: argparse.Namespace) -> int:
    """A roster file into the rosters; with mistakes in it, nothing or with --partial what is right."""
    from dashboard.duty import roster_tables

    found = roster_tables.read(arguments.file.name, arguments.file.read_bytes(), _district(settings))
    for fault in found.faults:
        print(fault, file=sys.stderr)
    if not found.shifts or (found.faults and not arguments.partial):
        print("nothing was imported", file=sys.stderr)
        return 1
    book, now = _roster_book(settings), datetime.now(UTC)
    _note(settings, "roster import", f"{arguments.file.name}: {len(found.shifts)} shifts")
    book.replace(found.shifts, _operator(), now, arguments.file.name)
    print(f"{len(found.shifts)} shifts of {len({shift.centre for shift in found.shifts})} centres imported")
    return 0


def show_roster(settings: Settings, arguments: argparse.Namespace) -> int:
    """The shifts that are not over."""
    district, (_, edition) = _district(settings), _roster_book(settings).read()
    now, zone = datetime.now(UTC), district.timezone
    for shift in edition.shifts:
        if shift.ends > now and arguments.centre in ("", shift.centre):
            times = " - ".join(f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (shift.starts, shift.ends))
            names = f"{shift.leader}, {shift.chief}; {', '.join(shift.officers)}".rstrip("; ")
            print(f"{shift.centre:12} {times}  {names}")
    return 0


def show_roster_gaps(settings: Settings, _: argparse.Namespace) -> int:
    """When nobody leads a centre that keeps a roster; the exit code says whether there is such a time."""
    from dashboard.duty import Plan, Rosters

    district = _district(settings)
    plan, (version, edition) = Plan(district), _roster_book(settings).read()
    plan.adopt(Rosters(version, edition.shifts))
    ahead = plan.gaps_ahead(time.time())
    for centre, spans in ahead.items():
        for span in spans:
            times = " - ".join(f"{at.astimezone(district.timezone):%Y-%m-%d %H:%M}" for at in span)
            print(f"{centre:12} {times}  {district.centres[centre].name if centre in district.centres else ''}")
    return 1 if ahead else 0


def undo_roster(settings: Settings, _: argparse.Namespace) -> int:
    """The rosters as they were before the last change."""
    book = _roster_book(settings)
    _note(settings, "roster undo", "")
    book.undo(_operator(), datetime.now(UTC))
    print(f"{len(book.read()[1].shifts)} shifts are in the rosters now")
    return 0


# -- parts -----------------------------------------------------------------------------------------------------


def _district(settings: Settings) -> "District":
    from dashboard.district import load

    return load(settings.district_folder())


def _journal(settings: Settings) -> "Journal":
    from dashboard.journal import Journal

    return Journal(_state_url(settings))


def _audit_folder(settings: Settings) -> Path:
    return settings.data_dir / "audit"


def _sealer(settings: Settings, district: "District") -> "Sealer":
    from dashboard import credentials
    from dashboard.audit.ledger import Ledger
    from dashboard.audit.seal import Sealer

    ledger, key = Ledger(_state_url(settings), settings.audit_hash), partial(credentials.secret_key, settings)
    return Sealer(ledger, _audit_folder(settings), key, district.timezone, settings.audit_keep_days)


def _roster_book(settings: Settings) -> "RosterBook":
    from dashboard.duty.roster_book import RosterBook

    return RosterBook(_state_url(settings))


def _note(settings: Settings, subject: str, detail: str) -> None:
    """Put on record what is done from this machine's command line; if that cannot be, it is not done."""
    from dashboard.audit.ledger import Ledger

    Ledger(_state_url(settings), settings.audit_hash).note("cli", _operator(), subject=subject, detail=detail)


def _operator() -> str:
    """Who works at this machine's command line, as the machine knows them."""
    try:
        return f"console:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have no name
        return f"console:{os.getuid()}"


def _road(settings: Settings) -> "tuple[District, Journal, Stills, Door]":
    """What a process needs that delivers records."""
    from dashboard.door import Door
    from dashboard.stills import Stills

    district, journal = _district(settings), _journal(settings)
    stills = Stills(settings.data_dir / "stills")
    return district, journal, stills, Door(district, journal, stills)


def _routes(settings: Settings) -> "list[tuple[Route, RouteSettings]]":
    import feeds
    from feeds import routes

    return routes.configure(feeds.ROUTES, settings.routes)


def _state_url(settings: Settings) -> str:
    """Where the state server is: the operator's, or the embedded one that runs here already."""
    if settings.redis_url:
        return settings.redis_url.get_secret_value()
    state = StateServer(settings.data_dir, settings.memory_mb)
    if not state.answers():
        raise StateServerError(
            f"no state server runs in {settings.data_dir}: start `python app.py` or `python app.py state` first, "
            "or set WALL_REDIS_URL"
        )
    return state.url


def _is_demonstration(settings: Settings, district: "District") -> bool:
    if settings.demonstration is not None:
        return settings.demonstration
    return district.demonstration and not settings.feeds


def _stop_event() -> threading.Event:
    """Set by SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _sweep(stills: "Stills", settings: Settings, stop: threading.Event) -> None:
    """Keep the stills within their bounds of size and age."""
    while not stop.wait(_SWEEP_S):
        stills.sweep(settings.stills_mb * 1_000_000, settings.stills_keep_days * 86_400, time.time())


def _show_progress(progress: "Progress") -> None:
    print(f"\r{progress.delivered:,} of {progress.total:,}", end="", flush=True)


def _greet(settings: Settings) -> None:
    print(f"wall135 is starting: {settings.address()}/wall   (Ctrl-C stops everything)", flush=True)


def _check_exposure(settings: Settings, url: str) -> None:
    """Raises Exposed where others could reach the pages and something is missing for that."""
    if settings.is_loopback():
        exposure.check(settings, has_account=False)
        return
    from dashboard.access import access

    exposure.check(settings, has_account=bool(access.opened(url, settings).keeper.accounts()))


def _invite(settings: Settings, way_in: "Access") -> None:
    """While there is no account, print the one-time link that makes the first administrator."""
    from dashboard.access.one_time import PATH

    try:
        token = way_in.first_link()
    except JournalUnavailable as error:
        log.warning("nobody could be invited to make the first account: %s", error)
        return
    if token:
        print(f"No account yet. Make the first administrator here, within a day: {settings.address()}{PATH}{token}")
        sys.stdout.flush()


def _seal_secrets(way_in: "Access") -> None:
    """Seal what an earlier version kept in plain text; whoever signs in seals their own as well."""
    try:
        sealed = way_in.seal_secrets()
    except JournalUnavailable as error:
        log.warning("secrets of second factors could not be looked through: %s", error)
        return
    if sealed:
        log.info("sealed the second factors of %d accounts, which an earlier version kept in plain text", sealed)


_SWEEP_S = 600.0

if __name__ == "__main__":
    sys.exit(main())
