"""Everything that can go wrong, each with whose fault it is, whether to try again, and the user's sentence.

    HarkenError
      CaptureError      nothing to read, or the program that has it did not hand it over
      VoiceError        a voice could not say something
        RemoteVoiceError  a voice on the network, see there
      SoundError        the sound device is missing, busy or gone
      HotkeyError       a key could not be taken
      NotTextError      a file or a stream holds something else
      MarkupError       the user's markup is not valid
      SettingsError     a setting has a value that it cannot have
      InstanceError     the running Harken did not answer
      DesktopError      the desktop lacks a service, or it does not answer
        NoAnswerError     it does not answer in time

Adapters turn foreign exceptions into these at their edge and keep the cause; no other module catches
foreign exceptions. The message of an error is the sentence a person gets: it says what happened and
what to do, and never holds the text being read.
"""

from __future__ import annotations

from enum import StrEnum

from reader.support import foreign
from reader.support.i18n import translate


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
        """What to tell the user, fit to be shown: names in it may be anybody's."""
        return foreign.sentence(str(self))


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


class NotTextError(HarkenError):
    """The input is not text: the sentence says what it is."""

    fault = Fault.USER


class MarkupError(HarkenError):
    """The input was to be read as markup (SSML), but is not such a document, or is too long."""

    fault = Fault.USER


class VoiceError(HarkenError):
    """A voice failed. Its unspoken requests are the caller's to give to another, or with `retry` to the same."""


class VoiceMissingError(VoiceError):
    """No such voice, or the package that holds it can't be used here."""


class VoiceFileError(VoiceError):
    """A file that was to be added is no voice, or none that can be used here."""

    fault = Fault.USER


class DownloadError(VoiceError):
    """Something could not be downloaded. What has arrived of it is kept if it may be of use."""

    retry = True


class RemoteVoiceError(VoiceError):
    """A voice on the network could not say something. The same call may be made again after `retry_after_s`.

    `code` is the name that the service or the protocol has for it. `detail` is what the service wrote: for the
    person who asks the doctor, never for the log, because it may quote what was sent.
    """

    retry = True
    retry_after_s = 0.0

    def __init__(self, sentence: str, *, code: str = "", detail: str = "", retry_after_s: float | None = None) -> None:
        """`retry_after_s` where the service says more than the class knows."""
        super().__init__(sentence)
        self.code = code
        self.detail = detail
        if retry_after_s is not None:
            self.retry_after_s = retry_after_s


class ConnectionBrokenError(RemoteVoiceError):
    """The connection or the stream ended before the speech did. Another one may be tried at once."""


class UnreachableError(ConnectionBrokenError):
    """There is no way to the service now."""

    retry_after_s = 0.25


class CertificateError(UnreachableError):
    """The host that answers is not trusted to be the service."""

    fault = Fault.USER
    retry_after_s = 30.0


class StreamCorruptError(ConnectionBrokenError):
    """What came is no event stream. Nothing behind the damage can be read."""

    def __init__(self, what: str) -> None:
        """`what` is wrong with it, for the log; it quotes nothing."""
        super().__init__(translate("reader", "What the voice service sent was damaged on the way."), detail=what)


class StreamLimitError(RemoteVoiceError):
    """The service ended a stream because of its age or silence. A new one continues."""


class ServiceFailedError(RemoteVoiceError):
    """The service says that it failed itself. The next request may find another of its computers."""

    retry_after_s = 0.2


class ThrottledError(RemoteVoiceError):
    """Too many requests at once, or for this account. To be tried again ever more slowly."""

    retry_after_s = 1.0


class RequestRefusedError(RemoteVoiceError):
    """The service does not do what was asked, and would refuse it again: another format or voice may do."""

    fault = Fault.HARKEN
    retry = False


class SpendingLimitError(RemoteVoiceError):
    """The user does not want to pay for more this month."""

    fault = Fault.USER
    retry = False


class AccessRefusedError(RemoteVoiceError):
    """The service does not accept the credentials, or they may not do this."""

    fault = Fault.USER
    retry = False


class PermissionMissingError(AccessRefusedError):
    """The service knows the account, but it may not do this. Other keys don't help: it needs the permission."""


class CredentialsExpiredError(AccessRefusedError):
    """The credentials were good once. Renewed ones may be tried at once."""

    retry = True


class CredentialsMissingError(AccessRefusedError):
    """No source has keys, or the one that was meant has some that can't be used. The user has to fix it."""


class SignInError(CredentialsMissingError):
    """A sign-in has run out that only a person can renew, with a program of Amazon's."""


class KeyringError(AccessRefusedError):
    """The system's keyring is locked, missing or does not answer."""

    fault = Fault.SYSTEM
    retry = True
    # A user who dismissed its dialog, or did not see it, must not be asked again at each sentence.
    retry_after_s = 60.0


class AccountUnavailableError(AccessRefusedError):
    """The search for keys took too long, or a source of them could not be reached."""

    fault = Fault.SYSTEM
    retry = True
    retry_after_s = 5.0


class ClockSkewError(AccessRefusedError):
    """The time signed with is wrong. Add `skew_s` to it to get the service's."""

    retry = True

    def __init__(self, sentence: str, *, skew_s: float, code: str = "") -> None:
        """With the service's time, requests can be signed at once."""
        super().__init__(sentence, code=code)
        self.skew_s = skew_s


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


class NotRunningError(InstanceError):
    """There is no running instance."""

    def __init__(self) -> None:
        super().__init__(translate("reader", "Harken is not running. Start it with “harken”."))


class DesktopError(HarkenError):
    """The desktop lacks a service, or it does not answer. For the log: no reading is worse for it."""


class NoAnswerError(DesktopError):
    """It is running, but did not answer in time."""
