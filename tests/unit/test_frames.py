import asyncio
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.workers import frames
from reader.workers.child import Child
from reader.workers.frames import HEAD, BrokenFrameError, FrameKind, decode_head, encode


@given(st.integers(0, 2**32 - 1), st.binary(max_size=300) | st.dictionaries(st.text(), st.integers()))
def test_what_is_written_is_read(tag: int, body: bytes | dict[str, int]) -> None:
    read_fd, write_fd = os.pipe()
    try:
        frames.write(write_fd, tag, body)
        frame = frames.read(read_fd)
        assert frame is not None
        assert frame.tag == tag
        if isinstance(body, bytes):
            assert (frame.kind, frame.body) == (FrameKind.BYTES, body)
        else:
            assert (frame.kind, frame.json()) == (FrameKind.JSON, body)
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


async def test_many_messages_at_once_leave_others_their_turns() -> None:
    many = 2000
    program = (
        f"import sys; sys.stdout.buffer.write({encode(1, b'abc')!r} * {many}); sys.stdout.flush(); sys.stdin.read()"
    )
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdin=pipe, stdout=pipe, stderr=pipe)
    in_turns = [0]
    is_all = asyncio.Event()

    def hear(_frame: frames.Frame) -> None:
        in_turns[-1] += 1
        if sum(in_turns) == many:
            is_all.set()

    child = Child(process, "test", hear, lambda: None)
    while not is_all.is_set():
        if in_turns[-1]:
            in_turns.append(0)
        await asyncio.sleep(0)
    await child.close()
    assert max(in_turns) < 50
