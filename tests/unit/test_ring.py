from hypothesis import given
from hypothesis import strategies as st

from reader.audio.ring import Ring


def test_wraps_around() -> None:
    ring = Ring(8)
    out = memoryview(bytearray(6))
    assert ring.write(b"abcdef")
    assert ring.read_into(out) == 6
    assert ring.write(b"ghijkl")
    assert ring.read_into(out) == 6
    assert bytes(out) == b"ghijkl"


def test_refuses_what_does_not_fit_whole() -> None:
    ring = Ring(4)
    assert ring.write(b"abc")
    assert not ring.write(b"de")
    out = memoryview(bytearray(4))
    assert ring.read_into(out) == 3
    assert bytes(out[:3]) == b"abc"


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=60))
def test_gives_back_what_was_written_in_order(steps: list[tuple[bool, int]]) -> None:
    ring = Ring(16)
    written, read, counter = b"", b"", 0
    for is_write, size in steps:
        if is_write:
            data = bytes((counter + i) % 251 for i in range(size))
            fits = len(written) - len(read) + size <= 16
            assert ring.write(data) is fits
            if fits:
                written += data
                counter += size
        else:
            out = memoryview(bytearray(size))
            read += bytes(out[: ring.read_into(out)])
    assert written.startswith(read)
    assert ring.written - ring.read == len(written) - len(read)
