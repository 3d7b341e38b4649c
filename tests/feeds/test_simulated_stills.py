import struct
import zlib

from dashboard.stills import media_type
from feeds import simulated_stills


def test_a_still_is_a_whole_png_of_the_size_that_it_says() -> None:
    data = simulated_stills.picture(0, 0)
    assert media_type(data) == "image/png"
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) == (simulated_stills.WIDTH, simulated_stills.HEIGHT)
    start = data.index(b"IDAT")
    (length,) = struct.unpack(">I", data[start - 4 : start])
    pixels = zlib.decompress(data[start + 4 : start + 4 + length])
    assert len(pixels) == height * (width + 1)
    assert len(data) < 60_000


def test_stills_of_two_kinds_differ_and_each_is_always_the_same() -> None:
    assert simulated_stills.picture(0, 0) != simulated_stills.picture(1, 0)
    first = simulated_stills.picture(2, 1)
    simulated_stills.picture.cache_clear()
    assert simulated_stills.picture(2, 1) == first
