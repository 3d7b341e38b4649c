"""One connection to an MQTT broker: which topics we want, and which decoder reads each of them.

Our session is kept by the broker, and a message of QoS 1 is acknowledged only when the journal has it: what
was on its way when either of us died comes again. The journal recognises what it has already.
"""

import functools
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Any, Literal

from msgspec import field
from paho.mqtt.client import Client, MQTTMessage, topic_matches_sub
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from dashboard.records import Fix, Record
from feeds import broker, frigate, owntracks, sensor_readings, unit_replies
from feeds.delivery import Delivery
from feeds.frigate import Options as FrigateOptions
from feeds.owntracks import Options as OwnTracksOptions
from feeds.source import FeedError, FeedLost, FeedSettings

_GATHER_S = 0.02  # positions of this long travel together: one entry of the journal instead of thousands
_GATHER_MOST = 5_000
_WAIT_S = 1.0
_CONNECT_S = 10.0
_KEEPALIVE_S = 30
_UNACKNOWLEDGED = 10_000  # how many the broker may send ahead (MQTT 5); its own default is 20
_SESSION_S = 7 * 86_400  # how long the broker keeps our session (MQTT 5)


class Settings(FeedSettings, frozen=True, kw_only=True):
    """Where the broker is, and what its topics mean."""

    host: str
    port: int = 1883
    topics: Mapping[str, Literal["owntracks", "sensor_readings", "frigate", "unit_replies"]]  # filter -> decoder
    client_id: str = ""  # empty: from the feed's name. Two walls on one broker need two
    user: str = ""
    password: str = ""
    tls: bool = False
    ca_file: str = ""  # empty: the system's authorities
    cert_file: str = ""
    key_file: str = ""
    protocol: Literal["5", "3.1.1"] = "5"
    owntracks: OwnTracksOptions = field(default_factory=OwnTracksOptions)
    frigate: FrigateOptions = field(default_factory=FrigateOptions)


@dataclass(frozen=True)
class Arrived:
    """One message as it came."""

    mid: int
    qos: int
    topic: str
    payload: bytes
    retained: bool
    at: datetime


@dataclass(frozen=True)
class Decoded:
    """What a batch of messages holds."""

    fixes: list[Fix]
    records: list[Record]


def fetch(settings: Settings, deliver: Delivery, stop: Event) -> None:
    """Take messages until `stop` is set; raises FeedLost or OSError when the broker is gone."""
    connection = _Connection(settings)
    pictures = frigate.Pictures(settings.frigate)
    try:
        connection.open(stop)
        while not stop.is_set():
            deliver.alive()
            messages = connection.gather()
            decoded = decode(messages, settings, deliver, pictures)
            if decoded.fixes:
                deliver.fixes(decoded.fixes)
            if decoded.records:
                deliver.records(decoded.records)
            connection.acknowledge(messages)
    finally:
        connection.close()


def decode(messages: list[Arrived], settings: Settings, deliver: Delivery, pictures: frigate.Pictures) -> Decoded:
    """What the messages hold; those that cannot be read are counted as refused, and pictures are kept."""
    decoded = Decoded([], [])
    for message in messages:
        decoder = _decoder(message.topic, tuple(settings.topics.items()))
        try:
            if decoder == "owntracks":
                decoded.fixes.extend(owntracks.decode(message.topic, message.payload, settings.crs, settings.owntracks))
            elif decoder == "sensor_readings":
                received_at = None if message.retained else message.at
                decoded.records.extend(sensor_readings.decode(message.topic, message.payload, received_at))
            elif decoder == "unit_replies":
                received_at = None if message.retained else message.at
                decoded.records.extend(unit_replies.decode(message.topic, message.payload, received_at))
            elif decoder == "frigate":
                decoded.records.extend(_from_frigate(message, settings, deliver, pictures))
        except FeedError as error:
            deliver.refuse(str(error))
    return decoded


