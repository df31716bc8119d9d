"""Where an account may be found: the profiles of ~/.aws, and AWS's variables. Runs in the child process.

No keys are fetched here: no program is started, no service called, no keyring opened.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import botocore.exceptions
import botocore.session

from reader.credentials.account import Places, Profile

_ACCESS_KEY = "AWS_ACCESS_KEY_ID"
# What a profile may contain, and what that is called, in botocore's order.
_KINDS = (
    ("web_identity_token_file", "role"),
    ("role_arn", "role"),
    ("sso_session", "sso"),
    ("sso_start_url", "sso"),
    ("login_session", "login"),
    ("credential_process", "process"),
    ("aws_access_key_id", "keys"),
)


def places() -> Places:
    """Every profile, "default" first. Unreadable files count as empty: the search reports what is wrong."""
    try:
        profiles = botocore.session.Session(profile=None).full_config["profiles"]
    except (botocore.exceptions.BotoCoreError, OSError, ValueError):
        profiles = {}
    names = sorted(profiles, key=lambda name: (name != "default", name))
    found = tuple(Profile(name, profile_kind(profiles[name])) for name in names)
    return Places(found, _ACCESS_KEY if os.environ.get(_ACCESS_KEY) else "")


def profile_kind(values: Mapping[str, Any]) -> str:
    """Where a profile's keys come from: "keys", "sso", "login", "role", "process", or "" for nowhere."""
    return next((kind for name, kind in _KINDS if values.get(name)), "")
