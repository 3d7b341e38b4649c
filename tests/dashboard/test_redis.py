"""The same road on a plain Redis: whoever sets WALL_REDIS_URL brings any Redis >= 7 or Valkey >= 8."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.district import District
from dashboard.journal import DELTAS, FIXES, JOURNAL, Journal
from dashboard.store import probe
from dashboard.wire import pack_fixes
from tests.builders import HERE, case, fixes, incident
from tests.dashboard.leading import Running, published, wait_for
from tests.feeds.small_district import small_district


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed (make test-tools installs it)")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--appendonly", "yes", "--dir", str(tmp_path)]
    with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL) as server:
        url = f"redis://127.0.0.1:{port}/0"
        give_up_at = time.monotonic() + 10
        while probe(url) != "ready":
            assert time.monotonic() < give_up_at
            time.sleep(0.02)
        yield url
        server.terminate()


@pytest.fixture
def district() -> District:
    return small_district()


def test_records_and_positions_take_the_whole_road(redis_url: str, district: District) -> None:
    journal = Journal(redis_url)
    engine = Running(redis_url, district)
    try:
        wait_for(lambda: published(journal), "nobody leads")
        assert journal.append([case(1), case(1), incident(1)]) == [True, False, True]
        journal.append_fixes("gps", pack_fixes(fixes(district, {"VO000": HERE}, 0), district.roster.checksum), 1)
        wait_for(
            lambda: (
                {"cases", "incidents", "units"}
                <= {
                    name
                    for *_, change in published(journal)
                    for name in change.__struct_fields__
                    if getattr(change, name)
                }
            ),
            "not everything came out",
        )
        journal.trim({JOURNAL: b"1-0", FIXES: b"1-0", DELTAS: b"1-0"})
        assert journal.usage()["journal_entries"] == 2
    finally:
        engine.end()
