"""botocore's chain of sources, each asked separately, to report which one answered and why others did not.

Runs in the child process: anything here may read files, start the programs that profiles name, call AWS and block.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import create_credential_resolver

from reader.credentials.answers import Found, RefusalError, RefusalKind, Wording, wording
from reader.credentials.refusals import refusal
from reader.support.i18n import QT_TRANSLATE_NOOP

FALLBACK_REGION = "us-east-1"
# Of one call to AWS's sign-in services. botocore's own limits (60 s, five times) are for servers.
_NETWORK = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})
# botocore's names for what a profile may contain, and how people know them.
_PROFILE = {
    "assume-role": QT_TRANSLATE_NOOP("reader", "profile “{profile}” (role)"),
    "assume-role-with-web-identity": QT_TRANSLATE_NOOP("reader", "profile “{profile}” (role with a web identity)"),
    "sso": QT_TRANSLATE_NOOP("reader", "profile “{profile}” (AWS sign-in, SSO)"),
    "shared-credentials-file": QT_TRANSLATE_NOOP("reader", "profile “{profile}” (keys)"),
    "login": QT_TRANSLATE_NOOP("reader", "profile “{profile}” (AWS sign-in)"),
    "custom-process": QT_TRANSLATE_NOOP("reader", "profile “{profile}” (credential_process)"),
    "config-file": QT_TRANSLATE_NOOP("reader", "profile “{profile}” (keys)"),
}
_METADATA_OFF = "AWS_EC2_METADATA_DISABLED"

_ENVIRONMENT = wording(QT_TRANSLATE_NOOP("reader", "environment"))
_KEYRING = wording(QT_TRANSLATE_NOOP("reader", "keyring"))
_OLD_FILES = wording(QT_TRANSLATE_NOOP("reader", "old AWS files"))
_CONTAINER = wording(QT_TRANSLATE_NOOP("reader", "container"))
_METADATA = wording(QT_TRANSLATE_NOOP("reader", "instance metadata"))
_SETTING_NAMES_PROFILE = wording(QT_TRANSLATE_NOOP("reader", "not checked, because polly.profile names a profile"))


# Returns keys, or why there are none; an exception ends the search.
_Look = Callable[[], Found | Wording]


@dataclass(frozen=True, slots=True)
class _Source:
    name: Wording
    look: _Look


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the settings say; "" leaves it to AWS's files and variables. Only `source` is searched if set."""

    profile: str
    region: str
    source: str  # "environment" or "keyring"


