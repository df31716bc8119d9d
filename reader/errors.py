"""Everything that can go wrong, each with whose fault it is, whether to try again, and the user's sentence.

    HarkenError
      CaptureError      nothing to read, or the program that has it did not hand it over
      VoiceError        a voice could not say something
      SoundError        the sound device is missing, busy or gone
      HotkeyError       a key could not be taken
      SettingsError     a setting has a value that it cannot have
      InstanceError     the running Harken did not answer

Adapters turn foreign exceptions into these at their edge and keep the cause; no other module catches
foreign exceptions. The message of an error is the sentence a person gets: it says what happened and
what to do, and never holds the text being read.
"""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Who can mend it."""

    USER = "user"
    SYSTEM = "system"
    HARKEN = "harken"


class HarkenError(Exception):
    """Root of the tree. `retry` says whether the same call may succeed later."""

    fault = Fault.SYSTEM
    retry = False

    @property
    def sentence(self) -> str:
        """What to tell the user."""
        return str(self)


class CaptureError(HarkenError):
    """There is nothing to read."""

    fault = Fault.USER


class NothingToReadError(CaptureError):
    """No selection, no focused text: the ordinary case of a key pressed too early."""


class NoPlaceError(NothingToReadError):
    """This desktop has no such place to read from; the sentence says why."""

    fault = Fault.SYSTEM


class CaptureTimeoutError(CaptureError):
    """The program that owns the selection did not hand it over in time."""

    fault = Fault.SYSTEM
    retry = True


class VoiceError(HarkenError):
    """A voice failed. `unspoken` requests are the caller's to give to another."""

    retry = True


class VoiceMissingError(VoiceError):
    """No such voice, or the package that holds it can't be used here."""

    retry = False


class SoundError(HarkenError):
    """No sound can be played now."""

    retry = True


class HotkeyError(HarkenError):
    """A key could not be taken."""


class SettingsError(HarkenError):
    """A setting was given a value it cannot have."""

    fault = Fault.USER


class InstanceError(HarkenError):
    """The running instance could not be reached or refused."""
