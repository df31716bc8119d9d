"""What programs and files of AWS's say of keys."""

import json
from datetime import UTC, datetime, timedelta

NOW = datetime.now(UTC).replace(microsecond=0)

IN_AN_HOUR = NOW + timedelta(hours=1)


def stamp(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def answer(access_key: str = "AKIDPROCESS", expires_at: datetime | None = None) -> str:
    keys = {"Version": 1, "AccessKeyId": access_key, "SecretAccessKey": "PROCESSKEY", "SessionToken": "PROCESSTOKEN"}
    return json.dumps(keys if expires_at is None else {**keys, "Expiration": stamp(expires_at)})
