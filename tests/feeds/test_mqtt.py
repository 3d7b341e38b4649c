import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from paho.mqtt import publish

from dashboard.district.geo import Crs
from feeds import frigate, mqtt
from feeds.delivery import FeedStopped
from feeds.mqtt import Arrived, Settings
from feeds.source import FeedLost
from tests.feeds.fakes import Edge, delivery, wait_for

ROOT = Path(__file__).parents[2]
AT = 1_763_776_800
TOPICS = {
    "owntracks/+/+": "owntracks",
    "wall/readings/+": "sensor_readings",
    "frigate/reviews": "frigate",
    "frigate/+/+/snapshot": "frigate",
}
REVIEW = {
    "type": "new",
    "after": {
        "id": f"{AT}.5-abc",
        "camera": "gate",
        "start_time": AT + 0.5,
        "end_time": None,
        "severity": "alert",
        "data": {"detections": [], "objects": ["person"], "zones": [], "audio": [], "sub_labels": ["Bob"]},
    },
}


class Broker:
    """A real mosquitto that keeps its sessions on disk."""

    def __init__(self, folder, *lines):
        self.binary = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        if not Path(self.binary).exists():
            pytest.skip("mosquitto is not installed")
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.store = folder / "mosquitto.db"
        (folder / "broker.conf").write_text(
            "\n".join(
                (
                    f"listener {self.port} 127.0.0.1",
                    "persistence true",
                    f"persistence_location {folder}/",
                    "autosave_on_changes true",
                    "autosave_interval 1",
                    "max_queued_messages 0",
                    *((f"user {os.environ.get('USER', 'root')}",) if os.getuid() == 0 else ()),
                    *(lines or ("allow_anonymous true",)),
                )
            )
            + "\n"
        )
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.binary, "-c", str(self.folder / "broker.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self._answers)

    def _answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(10)

    def send(self, *messages, retain=False):
        """Publish (topic, payload) at QoS 1; returns when the broker has taken them all."""
        publish.multiple(
            [{"topic": topic, "payload": payload, "qos": 1, "retain": retain} for topic, payload in messages],
            hostname="127.0.0.1",
            port=self.port,
        )


@pytest.fixture
def broker(tmp_path):
    broker = Broker(tmp_path)
    yield broker
    broker.stop()


def settings(broker, **fields):
    return Settings(
        **{"name": "field", "crs": Crs.WGS84, "host": "127.0.0.1", "port": broker.port, "topics": TOPICS} | fields
    )


@contextmanager
def running(wanted, edge, stills=None):
    stop, ended = threading.Event(), []

    def run():
        try:
            mqtt.fetch(wanted, delivery(edge, wanted, stop, stills), stop)
        except (FeedStopped, FeedLost, OSError) as error:
            ended.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield ended
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def fix(unit, at=AT):
    return f"owntracks/p/{unit}", json.dumps({"_type": "location", "lat": 22.55, "lon": 113.88, "tst": at}).encode()


def reading(number):
    return "wall/readings/G-017", json.dumps({"value": number, "at": AT + number}).encode()


def readings(edge):
    return sorted(record.value for record in edge.records.values())


def arrived(topic, payload, retained=False):
    return Arrived(1, 1, topic, payload, retained, datetime.fromtimestamp(AT + 1, UTC))


class Shelf:
    def store(self, data):
        return data.hex().rjust(64, "0")


def decode(*messages, edge=None, stills=None, **fields):
    wanted = Settings(**{"name": "field", "crs": Crs.WGS84, "host": "h", "topics": TOPICS} | fields)
    deliver = delivery(edge or Edge(), wanted, stills=stills)
    return mqtt.decode(list(messages), wanted, deliver, frigate.Pictures(wanted.frigate))


def test_each_topic_goes_to_its_decoder():
    decoded = decode(
        arrived(*fix("V0001")),
        arrived(*reading(3)),
        arrived("frigate/reviews", json.dumps(REVIEW).encode()),
        arrived("somewhere/else", b"x"),
    )
    assert [position.unit for position in decoded.fixes] == ["V0001"]
    assert [type(record).__name__ for record in decoded.records] == ["Reading", "Alert"]


def test_shared_subscriptions_match_without_their_prefix():
    decoded = decode(arrived(*reading(3)), topics={"$share/wall/wall/readings/+": "sensor_readings"})
    assert len(decoded.records) == 1


def test_what_cannot_be_read_is_counted_and_does_not_stop_the_rest():
    edge = Edge()
    decoded = decode(
        arrived("owntracks/p/V0001", b"{"),
        arrived("wall/readings/G-017", b"nan"),
        arrived("frigate/reviews", b"\xff"),
        arrived(*fix("V0002")),
        edge=edge,
    )
    assert [position.unit for position in decoded.fixes] == ["V0002"]
    assert edge.refused == {"malformed": 3}


def test_retained_number_is_no_reading_and_retained_picture_no_picture():
    assert decode(arrived("wall/readings/G-017", b"4", retained=True)).records == []
    decoded = decode(
        arrived("frigate/reviews", json.dumps(REVIEW).encode()),
        arrived("frigate/gate/person/snapshot", b"\xaa", retained=True),
        stills=Shelf(),
    )
    assert [record.still for record in decoded.records] == [None]


def test_picture_follows_its_alert_and_persons_are_counted():
    edge = Edge()
    decoded = decode(
        arrived("frigate/reviews", json.dumps(REVIEW).encode()),
        arrived("frigate/gate/person/snapshot", b"\xaa"),
        edge=edge,
        stills=Shelf(),
    )
    assert [record.still for record in decoded.records] == [None, "aa".rjust(64, "0")]
    assert edge.dropped == {"field|sub_labels": 1}


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_messages_of_a_real_broker_arrive(broker, protocol):
    edge = Edge()
    with running(settings(broker, protocol=protocol), edge, Shelf()):
        wait_for(lambda: edge.beats)
        broker.send(
            fix("V0001"),
            reading(3),
            ("frigate/reviews", json.dumps(REVIEW)),
            ("frigate/gate/person/snapshot", b"\xaa"),
            ("owntracks/p/V0001", b"not json"),
        )
        wait_for(lambda: len(edge.fixes) == 1 and len(edge.records) == 3 and edge.refused)
    assert edge.refused == {"malformed": 1}


def test_positions_travel_in_batches(broker):
    edge = Edge()
    with running(settings(broker), edge):
        wait_for(lambda: edge.beats)
        broker.send(*(fix(f"V{number:04}") for number in range(500)))
        wait_for(lambda: len(edge.fixes) == 500)
    assert len(edge.batches) <= 250


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_what_is_sent_while_we_are_away_waits_for_us(broker, protocol):
    edge = Edge()
    wanted = settings(broker, protocol=protocol)
    with running(wanted, edge):
        wait_for(lambda: edge.beats)
    broker.send(*(reading(number) for number in range(50)))
    with running(wanted, edge):
        wait_for(lambda: len(edge.records) == 50)


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_nothing_is_acknowledged_before_the_journal_has_it(broker, protocol):
    edge = Edge()
    wanted = settings(broker, protocol=protocol)
    with running(wanted, edge):
        wait_for(lambda: edge.beats)
        edge.is_away = True
        broker.send(*(reading(number) for number in range(50)))
        wait_for(lambda: edge.calls_while_away >= 2)
    assert edge.records == {}
    edge.is_away = False
    with running(wanted, edge):
        wait_for(lambda: len(edge.records) == 50)
        wait_for(lambda: sum(edge.batches) == 50)
    with running(wanted, edge):
        broker.send(reading(99))
        wait_for(lambda: len(edge.records) == 51)
    assert sum(edge.batches) == 51, "what was acknowledged does not come again"


def test_a_journal_that_comes_back_gets_what_was_held(broker):
    edge = Edge()
    with running(settings(broker), edge) as ended:
        wait_for(lambda: edge.beats)
        edge.is_away = True
        broker.send(*(reading(number) for number in range(50)))
        wait_for(lambda: edge.calls_while_away >= 2)
        edge.is_away = False
        wait_for(lambda: len(edge.records) == 50)
        assert ended == []


@pytest.mark.fault
def test_kill_of_the_broker_loses_no_acknowledged_message(broker):
    edge = Edge()
    wanted = settings(broker)
    with running(wanted, edge) as ended:
        wait_for(lambda: edge.beats)
        edge.is_away = True
        sent_at = time.time()
        broker.send(*(reading(number) for number in range(200)))
        # The broker writes its sessions down a moment after it takes a message; that promise is its own.
        os.kill(broker.process.pid, signal.SIGUSR1)
        wait_for(lambda: broker.store.exists() and broker.store.stat().st_mtime >= sent_at)
        wait_for(lambda: edge.calls_while_away >= 2)
        broker.kill()
        edge.is_away = False
        wait_for(lambda: ended)
        assert isinstance(ended[0], FeedLost)
    held = Edge()
    broker.start()
    with running(wanted, held):
        wait_for(lambda: len(held.records) == 200)
    assert readings(held) == list(range(200))


FEEDS_PROCESS = """
import os, signal, sys, threading
import msgspec
from feeds import mqtt
from tests.feeds.fakes import Edge, delivery

class Door(Edge):
    # Dies with a batch in its hands: before the journal has it, or after, when the broker does not know yet.
    def take_records(self, source_name, batch, now):
        if sys.argv[3] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        with open(sys.argv[2], "a") as journal:
            journal.writelines(record.id + "\\n" for record in batch)
        if sys.argv[3] == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().take_records(source_name, batch, now)

wanted = msgspec.json.decode(sys.argv[1], type=mqtt.Settings)
stop = threading.Event()
mqtt.fetch(wanted, delivery(Door(), wanted, stop), stop)
"""


@pytest.mark.fault
def test_kill_of_the_feeds_process_loses_no_message(broker, tmp_path):
    wanted = settings(broker)
    with running(wanted, edge := Edge()):
        wait_for(lambda: edge.beats)
    journal = tmp_path / "journal"
    journal.touch()

    def start(dies):
        arguments = [msgspec.json.encode(wanted).decode(), str(journal), dies]
        return subprocess.Popen([sys.executable, "-c", FEEDS_PROCESS, *arguments], cwd=ROOT)

    broker.send(*(reading(number) for number in range(1000)))
    for dies in ("before", "after", "before"):
        assert start(dies).wait(30) == -signal.SIGKILL
    last = start("never")
    try:
        wait_for(lambda: len(set(journal.read_text().split())) == 1000)
    finally:
        last.kill()
        last.wait()


def test_a_broker_that_refuses_us_is_a_lost_source_with_its_reason(tmp_path):
    strict = Broker(tmp_path, "allow_anonymous false")
    try:
        with running(settings(strict), Edge()) as ended:
            wait_for(lambda: ended)
        assert isinstance(ended[0], FeedLost)
        assert "refuses us: Not authorized" in str(ended[0])
    finally:
        strict.stop()


def test_user_and_password_open_the_broker(tmp_path):
    (tmp_path / "passwords").write_text("")
    tool = shutil.which("mosquitto_passwd")
    if tool is None:
        pytest.skip("mosquitto_passwd is not installed")
    subprocess.run([tool, "-b", str(tmp_path / "passwords"), "wall", "secret"], check=True)
    strict = Broker(tmp_path, "allow_anonymous false", f"password_file {tmp_path}/passwords")
    edge = Edge()
    try:
        with running(settings(strict, user="wall", password="secret"), edge):
            wait_for(lambda: edge.beats)
    finally:
        strict.stop()


def test_a_broker_that_is_away_is_an_error():
    with pytest.raises(OSError):
        mqtt.fetch(
            Settings(name="field", crs=Crs.WGS84, host="127.0.0.1", port=1, topics=TOPICS),
            delivery(Edge()),
            threading.Event(),
        )
