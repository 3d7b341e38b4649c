import random
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from dashboard.district import District
from dashboard.history.digest import digest
from dashboard.history.player import NoHistory, Player
from dashboard.history.source import Source
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from tests.dashboard.history.lived import Lived
from tests.feeds import small_district


@pytest.fixture
def lived(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Lived]:
    """Two engines, the second of which took over after the first had died in the middle of its work."""
    history = Lived(state_server.url, small, tmp_path, monkeypatch)
    history.start(tick_s=0.1)
    history.live(4)
    history.end()
    history.start(tick_s=0.1)
    history.live(3)
    yield history
    history.end()


def test_what_a_killed_engine_showed_and_what_its_successor_made_of_it_is_played_as_well(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = Lived(state_server.url, small, tmp_path, monkeypatch)
    history.start(tick_s=0.1)
    history.live(3)
    history.kill()
    killed_at = max(history.digests)
    history.start(tick_s=0.1)
    for _ in range(60):  # the lease of the dead one is three seconds long
        history.live(0.5)
        if sum(each > killed_at for each in list(history.digests)) > 12:
            break
    history.end()
    history.mover.run(time.time())
    moments = [each for each in sorted(history.digests) if each > history.checkpoints.all()[0].at]
    before, behind = ([each for each in moments if (each > killed_at) is late] for late in (False, True))
    assert len(before) > 15
    assert len(behind) > 10
    player = Player(small, history.source(with_streams=False))
    for at in [*random.Random(5).sample(before, 5), killed_at, behind[0], *random.Random(5).sample(behind, 5)]:
        player.seek(at)
        assert digest(player.situation) == history.digests[at], at - killed_at
    gone = player.seek((killed_at + behind[0]) / 2)
    assert gone.shown_at == killed_at


def test_ten_random_moments_are_what_was_shown_then(lived: Lived, small: District) -> None:
    lived.end()
    moments = sorted(lived.digests)
    assert len(moments) > 30
    for archived in (False, True):
        if archived:
            lived.mover.run(time.time())
        player = Player(small, lived.source(with_streams=not archived))
        first = lived.checkpoints.all()[0].at if archived else moments[0]
        for at in random.Random(3).sample([each for each in moments if each > first], 10):
            player.seek(at)
            assert player.second.at == at
            assert digest(player.situation) == lived.digests[at], (archived, at)


def test_playing_on_is_the_same_as_going_there(lived: Lived, small: District) -> None:
    lived.end()
    lived.mover.run(time.time())
    moments = [each for each in sorted(lived.digests) if each > lived.checkpoints.all()[0].at]
    player = Player(small, lived.source())
    player.seek(moments[1])
    for at in moments[2::5]:
        player.advance(at)
        assert digest(player.situation) == lived.digests[at]


def test_before_history_begins_there_is_nothing(lived: Lived, small: District) -> None:
    lived.end()
    lived.mover.run(time.time())
    with pytest.raises(NoHistory):
        Player(small, lived.source()).seek(1.0)


def test_where_nobody_led_a_gap_is_told(lived: Lived, small: District) -> None:
    lived.end()
    lived.mover.run(time.time())
    last = max(lived.digests)
    moment = Player(small, lived.source()).seek(last + 60)
    assert (moment.is_gap, moment.at) == (True, last + 60)
    assert moment.shown_at == pytest.approx(last, abs=0.5)


def test_work_is_bounded_and_goes_on(lived: Lived, small: District) -> None:
    lived.end()
    lived.mover.run(time.time())
    moments = [each for each in sorted(lived.digests) if each > lived.checkpoints.all()[0].at]
    player = Player(small, lived.source())
    player.seek(moments[0])
    reached = [player.advance(moments[-1], budget_s=0.0).at for _ in range(3)]
    assert reached == sorted(set(reached)) and reached[-1] < moments[-1]


def test_a_picture_is_opened_only_where_it_is_nearer(
    lived: Lived, small: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived.end()
    lived.mover.run(time.time())
    after = {at: lived.checkpoints.latest(at) for at in sorted(lived.digests) if at > lived.checkpoints.all()[0].at}
    first, second = next(pair for pair in pairwise(after) if after[pair[0]] == after[pair[1]])
    source, opened = lived.source(with_streams=False), []
    load = Source._load
    monkeypatch.setattr(Source, "_load", lambda self, known: opened.append(known.id) or load(self, known))
    player = Player(small, source)
    for at in (first, second, first):
        player.seek(at)
        assert digest(player.situation) == lived.digests[at]
    assert len(opened) == 2  # to the first, and back to it


def test_what_was_before_an_edit_of_the_district_is_played_by_the_district_of_then(
    journal: Journal, state_server: StateServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "district"
    folder.mkdir()
    small_district.write(folder)
    history = Lived(state_server.url, small_district.small_district(), tmp_path / "archive", monkeypatch)
    history.use(folder)
    before = history.district
    history.start(tick_s=0.1)
    history.live(4)
    history.end()
    edited_at = max(history.digests)
    small_district.edit(folder)
    history.use(folder)
    behind = history.district
    assert before.version != behind.version
    assert before.roster.index["VO000"] + 1 == behind.roster.index["VO000"]
    history.start(tick_s=0.1)
    history.live(4)
    history.end()
    history.mover.run(time.time())
    moments = [each for each in sorted(history.digests) if each > history.checkpoints.all()[0].at]
    early, late = ([each for each in moments if (each > edited_at) is wanted] for wanted in (False, True))
    assert min(len(early), len(late)) > 15
    dice = random.Random(11)
    player = Player(behind, history.source(with_streams=False))
    for at in [*dice.sample(early, 6), early[-1], late[0], *dice.sample(late, 6), *dice.sample(early, 3)]:
        player.seek(at)
        assert (player.second.at, player.district.version) == (at, (before if at <= edited_at else behind).version)
        assert digest(player.situation) == history.digests[at], at - edited_at
    player.seek(early[-20])
    for at in (early[-1], late[0], late[9]):  # played across the edit, without a jump
        player.advance(at)
        assert digest(player.situation) == history.digests[at], at - edited_at
    assert player.district.version == behind.version
    # The first picture of an engine is archived a moment later than its first seconds are there.
    monkeypatch.setattr(Source, "picture_of", lambda *_: None)
    player.seek(early[-1])
    player.advance(late[-9])
    assert player.district.version == before.version
    player.seek(late[-5])
    assert digest(player.situation) == history.digests[late[-5]]
