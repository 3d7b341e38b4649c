from flask import Flask, Response

from callbacks.cookies import Cookie

SERVER = Flask("test")


def test_no_script_and_no_other_site_gets_at_it() -> None:
    set_cookie = Cookie(is_tls=False).give(Response(), "token").headers["Set-Cookie"]
    assert set_cookie == "wall-session=token; HttpOnly; Path=/; SameSite=Strict"


def test_over_tls_it_is_bound_to_this_host() -> None:
    set_cookie = Cookie(is_tls=True).give(Response(), "token", 60).headers["Set-Cookie"]
    assert set_cookie.startswith("__Host-wall-session=token; ")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict", "Max-Age=60"} <= set(set_cookie.split("; "))
    assert "Domain" not in set_cookie


def test_a_cookie_of_another_name_is_nobodys() -> None:
    with SERVER.test_request_context("/", headers={"Cookie": "wall-session=planted"}):
        assert Cookie(is_tls=True).token() == ""
        assert Cookie(is_tls=False).token() == "planted"


def test_it_is_forgotten() -> None:
    assert "Max-Age=0" in Cookie(is_tls=True).take(Response()).headers["Set-Cookie"]
