"""botocore's chain of sources, each asked by itself, so that it can be said who answered and why others did not.

Runs in the child process: anything here may read files, start the programs that profiles name, call AWS and wait.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import create_credential_resolver

from reader.credentials.answers import Found, Kind, RefusalError
from reader.credentials.refusals import refusal

FALLBACK_REGION = "us-east-1"
# Of one call to AWS's sign-in services. botocore's own limits (60 s, five times) are for servers.
_NETWORK = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})
# botocore's names for what a profile may hold, and what to call it.
_PROFILE = {
    "assume-role": "role",
    "assume-role-with-web-identity": "role with a web identity",
    "sso": "AWS sign-in, SSO",
    "shared-credentials-file": "keys",
    "login": "AWS sign-in",
    "custom-process": "credential_process",
    "config-file": "keys",
}
_METADATA_OFF = "AWS_EC2_METADATA_DISABLED"


@dataclass(frozen=True, slots=True)
class _Source:
    """`look` returns keys, or why there are none; what it raises ends the search."""

    name: str
    look: Callable[[], Found | str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the settings say; "" leaves it to AWS's files and variables. `source` is asked alone."""

    profile: str
    region: str
    source: str  # "environment" or "keyring"


class Search:
    """One search."""

    def __init__(self, wanted: Wanted, look_in_keyring: Callable[[], Found | str], rows: list[dict[str, Any]]) -> None:
        """`rows` is given a line on each source."""
        self._wanted_profile = wanted.profile
        self._wanted_region = wanted.region
        self._wanted_source = "" if wanted.profile else wanted.source
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
            raise refusal(error, f"profile “{profile}”", profile) from None
        found = self._ask(sources, profile)
        try:
            return self._account(session, found)
        except Exception as error:
            raise refusal(error, f"profile “{profile}”", profile) from None

    def _session(self) -> Any:
        os.environ.setdefault(_METADATA_OFF, "true")
        session = botocore.session.Session(profile=self._wanted_profile or None)
        session.set_default_client_config(_NETWORK)
        session.get_scoped_config()  # raises ProfileNotFound
        return session

    def _sources(self, session: Any, profile: str) -> list[_Source]:
        resolver = create_credential_resolver(session, region_name=self._region(session)[0])
        by_method = {provider.METHOD: provider for provider in resolver.providers}
        environment = _Source("environment", lambda: self._environment(by_method))
        keyring = _Source("keyring", lambda: self._keyring(session))
        profile_source = _Source(f"profile “{profile}”", lambda: self._profile(session, profile, by_method))
        others = [
            _Source(
                "old files of AWS's",
                lambda: _first(by_method, ("ec2-credentials-file", "boto-config"), "old files", "there are none"),
            ),
            _Source(
                "container",
                lambda: _first(by_method, ("container-role",), "container", "AWS_CONTAINER_CREDENTIALS_… is not set"),
            ),
            _Source("instance metadata", lambda: _metadata(by_method)),
        ]
        if self._wanted_profile:
            return [profile_source, environment, keyring, *others]
        return [environment, keyring, profile_source, *others]

    def _ask(self, sources: Iterable[_Source], profile: str) -> Found:
        found: Found | None = None
        failure: RefusalError | None = None
        ended_by = ""
        for source in sources:
            if ended_by:
                self._note(source.name, f"not asked, for the {ended_by} comes first")
                continue
            if self._wanted_source not in ("", source.name):
                self._note(source.name, f"not asked, for the settings choose the {self._wanted_source}")
                continue
            try:
                answer = source.look()
            except Exception as error:  # whatever a source does, it is told by name and without its values
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
            sentence = f"The {self._wanted_source}, which is chosen in the settings, has no AWS keys for Harken."
            raise RefusalError(Kind.MISSING, "NoCredentials", sentence)
        raise RefusalError(
            Kind.MISSING,
            "NoCredentials",
            "Harken has no AWS account to speak with. Give it keys with “harken account set”, "
            "or set up a profile with “aws configure”.",
        )

    def _note(self, name: str, why: str) -> None:
        self._rows.append({"name": name, "is_chosen": False, "why": why})

    # ---- sources ----

    def _environment(self, by_method: dict[str, Any]) -> Found | str:
        if self._wanted_profile:
            return "not asked, for polly.profile names a profile"
        return _first(by_method, ("env",), "the environment", "AWS_ACCESS_KEY_ID is not set")

    def _keyring(self, session: Any) -> Found | str:
        if self._wanted_profile:
            return "not asked, for polly.profile names a profile"
        if session.profile and not self._wanted_source:
            return "not asked, for AWS_PROFILE names a profile"
        return self._look_in_keyring()

    def _profile(self, session: Any, profile: str, by_method: dict[str, Any]) -> Found | str:
        for method, what in _PROFILE.items():
            answer = _first(by_method, (method,), f"profile “{profile}” ({what})", "")
            if answer:
                return answer
        if profile not in session.available_profiles:
            return "there is none"
        return "it has neither keys nor a role, a sign-in or a credential_process"

    # ---- where to go ----

    def _region(self, session: Any) -> tuple[str, str]:
        """(the region, who named it)."""
        if self._wanted_region:
            return self._wanted_region, "polly.region"
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):  # botocore knows only the second
            if region := os.environ.get(name):
                return region, name
        if region := session.get_config_variable("region"):
            return str(region), f"profile “{session.profile or 'default'}”"
        return FALLBACK_REGION, ""

    def _account(self, session: Any, found: Found) -> dict[str, Any]:
        region, region_source = self._region(session)
        client = session.create_client(  # only to ask where it would go; keys so that it does not look for any
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


def _first(by_method: dict[str, Any], methods: Iterable[str], source: str, why: str) -> Found | str:
    """The keys of the first of these providers that has any, or `why`."""
    for method in methods:
        provider = by_method.get(method)
        credentials = provider.load() if provider else None
        if credentials is not None:
            return _freeze(credentials, source)
    return why


def _freeze(credentials: Any, source: str) -> Found:
    """Have keys fetched that are only promised, and renewed that are about to expire."""
    frozen = credentials.get_frozen_credentials()
    expires_at = getattr(credentials, "_expiry_time", None)  # botocore has no other way to know it
    return Found(
        source,
        frozen.access_key,
        frozen.secret_key,
        frozen.token or "",
        expires_at.isoformat() if expires_at else "",
    )


def _metadata(by_method: dict[str, Any]) -> Found | str:
    if os.environ.get(_METADATA_OFF, "").lower() == "true":
        return f"switched off, as is right on a desktop; {_METADATA_OFF}=false switches it on"
    return _first(
        by_method, ("iam-role",), "the instance's metadata", "this is no instance of AWS's, or it has no role"
    )
