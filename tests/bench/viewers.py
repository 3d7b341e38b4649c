"""Helper: many screens without a browser, each its own Socket.IO connection over a raw websocket.

Job: {"port", "count", "seconds", "join"}. Says {"joined": n} when all have had their first units and counting
begins, and at the end {"latencies": ms from the newest source stamp to receipt, "frames", "gaps", "lost",
"compressed", and the bytes of "positions" and "panels"}.
"""

import asyncio
import base64
import json
import os
import re
import struct
import sys
import time
import zlib
from dataclasses import dataclass, field
from typing import Any

from dashboard.messages import JOIN, NAMESPACE
from tests.bench.sender import say

_SEQ = re.compile(rb'"seq":(\d+)')
_FRAME_SEQ, _FRAME_NEWEST = 8, 20  # offsets in the header of wire.pack_units
_TEXT, _BINARY, _CLOSE, _PING, _PONG = 1, 2, 8, 9, 10
_AT_ONCE = 20  # connections being opened at the same time
_LEAST_HEADER = 32
_SETTLE_S = 3.0  # every screen gets everything when it joins; that is not what is measured


@dataclass
class Tally:
    """What all screens received together."""

    latencies: list[float] = field(default_factory=list)
    frames: int = 0
    gaps: int = 0
    lost: int = 0
    positions: int = 0  # bytes
    panels: int = 0  # bytes, and all else
    is_compressed: bool = False
    is_counting: bool = False


class Viewer:
    """One screen."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tally: Tally) -> None:
        self._reader, self._writer, self._tally = reader, writer, tally
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self._seq = -1
        self._newest_ms = 0.0
        self.has_units = asyncio.Event()

    async def open(self, port: int) -> None:
        """Shake hands, offering compression as every browser does."""
        key = base64.b64encode(os.urandom(16)).decode()
        self._writer.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Origin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n".encode()
        )
        answer = await self._reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in answer.split(b"\r\n")[0]:
            raise ConnectionError(answer.split(b"\r\n")[0].decode())
        self._tally.is_compressed |= b"permessage-deflate" in answer.lower()

    async def watch(self, wish: dict[str, Any]) -> None:
        """Join, then take what comes until the connection ends."""
        while True:
            kind, payload = await self._message()
            self._note_size(kind, len(payload))
            if kind == _BINARY:
                self._note_units(payload)
            elif payload.startswith(b"0"):
                self._send_text(f"40{NAMESPACE},")
            elif payload == b"2":
                self._send_text("3")
            elif payload.startswith(f"40{NAMESPACE},".encode()):
                self._send_text(f"42{NAMESPACE},0{json.dumps([JOIN, wish])}")
            elif payload.startswith(b"42"):
                self._note_seq(int(found[1]) if (found := _SEQ.search(payload)) else self._seq + 1)

    def _note_size(self, kind: int, size: int) -> None:
        if not self._tally.is_counting:
            return
        if kind == _BINARY:
            self._tally.positions += size
        else:
            self._tally.panels += size

    def _note_units(self, frame: bytes) -> None:
        now_ms = time.time() * 1000
        if len(frame) < _LEAST_HEADER:
            return
        (seq,) = struct.unpack_from("<I", frame, _FRAME_SEQ)
        (newest_ms,) = struct.unpack_from("<d", frame, _FRAME_NEWEST)
        self._note_seq(seq)
        if self._tally.is_counting and self._newest_ms and newest_ms > self._newest_ms:
            self._tally.latencies.append(now_ms - newest_ms)
            self._tally.frames += 1
        self._newest_ms = max(newest_ms, self._newest_ms)
        self.has_units.set()

    def _note_seq(self, seq: int) -> None:
        if self._tally.is_counting and self._seq >= 0 and seq not in (self._seq, self._seq + 1):
            self._tally.gaps += 1
        self._seq = seq

    async def _message(self) -> tuple[int, bytes]:
        """The next whole message; control frames are answered here."""
        parts: list[bytes] = []
        kind, is_deflated = 0, False
        while True:
            first, second = await self._reader.readexactly(2)
            size = second & 0x7F
            if size > 125:
                size = int.from_bytes(await self._reader.readexactly(2 if size == 126 else 8))
            payload = await self._reader.readexactly(size)
            code = first & 0x0F
            if code == _CLOSE:
                raise ConnectionError("closed")
            if code == _PING:
                self._send(_PONG, payload)
            if code >= _CLOSE:
                continue
            if code:
                kind, is_deflated = code, bool(first & 0x40)
            parts.append(payload)
            if first & 0x80:
                whole = b"".join(parts)
                return kind, self._inflate(whole) if is_deflated else whole

    def _inflate(self, data: bytes) -> bytes:
        return self._inflater.decompress(data + b"\x00\x00\xff\xff")  # RFC 7692 section 7.2.2

    def _send_text(self, text: str) -> None:
        self._send(_TEXT, text.encode())

    def _send(self, code: int, payload: bytes) -> None:
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2)
        self._writer.write(bytes([0x80 | code]) + length + b"\0\0\0\0" + payload)  # masked with zeros: as it is


async def main(port: int, count: int, seconds: float, join: dict[str, Any]) -> None:
    """Open all, count for so long, say what came."""
    tally = Tally()
    gate = asyncio.Semaphore(_AT_ONCE)
    watching: list[asyncio.Task[None]] = []

    async def open_one() -> None:
        async with gate:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
            viewer = Viewer(reader, writer, tally)
            await viewer.open(port)
            watching.append(asyncio.create_task(viewer.watch(join)))
            await asyncio.wait_for(viewer.has_units.wait(), 30)

    await asyncio.gather(*(open_one() for _ in range(count)))
    await asyncio.sleep(_SETTLE_S)
    say(joined=count)
    tally.is_counting = True
    await asyncio.sleep(seconds)
    tally.is_counting = False
    tally.lost = sum(task.done() for task in watching)
    say(
        latencies=[round(each, 2) for each in tally.latencies],
        frames=tally.frames,
        gaps=tally.gaps,
        lost=tally.lost,
        positions=tally.positions,
        panels=tally.panels,
        compressed=tally.is_compressed,
    )
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(**json.load(sys.stdin)))
