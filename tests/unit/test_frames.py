import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.workers import frames
from reader.workers.frames import HEAD, BrokenFrameError, Kind, decode_head, encode


@given(st.integers(0, 2**32 - 1), st.binary(max_size=300) | st.dictionaries(st.text(), st.integers()))
def test_what_is_written_is_read(tag: int, body: bytes | dict[str, int]) -> None:
    read_fd, write_fd = os.pipe()
    try:
        frames.write(write_fd, tag, body)
        frame = frames.read(read_fd)
        assert frame is not None
        assert frame.tag == tag
        if isinstance(body, bytes):
            assert (frame.kind, frame.body) == (Kind.BYTES, body)
        else:
            assert (frame.kind, frame.json()) == (Kind.JSON, body)
    finally:
        os.close(read_fd)
        os.close(write_fd)


def test_the_end_of_the_pipe_is_none_also_within_a_message() -> None:
    for sent in (b"", encode(1, b"abc")[:5], encode(1, b"abc")[:-1]):
        read_fd, write_fd = os.pipe()
        os.write(write_fd, sent)
        os.close(write_fd)
        assert frames.read(read_fd) is None
        os.close(read_fd)


@pytest.mark.parametrize("head", [HEAD.pack(7, 0, 1), HEAD.pack(0, 0, 1 << 31)])
def test_what_is_no_head_is_refused(head: bytes) -> None:
    with pytest.raises(BrokenFrameError):
        decode_head(head)
