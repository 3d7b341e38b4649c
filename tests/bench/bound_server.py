"""The least that can be done: one process that sends packed positions to an empty page over a bare websocket.

Run as a helper with the job {"port", "units", "seconds"}; says {"stamp": ms} for each frame that it sent.
"""

import asyncio
import base64
import hashlib
import json
import random
import sys
import time
from pathlib import Path

import numpy as np

from dashboard.wire import UnitColumns, pack_units
from tests.bench.crowd import PERIOD_S, PERIOD_SWAY_S

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
_PAGE = Path(__file__).with_name("bound.html")
_SPREAD_M = 15_000


async def main(port: int, units: int, seconds: float) -> None:
    """Serve the page and its socket for so long."""
    viewers: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if key := _websocket_key(request):
            writer.write(_upgrade(key))
            viewers.append(writer)
            return
        page = _PAGE.read_bytes()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n")
        writer.write(b"Content-Length: %d\r\n\r\n" % len(page) + page)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", port):
        print(json.dumps({"listening": port}), flush=True)
        await _send_frames(viewers, units, time.monotonic() + seconds)


async def _send_frames(viewers: list[asyncio.StreamWriter], count: int, until: float) -> None:
    random_numbers = np.random.default_rng(135)
    unit = np.arange(count, dtype=np.uint32)
    x_m, y_m = random_numbers.normal(0, _SPREAD_M / 2, (2, count)).astype(np.float32)
    age_s = np.zeros(count, np.float32)
    state = random_numbers.integers(0, 6, count).astype(np.uint8)
    while time.monotonic() < until:
        await asyncio.sleep(PERIOD_S + random.uniform(-PERIOD_SWAY_S, PERIOD_SWAY_S))
        x_m += random_numbers.normal(0, 2, count).astype(np.float32)
        stamp_ms = float(round(time.time() * 1000))
        message = _message(pack_units(UnitColumns(unit, x_m, y_m, age_s, state), 0, stamp_ms))
        for viewer in viewers:
            viewer.write(message)
        if viewers:
            print(json.dumps({"stamp": stamp_ms}), flush=True)


def _websocket_key(request: bytes) -> bytes:
    for line in request.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"sec-websocket-key":
            return value.strip()
    return b""


def _upgrade(key: bytes) -> bytes:
    accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def _message(payload: bytes) -> bytes:
    """One binary message from a server; its length written in eight bytes (RFC 6455 section 5.2)."""
    return b"\x82\x7f" + len(payload).to_bytes(8) + payload


if __name__ == "__main__":
    asyncio.run(main(**json.load(sys.stdin)))
