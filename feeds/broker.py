"""How a client of an MQTT broker is made, for what we read there and for what we send."""

from typing import Literal, Protocol

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion


class BrokerSettings(Protocol):
    """What the tables of wall.toml say of a broker."""

    @property
    def host(self) -> str: ...  # noqa: D102 - plain fields of the tables
    @property
    def port(self) -> int: ...  # noqa: D102
    @property
    def user(self) -> str: ...  # noqa: D102
    @property
    def password(self) -> str: ...  # noqa: D102
    @property
    def tls(self) -> bool: ...  # noqa: D102
    @property
    def ca_file(self) -> str: ...  # noqa: D102
    @property
    def cert_file(self) -> str: ...  # noqa: D102
    @property
    def key_file(self) -> str: ...  # noqa: D102
    @property
    def protocol(self) -> Literal["5", "3.1.1"]: ...  # noqa: D102


def client(settings: BrokerSettings, client_id: str, *, keeps_session: bool) -> Client:
    """A client that is not connected yet; with `keeps_session` it acknowledges by hand what it receives."""
    is_new = settings.protocol == "5"
    made = Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        clean_session=None if is_new else not keeps_session,
        protocol=MQTTProtocolVersion.MQTTv5 if is_new else MQTTProtocolVersion.MQTTv311,
        manual_ack=keeps_session,
    )
    if settings.user:
        made.username_pw_set(settings.user, settings.password or None)
    if settings.tls:
        made.tls_set(settings.ca_file or None, settings.cert_file or None, settings.key_file or None)
    return made
