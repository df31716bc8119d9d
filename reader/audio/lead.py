"""How far ahead of the sound device its process is fed.

Less means that a change of speed is heard sooner, more that Harken may itself be kept from running for longer before
there is a hole in what is heard. How late the position reports are dealt with shows how long it is kept from running.
"""

from __future__ import annotations

# 0.3 s on a computer that has time for Harken; 0.8 s bridges more than the 0.4 s for which it was kept from running on
# two cores beside two busy programs and other tests.
LEAD_S, MOST_S = 0.3, 0.8


class Lead:
    """The lead in seconds, which grows at once when reports are late, and shrinks from run to run when they are not."""

    def __init__(self) -> None:
        self.s = LEAD_S

    def begin_run(self) -> None:
        """A run begins: halve the lead, since what kept Harken from running may be over."""
        self.s = max(self.s / 2, LEAD_S)

    def note(self, late_s: float) -> None:
        """A report was dealt with `late_s` seconds after it was made: double the lead if that took a third of it."""
        if late_s > self.s / 3:
            self.s = min(self.s * 2, MOST_S)
