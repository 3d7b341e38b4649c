"""Triage with a real live view: an HLS stream made by ffmpeg, at a gateway on another origin."""

import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from dashboard.access import Role
from tests.browser.test_emergency import Seat
from tests.running import Running

pytestmark = pytest.mark.browser

CAMERA = "AI-001"


class _Handler(SimpleHTTPRequestHandler):
    """Files with leave for pages of other origins, as gateways give it."""

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Gateway:
    """One camera's stream, written by ffmpeg and served by HTTP."""

    def __init__(self, folder: Path) -> None:
        ffmpeg = shutil.which("ffmpeg")
        if ffmpeg is None:
            pytest.skip("ffmpeg is not installed")
        (folder / CAMERA).mkdir()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        picture = ["-re", "-f", "lavfi", "-i", "testsrc=size=320x180:rate=10"]
        code = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p"]
        hls = ["-f", "hls", "-hls_time", "1", "-hls_list_size", "4", "-hls_flags", "delete_segments"]
        self.camera = subprocess.Popen(
            [ffmpeg, "-loglevel", "error", *picture, *code, *hls, str(folder / CAMERA / "index.m3u8")]
        )
        clip = ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=10", "-t", "5", *code, str(folder / "clip.mp4")]
        subprocess.run([ffmpeg, "-loglevel", "error", *clip], check=True, timeout=60)
        give_up_at = time.monotonic() + 30
        while not (folder / CAMERA / "index.m3u8").exists():
            assert time.monotonic() < give_up_at, "ffmpeg writes no stream"
            time.sleep(0.1)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def stop_camera(self) -> None:
        self.camera.kill()
        self.camera.wait()

    def stop(self) -> None:
        self.stop_camera()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    running = Gateway(tmp_path_factory.mktemp("gateway"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, gateway: Gateway) -> Iterator[Running]:
    urls = {
        "video_url": gateway.url + "/{device}/index.m3u8",
        "clip_url": gateway.url + "/clip.mp4?camera={device}&from={from}&to={to}",
    }
    with Running(tmp_path_factory.mktemp("video"), demonstration="false", **urls) as running:
        yield running


def alert(number: int, **fields: Any) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat()
    return {
        "id": f"A{number}",
        "kind": "smoke",
        "device": CAMERA,
        "at": at,
        "level": 2,
        "title": f"冒烟{number}",
    } | fields


def send(product: Running, *alerts: dict[str, Any]) -> None:
    status, answer = product.post("alerts", list(alerts))
    assert (status, answer["refused"]) == (200, 0), answer


def open_triage(browser: Browser, product: Running, name: str, title: str) -> Seat:
    seat = Seat(browser, product, "/duty", product.officer(name, title=title))
    seat.press("2")
    return seat


def plays(seat: Seat, least_s: float) -> None:
    """The picture moves for so many seconds of its own time."""
    time_of = "document.querySelector('[data-video=alert]').currentTime"
    seat.wait(
        lambda: not seat.page.evaluate("document.querySelector('[data-video=alert]').paused"), "it does not start", 30
    )
    began = seat.page.evaluate(time_of)
    seat.wait(lambda: seat.page.evaluate(time_of) > began + least_s, "the picture does not move", 30)


def test_an_officer_sees_the_camera_live_and_is_told_when_it_stops(
    browser: Browser, product: Running, gateway: Gateway
) -> None:
    send(product, alert(1))
    seat = open_triage(browser, product, "li", "李值班")
    seat.shows("冒烟1", "#duty-panel-triage")
    seat.press("l")
    plays(seat, 2.0)
    seat.shows("实时", "#duty-panel-alert")
    assert seat.page.evaluate("document.querySelector('[data-video=alert]').videoWidth") == 320
    gateway.stop_camera()
    seat.shows("视频中断", "#duty-panel-alert", 40)
    seat.press("l")
    seat.press("p")
    plays(seat, 1.0)
    assert not [each for each in seat.complaints if "Content Security Policy" in each]
    token = product.officer("auditor", Role.AUDITOR)
    rows = product.get("/audit/rows?kind=sight", token)[1].decode()
    assert re.search(rf"camera/{CAMERA}", rows)
    seat.context.close()


def test_two_officers_never_work_on_the_same_alert(browser: Browser, product: Running) -> None:
    send(product, alert(2, device="AI-002"), alert(3, device="AI-003"))
    li = open_triage(browser, product, "li2", "李值班")
    wu = open_triage(browser, product, "wu2", "吴值班")
    for seat in (li, wu):
        seat.shows("冒烟2", "#duty-panel-triage")
        seat.page.evaluate("wall.triage.open('test/A2')")
    li.press("t")
    li.shows("李值班", "#duty-panel-alert")
    wu.shows("处理中 · 李值班", "#duty-panel-alert")
    wu.press("f")
    wu.done("由 李值班.* 认领")
    wu.page.evaluate("wall.dutyActs.give([{ verb: 'claim', target: 'test/A2' }], '认领')")
    wu.done("李值班 宝安区 已于")
    li.press("f")
    li.page.locator(".duty-dialog input").fill("车灯")
    li.press("Enter")
    li.press("Enter")
    wu.shows("误报", "#duty-panel-alert")
    wu.shows("车灯", "#duty-panel-alert")

    # Confirmed into an incident, it rings like any other.
    wu.page.evaluate("wall.triage.open('test/A3')")
    wu.press("t")
    wu.shows("处理中 · 吴值班", "#duty-panel-alert")
    wu.press("e")
    wu.page.locator(".duty-dialog [role=radio]").nth(1).click()
    wu.page.locator(".duty-dialog .combo input").fill("火灾")
    wu.press("Enter", "Enter")
    wu.done("已生效")
    li.shows("冒烟3", "#duty-panel-queue")
    li.press("1")
    li.shows("冒烟3", "#duty-panel-incidents")
    for seat in (li, wu):
        assert not seat.complaints
        seat.context.close()


@pytest.fixture
def webrtc(tmp_path: Path) -> Iterator[Running]:
    """The product with a WebRTC gateway for its cameras."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    gateway = subprocess.Popen([sys.executable, "-m", "tests.browser.whep", str(port)])
    try:
        url = f"http://127.0.0.1:{port}/{{device}}/whep"
        with Running(tmp_path / "webrtc", demonstration="false", video_url=url) as running:
            yield running
    finally:
        gateway.kill()
        gateway.wait()


def test_a_camera_is_seen_live_by_webrtc_too(browser: Browser, webrtc: Running) -> None:
    send(webrtc, alert(1))
    seat = open_triage(browser, webrtc, "li", "李值班")
    seat.shows("冒烟1", "#duty-panel-triage")
    seat.press("l")
    plays(seat, 1.0)
    seat.shows("实时", "#duty-panel-alert")
    seat.press("l")
    seat.wait(lambda: seat.page.locator("[data-video=alert]:visible").count() == 0, "it does not end")
    assert not seat.complaints
    seat.context.close()
