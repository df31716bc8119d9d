"""What a stand-in service saw, for tests and benches to look at. Times are seconds of its own clock."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class EventRecord:
    """One inbound event."""

    at_s: float
    name: str
    text: str = ""
    is_ssml: bool = False
    is_forced: bool = False


@dataclass
class StreamRecord:
    """One stream. `spoken` and `billed_chars` grow as sentences are synthesized, `audio_bytes` as sound is sent."""

    opened_s: float
    headers: dict[str, str]
    headers_read: int  # which read of the socket brought the headers
    connection: int  # its number, from 1
    first_event_read: int = -1  # and which the first whole event
    events: list[EventRecord] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    billed_chars: int = 0
    first_audio_s: float = 0.0
    audio_bytes: int = 0
    stalled_bytes: int | None = None  # those before the service stalled last
    end: str = ""  # "closed", "reset: CODE", "refused: …", "fault", "lost"; "" while it goes on
    is_end_signed: bool = False  # the body came to its end as it has to
    breach: str = ""  # what was wrong with it behind the end of the answer

    @property
    def is_one_flight(self) -> bool:
        """Whether the headers and the first event came in one read of the socket."""
        return self.first_event_read == self.headers_read
