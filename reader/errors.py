"""Everything that can go wrong: for each error whose fault it is, whether to retry, and the user's sentence.

    HarkenError
      CaptureError      nothing to read, or the program that has the text did not hand it over
      VoiceError        a voice could not say something
        RemoteVoiceError  a voice on the network, see there
      SoundError        the sound device is missing, busy or gone
      HotkeyError       a key could not be grabbed
      NotTextError      a file or a stream contains something else
      MarkupError       the user's markup is not valid
      SettingsError     a setting has a value that it cannot have
      InstanceError     the running Harken did not answer
      DesktopError      the desktop lacks a service, or it does not answer
        NoAnswerError     it does not answer in time

Adapters turn foreign exceptions into these at the boundary and keep the cause; no other module catches
foreign exceptions. The message of an error is the sentence shown to a person: it says what happened and
what to do, and never contains the text being read.
"""

from __future__ import annotations

from enum import StrEnum

from reader.support import foreign
from reader.support.i18n import translate


class Fault(StrEnum):
    """Who can fix it."""

    USER = "user"
    SYSTEM = "system"
    HARKEN = "harken"


class HarkenError(Exception):
    """Root of the tree. `retry` says whether the same call may succeed later."""

    fault = Fault.SYSTEM
    retry = False

    @property
    def sentence(self) -> str:
        """What to tell the user, made fit to be shown: names in it may come from anywhere."""
        return foreign.sentence(str(self))


class CaptureError(HarkenError):
    """There is nothing to read."""

    fault = Fault.USER


class NothingToReadError(CaptureError):
    """No selection, no focused text: the ordinary case of a key pressed too early."""


class NoPlaceError(NothingToReadError):
    """The desktop doesn't have that place to read from; the sentence says why."""

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
    """A voice failed. The caller may give its unspoken requests to another or, with `retry`, to the same."""


class VoiceMissingError(VoiceError):
    """No such voice, or the package that holds it can't be used here."""


class VoiceFileError(VoiceError):
    """A file to be added is not a voice, or not one that can be used here."""

    fault = Fault.USER


class DownloadError(VoiceError):
    """A download failed. What has arrived is kept if it may be useful."""

    retry = True


class RemoteVoiceError(VoiceError):
    """A voice on the network could not say something. The same call may be made again after `retry_after_s`.

    `code` is the service's or the protocol's name for the error. `detail` is what the service wrote: shown when a
    person asks the doctor, never logged, because it may quote what was sent.
    """

    retry = True
    retry_after_s = 0.0

    def __init__(self, sentence: str, *, code: str = "", detail: str = "", retry_after_s: float | None = None) -> None:
        """`retry_after_s` overrides the class's own, if the service gave one."""
        super().__init__(sentence)
        self.code = code
        self.detail = detail
        if retry_after_s is not None:
            self.retry_after_s = retry_after_s


class ConnectionBrokenError(RemoteVoiceError):
    """The connection or the stream ended before the speech did. It may be retried at once."""


class UnreachableError(ConnectionBrokenError):
    """The service can't be reached now."""

    retry_after_s = 0.25


class CertificateError(UnreachableError):
    """The host that answers is not trusted to be the service."""

    fault = Fault.USER
    retry_after_s = 30.0


class StreamCorruptError(ConnectionBrokenError):
    """The data is not an event stream. Nothing after the damage can be read."""

    def __init__(self, what: str) -> None:
        """`what` is wrong with it, for the log; it quotes nothing."""
        super().__init__(translate("reader", "What the voice service sent was damaged on the way."), detail=what)


class StreamLimitError(RemoteVoiceError):
    """The service ended a stream because of its age or silence. A new one continues."""


class ServiceFailedError(RemoteVoiceError):
    """The service reports a failure of its own. The next request may reach another of its servers."""

    retry_after_s = 0.2


class ThrottledError(RemoteVoiceError):
    """Too many requests at once, or for this account. Retry with increasing delays."""

    retry_after_s = 1.0


class RequestRefusedError(RemoteVoiceError):
    """The service refuses the request, and would again: another format or voice may work."""

    fault = Fault.HARKEN
    retry = False


class SpendingLimitError(RemoteVoiceError):
    """The user does not want to pay for more this month."""

    fault = Fault.USER
    retry = False


class AccessRefusedError(RemoteVoiceError):
    """The service does not accept the credentials, or they lack a permission."""

    fault = Fault.USER
    retry = False


class PermissionMissingError(AccessRefusedError):
    """The service knows the account, but it lacks a permission. Other keys of the account won't help."""


class CredentialsExpiredError(AccessRefusedError):
    """The credentials have expired. Renewed ones may be tried at once."""

    retry = True


class CredentialsMissingError(AccessRefusedError):
    """No source has keys, or the chosen one's can't be used. The user has to fix it."""


class SignInError(CredentialsMissingError):
    """A sign-in has expired that only a person can renew, with a program of Amazon's."""


class KeyringError(AccessRefusedError):
    """The system's keyring is locked, missing or does not answer."""

    fault = Fault.SYSTEM
    retry = True
    # A user who dismissed its dialog, or did not see it, must not be asked again for each sentence.
    retry_after_s = 60.0


class AccountUnavailableError(AccessRefusedError):
    """The search for keys took too long, or a source of them could not be reached."""

    fault = Fault.SYSTEM
    retry = True
    retry_after_s = 5.0


class ClockSkewError(AccessRefusedError):
    """The request was signed with a wrong time. Add `skew_s` to that to get the service's."""

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
    """The desktop lacks a service, or it does not answer. For the log: readings are not affected."""


class NoAnswerError(DesktopError):
    """It is running, but did not answer in time."""