def _from_frigate(message: Arrived, settings: Settings, deliver: Delivery, pictures: frigate.Pictures) -> list[Record]:
    camera = frigate.camera_of_snapshot(message.topic)
    if camera:
        # A retained picture shows an older scene.
        digest = None if message.retained or not message.payload else deliver.still(message.payload)
        return list(pictures.arrived(camera, digest, message.at)) if digest else []
    alerts = frigate.decode(message.topic, message.payload, settings.frigate)
    if alerts:
        deliver.dropped(frigate.personal_fields(message.payload))
    return [pictures.attach(alert) for alert in alerts]


@functools.lru_cache(maxsize=100_000)
def _decoder(topic: str, topics: tuple[tuple[str, str], ...]) -> str:
    """The decoder of the first filter that matches; "$share/<group>/" in front is the broker's affair."""
    for wanted, decoder in topics:
        pattern = wanted.split("/", 2)[2] if wanted.startswith("$share/") else wanted
        if topic_matches_sub(pattern, topic):
            return decoder
    return ""


class _Connection:
    """A client that lives as long as its connection: an acknowledgement never reaches another one."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is sent before `open`."""
        self._settings = settings
        self._arrived: list[Arrived] = []
        self._is_ready = False
        self._trouble = ""
        client_id = settings.client_id or f"wall135-{settings.name}"
        self._client = broker.client(settings, client_id, keeps_session=True)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.on_disconnect = self._on_disconnect

    def open(self, stop: Event) -> None:
        """Connect and subscribe; returns when the broker has agreed to both."""
        extra: dict[str, Any] = {}
        if self._settings.protocol == "5":
            wishes = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            wishes.SessionExpiryInterval = _SESSION_S
            wishes.ReceiveMaximum = _UNACKNOWLEDGED
            extra = {"clean_start": False, "properties": wishes}
        self._client.connect(self._settings.host, self._settings.port, keepalive=_KEEPALIVE_S, **extra)
        give_up_at = time.monotonic() + _CONNECT_S
        while not self._is_ready and not stop.is_set():
            self._turn(0.1)
            if self._trouble:
                raise FeedLost(self._trouble)
            if time.monotonic() > give_up_at:
                raise FeedLost("the broker took the connection and then said nothing")

    def gather(self) -> list[Arrived]:
        """What arrives within a moment of the first message; an empty list when nothing does for a while."""
        if self._trouble:
            raise FeedLost(self._trouble)
        if not self._arrived:
            self._turn(_WAIT_S)
        ready_at = time.monotonic() + _GATHER_S
        while self._arrived and not self._trouble and len(self._arrived) < _GATHER_MOST:
            left_s = ready_at - time.monotonic()
            if left_s <= 0:
                break
            self._turn(left_s)
        gathered, self._arrived = self._arrived, []
        return gathered

    def acknowledge(self, messages: list[Arrived]) -> None:
        """Tell the broker that these are safe; without a connection they come again, which is harmless."""
        for message in messages:
            if message.qos and not self._trouble:
                self._note(self._client.ack(message.mid, message.qos))

    def close(self) -> None:
        """Say good-bye; the broker keeps our session."""
        self._client.disconnect()

    def _turn(self, wait_s: float) -> None:
        self._note(self._client.loop(wait_s))

    def _note(self, code: MQTTErrorCode) -> None:
        if code is not MQTTErrorCode.MQTT_ERR_SUCCESS and not self._trouble:
            self._trouble = f"the connection broke: {code.name}"

    def _on_connect(self, client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._trouble = f"the broker refuses us: {reason}"
        else:
            client.subscribe([(wanted, 1) for wanted in self._settings.topics])

    def _on_subscribe(self, _client: Client, _data: Any, _mid: int, reasons: Any, _properties: Any) -> None:
        refused = [wanted for wanted, reason in zip(self._settings.topics, reasons, strict=True) if reason.is_failure]
        if refused:
            self._trouble = f"the broker refuses us the topics {', '.join(refused)}"
        self._is_ready = not refused

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:  # no decoder will want it
            topic = ""
        self._arrived.append(
            Arrived(message.mid, message.qos, topic, bytes(message.payload), message.retain, datetime.now(UTC))
        )

    def _on_disconnect(self, _client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self._trouble = self._trouble or f"the broker ended the connection: {reason}"
