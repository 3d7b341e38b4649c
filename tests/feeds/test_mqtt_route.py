import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt import subscribe

from feeds import mqtt_route
from feeds.routes import RouteError
from tests.feeds.fakes import wait_for
from tests.feeds.letters import letter
from tests.feeds.test_mqtt import Broker


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Any]:
    broker = Broker(tmp_path)
    yield broker
    broker.stop()


def test_each_unit_has_a_topic_of_its_own(broker: Any) -> None:
    publisher = mqtt_route.open_route(
        mqtt_route.Settings(name="radio", host="127.0.0.1", port=broker.port, retain=True)
    )
    assert publisher.send(letter()) is None
    publisher.send(letter("o2", "FU001", go=False, scene=None))
    heard = subscribe.simple("wall/orders/+", hostname="127.0.0.1", port=broker.port, msg_count=2)
    told = {message.topic: json.loads(message.payload) for message in heard}
    publisher.close()
    assert told["wall/orders/PO000"]["order"] == "o1"
    assert told["wall/orders/PO000"]["scene"]["place"] == "裕安一路"
    assert told["wall/orders/FU001"]["go"] is False


def test_a_broker_that_was_killed_is_found_again(broker: Any) -> None:
    publisher = mqtt_route.open_route(mqtt_route.Settings(name="radio", host="127.0.0.1", port=broker.port))
    publisher.send(letter())
    broker.kill()
    with pytest.raises(RouteError):
        publisher.send(letter("o2"))
    broker.start()

    def is_taken() -> bool:
        try:
            publisher.send(letter("o2"))
        except RouteError:
            return False
        return True

    wait_for(is_taken, 30)
    publisher.close()


def test_no_broker_is_an_error_of_the_route() -> None:
    with pytest.raises(RouteError, match="radio"):
        mqtt_route.open_route(mqtt_route.Settings(name="radio", host="127.0.0.1", port=1)).send(letter())


def test_a_call_sign_cannot_address_others(broker: Any) -> None:
    publisher = mqtt_route.open_route(mqtt_route.Settings(name="radio", host="127.0.0.1", port=broker.port))
    with pytest.raises(RouteError, match="topic"):
        publisher.send(letter(unit="PO/#"))
    publisher.close()
