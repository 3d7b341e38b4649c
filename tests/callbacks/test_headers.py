from flask import Response

from callbacks import headers


def policy(**given: object) -> dict[str, str]:
    sent = headers.security_headers(["'sha256-abc'"], **given)["Content-Security-Policy"]  # type: ignore[arg-type]
    return dict(part.split(" ", 1) for part in sent.split("; "))


def test_scripts_come_from_here_or_are_known_by_their_hash() -> None:
    assert policy()["script-src"] == "'self' 'sha256-abc'"
    assert "unsafe-eval" not in str(policy())


def test_nobody_frames_a_page_and_nothing_leaves_it() -> None:
    told = policy()
    assert told["object-src"] == told["base-uri"] == told["frame-ancestors"] == "'none'"
    assert told["connect-src"] == told["form-action"] == "'self'"
    assert headers.security_headers([])["X-Frame-Options"] == "DENY"


def test_tiles_and_video_are_let_in_from_where_they_come() -> None:
    told = policy(image_origins=["https://tiles.example"], video_origins=["https://video.example"])
    assert told["img-src"] == "'self' data: https://tiles.example"
    assert told["connect-src"] == "'self' https://video.example"
    assert told["media-src"] == "'self' blob: https://video.example"


def test_a_browser_that_came_by_tls_stays_with_it() -> None:
    assert "Strict-Transport-Security" not in headers.security_headers([])
    assert "max-age=" in headers.security_headers([], is_tls=True)["Strict-Transport-Security"]


def test_an_origin_is_taken_from_a_template() -> None:
    assert headers.origins("https://tiles.example:8443/{z}/{x}/{y}.png") == ["https://tiles.example:8443"]
    assert headers.origins("") == headers.origins("/tiles/{z}") == []


def test_what_an_answer_sets_itself_stays() -> None:
    answer = headers.add(Response(headers={"A": "own"}), {"A": "ours", "B": "ours"})
    assert (answer.headers["A"], answer.headers["B"]) == ("own", "ours")