class Search:
    """One search."""

    def __init__(self, wanted: Wanted, look_in_keyring: _Look, rows: list[dict[str, Any]]) -> None:
        """A row for each source is added to `rows`."""
        self._wanted_profile = wanted.profile
        self._wanted_region = wanted.region
        wanted_source = {"environment": _ENVIRONMENT, "keyring": _KEYRING}.get(wanted.source)
        self._wanted_source = None if wanted.profile else wanted_source
        self._look_in_keyring = look_in_keyring
        self._rows = rows

    def run(self) -> dict[str, Any]:
        """The account as a message. Raises RefusalError."""
        profile = self._wanted_profile or os.environ.get("AWS_PROFILE") or "default"
        try:
            session = self._session()
            profile = session.profile or "default"
            sources = self._sources(session, profile)
        except Exception as error:
            raise refusal(error, _profile_name(profile), profile) from None
        found = self._ask(sources, profile)
        try:
            return self._account(session, found)
        except Exception as error:
            raise refusal(error, _profile_name(profile), profile) from None

    def _session(self) -> Any:
        os.environ.setdefault(_METADATA_OFF, "true")
        session = botocore.session.Session(profile=self._wanted_profile or None)
        session.set_default_client_config(_NETWORK)
        session.get_scoped_config()  # raises ProfileNotFound
        return session

    def _sources(self, session: Any, profile: str) -> list[_Source]:
        resolver = create_credential_resolver(session, region_name=self._region(session)[0])
        by_method = {provider.METHOD: provider for provider in resolver.providers}
        environment = _Source(_ENVIRONMENT, lambda: self._environment(by_method))
        keyring = _Source(_KEYRING, lambda: self._keyring(session))
        profile_source = _Source(_profile_name(profile), lambda: self._profile(session, profile, by_method))
        others = [
            _Source(_OLD_FILES, lambda: _old_files(by_method)),
            _Source(_CONTAINER, lambda: _container(by_method)),
            _Source(_METADATA, lambda: _metadata(by_method)),
        ]
        if self._wanted_profile:
            return [profile_source, environment, keyring, *others]
        return [environment, keyring, profile_source, *others]

    def _ask(self, sources: Iterable[_Source], profile: str) -> Found:
        found: Found | None = None
        failure: RefusalError | None = None
        ended_by: Wording | None = None
        for source in sources:
            if ended_by:
                why = QT_TRANSLATE_NOOP("reader", "not checked, because the {source} comes first")
                self._note(source.name, wording(why, source=ended_by))
                continue
            if self._wanted_source not in (None, source.name):
                why = QT_TRANSLATE_NOOP("reader", "not checked, because the settings select the {source}")
                self._note(source.name, wording(why, source=self._wanted_source))
                continue
            try:
                answer = source.look()
            except Exception as error:  # report any failure of a source by its type, without values
                failure = refusal(error, source.name, profile)
                answer = failure.sentence
            if isinstance(answer, Found):
                found = answer
                self._rows.append({"name": source.name, "is_chosen": True, "why": ""})
            else:
                self._note(source.name, answer)
            if found or failure:
                ended_by = source.name
        if failure:
            raise failure
        if found:
            return found
        if self._wanted_source:
            text = QT_TRANSLATE_NOOP(
                "reader", "The settings select the {source}, but it has no AWS keys for Harken. Choose another source."
            )
            raise RefusalError(RefusalKind.MISSING, "NoCredentials", wording(text, source=self._wanted_source))
        text = QT_TRANSLATE_NOOP(
            "reader",
            "Harken found no AWS keys. Store yours with “harken account set”, or set up a profile with “aws "
            "configure”.",
        )
        raise RefusalError(RefusalKind.MISSING, "NoCredentials", wording(text))

    def _note(self, name: Wording, why: Wording) -> None:
        self._rows.append({"name": name, "is_chosen": False, "why": why})

    # ---- sources ----

    def _environment(self, by_method: dict[str, Any]) -> Found | Wording:
        if self._wanted_profile:
            return _SETTING_NAMES_PROFILE
        found = _first(by_method, ("env",), wording(QT_TRANSLATE_NOOP("reader", "the environment")))
        return found or wording(QT_TRANSLATE_NOOP("reader", "AWS_ACCESS_KEY_ID is not set"))

    def _keyring(self, session: Any) -> Found | Wording:
        if self._wanted_profile:
            return _SETTING_NAMES_PROFILE
        if session.profile and not self._wanted_source:
            return wording(QT_TRANSLATE_NOOP("reader", "not checked, because AWS_PROFILE names a profile"))
        return self._look_in_keyring()

    def _profile(self, session: Any, profile: str, by_method: dict[str, Any]) -> Found | Wording:
        for method, what in _PROFILE.items():
            if found := _first(by_method, (method,), wording(what, profile=profile)):
                return found
        if profile not in session.available_profiles:
            return wording(QT_TRANSLATE_NOOP("reader", "there is none"))
        return wording(QT_TRANSLATE_NOOP("reader", "it has no keys, role, sign-in or credential_process"))

    # ---- where to go ----

    def _region(self, session: Any) -> tuple[str, str | Wording]:
        """(the region, where it is from)."""
        if self._wanted_region:
            return self._wanted_region, "polly.region"
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):  # botocore knows only the second
            if region := os.environ.get(name):
                return region, name
        if region := session.get_config_variable("region"):
            return str(region), _profile_name(session.profile or "default")
        return FALLBACK_REGION, ""

    def _account(self, session: Any, found: Found) -> dict[str, Any]:
        region, region_source = self._region(session)
        client = session.create_client(  # only to ask for its endpoint; with keys, so that it does not search for any
            "polly",
            region_name=region,
            aws_access_key_id=found.access_key,
            aws_secret_access_key=found.secret_key,
        )
        return {
            "access_key": found.access_key,
            "secret_key": found.secret_key,
            "token": found.token,
            "expires_at": found.expires_at,
            "source": found.source,
            "region": region,
            "region_source": region_source,
            "endpoint": client.meta.endpoint_url,
            "ca_bundle": session.get_config_variable("ca_bundle") or os.environ.get("REQUESTS_CA_BUNDLE") or "",
        }


def _profile_name(profile: str) -> Wording:
    return wording(QT_TRANSLATE_NOOP("reader", "profile “{profile}”"), profile=profile)


def _first(by_method: dict[str, Any], methods: Iterable[str], source: Wording) -> Found | None:
    """The keys of the first of these providers that has any."""
    for method in methods:
        provider = by_method.get(method)
        credentials = provider.load() if provider else None
        if credentials is not None:
            return _freeze(credentials, source)
    return None


def _freeze(credentials: Any, source: Wording) -> Found:
    """Fetch keys that are loaded lazily, and renew those about to expire."""
    frozen = credentials.get_frozen_credentials()
    expires_at = getattr(credentials, "_expiry_time", None)  # botocore has no public attribute for this
    return Found(
        source,
        frozen.access_key,
        frozen.secret_key,
        frozen.token or "",
        expires_at.isoformat() if expires_at else "",
    )


def _old_files(by_method: dict[str, Any]) -> Found | Wording:
    found = _first(by_method, ("ec2-credentials-file", "boto-config"), _OLD_FILES)
    return found or wording(QT_TRANSLATE_NOOP("reader", "there are none"))


def _container(by_method: dict[str, Any]) -> Found | Wording:
    found = _first(by_method, ("container-role",), _CONTAINER)
    return found or wording(QT_TRANSLATE_NOOP("reader", "AWS_CONTAINER_CREDENTIALS_… is not set"))


def _metadata(by_method: dict[str, Any]) -> Found | Wording:
    if os.environ.get(_METADATA_OFF, "").lower() == "true":
        why = QT_TRANSLATE_NOOP("reader", "off, as it should be on a desktop; {variable}=false turns it on")
        return wording(why, variable=_METADATA_OFF)
    found = _first(by_method, ("iam-role",), _METADATA)
    return found or wording(QT_TRANSLATE_NOOP("reader", "this is not an AWS instance, or it has no role"))
