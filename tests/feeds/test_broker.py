from paho.mqtt.enums import MQTTProtocolVersion

from feeds import broker, mqtt_route


def test_a_client_speaks_the_version_that_is_asked_for() -> None:
    new = broker.client(mqtt_route.Settings(name="r", host="h"), "a", keeps_session=True)
    old = broker.client(mqtt_route.Settings(name="r", host="h", protocol="3.1.1"), "b", keeps_session=True)
    assert new.protocol == MQTTProtocolVersion.MQTTv5
    assert old.protocol == MQTTProtocolVersion.MQTTv311


def test_a_user_and_its_password_are_sent() -> None:
    made = broker.client(mqtt_route.Settings(name="r", host="h", user="u", password="p"), "a", keeps_session=False)
    assert made.username == "u"
