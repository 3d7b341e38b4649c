"""wall135: joins all parts. The only module that knows them all; nobody imports it.

`python app.py` runs everything on one machine; `python app.py --help` lists the single processes and tools. Each
command imports what it needs when it runs: the supervisor needs none of it, and a cold start is a second shorter.
"""

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard import command_line, exposure
from dashboard.command_line import Act, Run
from dashboard.processes import collect_rarely
from dashboard.settings import Settings, describe
from dashboard.state_server import StateServer, StateServerError
from dashboard.store import JournalUnavailable
from dashboard.supervisor import Supervisor

if TYPE_CHECKING:
    from dashboard.archive.mover import Mover
    from dashboard.archive.store import Store
    from dashboard.audit.ledger import Ledger
    from dashboard.audit.seal import Sealer
    from dashboard.district import District
    from dashboard.door import Door
    from dashboard.duty.roster_book import RosterBook
    from dashboard.journal import Journal
    from dashboard.stills import Stills
    from feeds.replay import Progress
    from feeds.routes import Route, RouteSettings
    from layouts.briefing_files import Workshop

    Work = Callable[[threading.Event], object]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parsed = command_line.parser(RUNS).parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    run: Run = parsed.run
    try:
        return run(Settings(), parsed)
    except (StateServerError, JournalUnavailable, ValueError, OSError) as error:
        print(f"wall135: {error}", file=sys.stderr)
        return 2


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
    commands = {name: [sys.executable, __file__, name] for name in ("engine", "web", "feeds", "history")}
    print(f"wall135 is starting: {settings.address()}/wall   (Ctrl-C stops everything)", flush=True)
    return Supervisor(commands, environment, state).run()


def run_state(settings: Settings, _: argparse.Namespace) -> int:
    """The embedded state server alone, for machines where something else runs the processes."""
    state = StateServer(settings.data_dir, settings.memory_mb)
    print(state.start(), flush=True)
    return Supervisor({}, os.environ, state).run()


def run_engine(settings: Settings, _: argparse.Namespace) -> int:
    """The engine."""
    from dashboard.archive.reader import Archive
    from dashboard.engine import Engine

    district = _district(settings)
    book, sealer, mover = _roster_book(settings), _sealer(settings, district), _mover(settings, district)
    archive = Archive(_store(settings), _journal(settings), district)
    engine = Engine(district, _journal(settings), settings, book=book, sealer=sealer, mover=mover, archive=archive)
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
    from dashboard.access import opening
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
    opening.invite(web.access, settings.address())
    opening.seal_secrets(web.access)
    certificate = (settings.tls_cert, settings.tls_key) if settings.tls_cert and settings.tls_key else None
    serving.serve(web.wsgi, web.start, settings.host, settings.port, settings.wall_clients, certificate)
    return 0


def run_history(settings: Settings, _: argparse.Namespace) -> int:
    """Replays, and all other long work on history; never at the cost of what is live."""
    from dashboard.archive.checkpoints import Checkpoints
    from dashboard.archive.reader import Archive
    from dashboard.history.player import Player
    from dashboard.history.post import Post
    from dashboard.history.process import History
    from dashboard.history.source import Source

    os.nice(_IDLE)
    stop = _stop_event()
    district, journal, store = _district(settings), _journal(settings), _store(settings)
    source = Source(Archive(store, journal, district), Checkpoints(store, district.timezone), journal, district)
    replays = History(Post(_state_url(settings)), lambda: Player(district, source), settings.replays)
    collect_rarely()  # a picture is decoded four times as fast
    works = {"replays": replays.run, **_briefing_works(settings, district, journal)}  # each on a thread of its own
    threads = [threading.Thread(target=work, args=(stop,), daemon=True, name=name) for name, work in works.items()]
    for thread in threads:
        thread.start()
    while not stop.wait(1.0):
        if not all(thread.is_alive() for thread in threads):
            return 1  # one of them broke: the supervisor begins them all anew
    for thread in threads:
        thread.join(5)
    if any(thread.is_alive() for thread in threads):
        os._exit(0)  # in the middle of a question: the end of Python would break into DuckDB's own threads, and abort
    return 0


def make_briefing(settings: Settings, arguments: argparse.Namespace) -> int:
    """One week's briefing of one centre, into a file."""
    workshop = _workshop(settings, _district(settings), _journal(settings))
    centre = arguments.centre or workshop.district.root.code
    mark = workshop.mark("wall135", arguments.lang)
    made = workshop.build(workshop.of(arguments.week, centre), arguments.format, arguments.lang, mark)
    arguments.out.write_bytes(made)
    print(f"{arguments.out}: {len(made):,} bytes")
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

    keeper = access.opened(_state_url(settings), settings).keeper
    tool = Tool(keeper, _ledger(settings).note, settings.address(), partial(_district, settings))
    act: Act = arguments.act
    for line in act(tool, arguments):
        print(line)
    return 0


def keep_audit(settings: Settings, arguments: argparse.Namespace) -> int:
    """What auditors do with the trail."""
    from dashboard import credentials
    from dashboard.audit.tool import Tool

    ledger, key = _ledger(settings), partial(credentials.secret_key, settings)
    zone = _district(settings).timezone
    return Tool(ledger, _audit_folder(settings), key, zone, settings.audit_keep_days, time.time()).run(arguments)


