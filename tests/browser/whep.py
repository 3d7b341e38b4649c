"""A WebRTC gateway of one camera for tests, WHEP by aiortc: `python -m tests.browser.whep PORT`."""

import asyncio
import sys
from fractions import Fraction
from typing import Any

import numpy as np
from aiortc import RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from av import VideoFrame

_RATE = 90_000  # of a video's clock (RFC 3551)


class _Picture(VideoStreamTrack):
    """A grey picture that grows lighter and darker."""

    async def recv(self) -> VideoFrame:
        pts, base = await self.next_timestamp()
        picture = np.full((180, 320, 3), pts // (_RATE // 20) % 256, np.uint8)
        frame = VideoFrame.from_ndarray(picture, format="bgr24")
        frame.pts, frame.time_base = pts, Fraction(base)
        return frame


async def _answer(peers: set[Any], offer: str) -> str:
    peer = RTCPeerConnection()
    peers.add(peer)
    peer.addTrack(_Picture())
    await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    await peer.setLocalDescription(await peer.createAnswer())
    return str(peer.localDescription.sdp)


async def _serve(port: int) -> None:
    peers: set[Any] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = [line.partition(": ") for line in head.split("\r\n")[1:]]
        length = next((int(value) for name, _, value in lines if name.lower() == "content-length"), 0)
        allowed = "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: *\r\n"
        allowed += "Access-Control-Allow-Methods: *\r\nAccess-Control-Expose-Headers: Location\r\n"
        status, body = "204 No Content", ""
        if head.startswith("POST"):
            status = "201 Created\r\nLocation: /resource/1\r\nContent-Type: application/sdp"
            body = await _answer(peers, (await reader.readexactly(length)).decode())
        writer.write(
            f"HTTP/1.1 {status}\r\n{allowed}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
