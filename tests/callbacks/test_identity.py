import pytest
from flask import Flask

from callbacks import identity
from dashboard.access import Principal, Role, Via

SOMEBODY = Principal("li", "值班员", Role.OFFICER, "D", "s1", Via.PASSWORD)


def test_whom_the_gate_let_in_is_known_for_this_request_only() -> None:
    server = Flask("test")
    with server.test_request_context():
        identity.admit(SOMEBODY)
        assert identity.current() == SOMEBODY
    with server.test_request_context(), pytest.raises(AttributeError):
        identity.current()
