"""Simulated stills: small pictures like those of a street camera, drawn by formula and marked as simulated.

They show nobody and nothing real. PNG, written here because nothing else in the product draws pictures.
"""

import struct
import zlib
from functools import cache

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 180
VARIANTS = 4  # pictures of each kind

_LETTERS = {  # rows of five dots, top first
    "S": (15, 16, 14, 1, 30),
    "I": (14, 4, 4, 4, 14),
    "M": (17, 27, 21, 17, 17),
    "U": (17, 17, 17, 17, 14),
    "L": (16, 16, 16, 16, 31),
    "A": (14, 17, 31, 17, 17),
    "T": (31, 4, 4, 4, 4),
    "E": (31, 16, 30, 16, 31),
    "D": (30, 17, 17, 17, 30),
}
_MARK = "SIMULATED"
_DOT = 3  # pixels
_MARK_LEFT = 78  # in the middle: whoever shows the picture may cut its sides


@cache
def picture(kind: int, variant: int) -> bytes:
    """The PNG of one kind of alert, the same each time."""
    rng = np.random.default_rng([kind, variant])
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    horizon = HEIGHT * rng.uniform(0.25, 0.4)
    grey = np.where(rows < horizon, 150 - rows * 0.4, 70 + (rows - horizon) * 0.25)
    vanishing = WIDTH * rng.uniform(0.35, 0.65)
    depth = np.maximum(rows - horizon, 0) / (HEIGHT - horizon)
    grey = np.where((np.abs(columns - vanishing) < 14 + depth * 150) & (rows > horizon), grey - 22, grey)
    for _ in range(int(rng.integers(3, 7))):  # buildings
        left, top = int(rng.integers(0, WIDTH - 40)), int(rng.integers(8, int(horizon)))
        grey[top : int(horizon), left : left + int(rng.integers(18, 60))] = rng.integers(85, 135)
    grey += rng.integers(-2, 3, grey.shape) * 2
    _frame(grey, rng)
    _write_mark(grey)
    return _png(np.clip(grey, 0, 255).astype(np.uint8))


def _frame(grey: NDArray[np.float64], rng: np.random.Generator) -> None:
    """The box that an analysis draws around what it noticed."""
    left, top = int(rng.integers(60, 190)), int(rng.integers(70, 110))
    right, bottom = left + int(rng.integers(40, 90)), top + int(rng.integers(30, 55))
    grey[top : bottom + 1, (left, left + 1, right - 1, right)] = 245
    grey[(top, top + 1, bottom - 1, bottom), left : right + 1] = 245


def _write_mark(grey: NDArray[np.float64]) -> None:
    grey[HEIGHT - 24 :, :] = 20
    for place, letter in enumerate(_MARK):
        for row, bits in enumerate(_LETTERS[letter]):
            for column in range(5):
                if bits >> (4 - column) & 1:
                    top, left = HEIGHT - 20 + row * _DOT, _MARK_LEFT + (place * 6 + column) * _DOT
                    grey[top : top + _DOT, left : left + _DOT] = 230


def _png(grey: NDArray[np.uint8]) -> bytes:
    """An 8-bit greyscale PNG (W3C PNG, section 5)."""
    head = struct.pack(">IIBBBBB", grey.shape[1], grey.shape[0], 8, 0, 0, 0, 0)
    lines = np.hstack([np.zeros((len(grey), 1), np.uint8), grey]).tobytes()  # each line: filter 0, then its pixels
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
