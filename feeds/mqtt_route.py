"""Orders by MQTT: one topic a unit, QoS 1; a letter is safe when the broker has acknowledged it.

Devices answer on topics that a feed of type "mqtt" reads with the decoder "unit_replies".
"""

import threading
from typing import Any, Literal

import msgspec
from paho.mqtt.enums import MQTTErrorCode

from dashboard.records import ReplyState
from feeds import broker
from feeds.routes import Letter, RouteError, RouteSettings

_TAKEN_S = 4.0
_KEEPALIVE_S = 30


class Settings(RouteSettings, frozen=True, kw_only=True):
    """Where the broker is, and which topic belongs to a unit."""

    host: str
    port: int = 1883
    topic: str = "wall/orders/{unit}"
    retain: bool = False  # a device that comes late finds its last order
    user: str = ""
    password: str = ""
    tls: bool = False
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    protocol: Literal["5", "3.1.1"] = "5"


class Publisher:
    """Publishes letters; connects when the first one comes and again whenever it has to."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = broker.client(settings, f"wall135-route-{settings.name}", keeps_session=False)
        self._client.on_connect = self._on_connect
        self._answered = threading.Event()
        self._refusal = ""
        self._is_running = False

    def send(self, letter: Letter) -> ReplyState | None:
        """Publish one letter; what the device says of it comes on its own topic."""
        self._connect()
        if set(letter.unit) & set("+#/\0"):
            raise RouteError(f"{self._settings.name}: {letter.unit!r} cannot be part of a topic")
        topic = self._settings.topic.format(unit=letter.unit)
        info = self._client.publish(topic, msgspec.json.encode(letter), qos=1, retain=self._settings.retain)
        try:
            info.wait_for_publish(_TAKEN_S)
        except (RuntimeError, ValueError) as error:
            raise RouteError(f"{self._settings.name}: {error}") from error
        if info.rc is not MQTTErrorCode.MQTT_ERR_SUCCESS or not info.is_published():
            raise RouteError(f"{self._settings.name}: the broker did not take it")
        return None

    def close(self) -> None:
        """Say good-bye."""
        if self._is_running:
            self._client.disconnect()
            self._client.loop_stop()

    def _connect(self) -> None:
        if self._client.is_connected():
            return
        try:
            if not self._is_running:
                self._client.connect(self._settings.host, self._settings.port, keepalive=_KEEPALIVE_S)
                self._client.loop_start()
                self._is_running = True
        except OSError as error:
            raise RouteError(f"{self._settings.name}: {error}") from error
        if not self._answered.wait(_TAKEN_S) or not self._client.is_connected():
            raise RouteError(f"{self._settings.name}: {self._refusal or 'the broker does not answer'}")

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self._refusal = f"the broker refuses us: {reason}" if reason.is_failure else ""
        self._answered.set()


def open_route(settings: Settings) -> Publisher:
    """A publisher to that broker."""
    return Publisher(settings)