def keep_archive(settings: Settings, arguments: argparse.Namespace) -> int:
    """What operators do with history."""
    from dashboard.archive.tool import Tool

    tool = Tool(
        _store(settings),
        _district(settings),
        partial(_journal, settings),
        lambda *a, **k: _ledger(settings).note(*a, **k),
    )
    act: Act = arguments.act
    for line in act(tool, arguments):
        print(line)
    return 1 if tool.failed else 0


def keep_rosters(settings: Settings, arguments: argparse.Namespace) -> int:
    """Who is on duty when, from files of the operator."""
    from dashboard.duty.roster_tool import Tool

    book, ledger = partial(_roster_book, settings), partial(_ledger, settings)
    return Tool(partial(_district, settings), book, ledger, time.time()).run(arguments)


# -- parts -----------------------------------------------------------------------------------------------------


def _district(settings: Settings) -> "District":
    from dashboard.district import load

    return load(settings.district_folder())


def _journal(settings: Settings) -> "Journal":
    from dashboard.journal import Journal

    return Journal(_state_url(settings))


def _ledger(settings: Settings) -> "Ledger":
    from dashboard.audit.ledger import Ledger

    return Ledger(_state_url(settings), settings.audit_hash)


def _audit_folder(settings: Settings) -> Path:
    return settings.data_dir / "audit"


def _sealer(settings: Settings, district: "District") -> "Sealer":
    from dashboard import credentials
    from dashboard.audit.seal import Sealer

    ledger, key = _ledger(settings), partial(credentials.secret_key, settings)
    return Sealer(ledger, _audit_folder(settings), key, district.timezone, settings.audit_keep_days)


def _store(settings: Settings) -> "Store":
    from dashboard.archive.store import open_store

    return open_store(settings.archive_url, settings.data_dir)


def _mover(settings: Settings, district: "District") -> "Mover":
    from dashboard.archive import compaction, districts
    from dashboard.archive.checkpoints import Checkpoints
    from dashboard.archive.mover import Keep, Mover, swept
    from dashboard.engine import DELTAS_KEEP_S

    store = swept(_store(settings))
    keep = Keep(settings.journal_keep_days * 86_400, settings.fixes_keep_s, DELTAS_KEEP_S)
    checkpoints = Checkpoints(store, district.timezone, settings.checkpoint_s)
    ages = compaction.Keep(settings.tracks_keep_days, settings.history_keep_days)
    tidier = compaction.Tidier(store, district.timezone, district.timezone.key, ages)
    files = districts.pack(settings.district_folder(), district.version)
    return Mover(_journal(settings), store, district, settings.archive_every_s, keep, checkpoints, tidier.tidy, files)


def _workshop(settings: Settings, district: "District", journal: "Journal") -> "Workshop":
    """What makes briefings and their files."""
    from dashboard.archive.reader import Archive
    from dashboard.briefing import rules
    from dashboard.briefing.making import Briefings
    from dashboard.printing import Printer
    from layouts.briefing_files import Workshop

    briefings = Briefings(
        Archive(_store(settings), journal, district), district, rules.decode(district.briefing_settings)
    )
    return Workshop(district, briefings, Printer(Path(__file__).parent / "assets").print)


def _briefing_works(settings: Settings, district: "District", journal: "Journal") -> "dict[str, Work]":
    """Exports that are asked for, and the Monday's briefings."""
    from dashboard.briefing import post
    from dashboard.briefing.jobs import Jobs
    from dashboard.briefing.schedule import Deliverer

    workshop, url, schedule = _workshop(settings, district, journal), settings.smtp_url, settings.briefing_schedule
    send = partial(post.send, url.get_secret_value(), settings.mail_from) if url else None
    centres = [
        each.code for each in district.centres.values() if schedule.communities or each.kind.value != "community"
    ]
    folder = settings.briefing_dir or settings.data_dir / "briefings"
    make = partial(workshop.deliver, schedule.languages)
    deliverer = Deliverer(schedule, centres, folder, district.timezone, make, workshop.word, send, workshop.knows)
    return {"exports": partial(Jobs(settings.data_dir / "exports").run, workshop.work), "briefings": deliverer.run}


def _roster_book(settings: Settings) -> "RosterBook":
    from dashboard.duty.roster_book import RosterBook

    return RosterBook(_state_url(settings))


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


def _check_exposure(settings: Settings, url: str) -> None:
    """Raises Exposed where others could reach the pages and something is missing for that."""
    if settings.is_loopback():
        exposure.check(settings, has_account=False)
        return
    from dashboard.access import access

    exposure.check(settings, has_account=bool(access.opened(url, settings).keeper.accounts()))


_SWEEP_S = 600.0
_IDLE = 10  # how much the history process stands back
RUNS: Mapping[str, Run] = {
    "": run_all,
    "feeds": run_feeds,
    "engine": run_engine,
    "web": run_web,
    "history": run_history,
    "state": run_state,
    "archive": keep_archive,
    "briefing make": make_briefing,
    "settings": show_settings,
    "sources": show_sources,
    "simulate": run_simulate,
    "replay": run_replay,
    "district check": check_district,
    "district build": build_district,
    "district rehearsal": build_rehearsal,
    "roster": keep_rosters,
    "audit": keep_audit,
    "user": keep_access,
    "screen": keep_access,
}

if __name__ == "__main__":
    sys.exit(main())
