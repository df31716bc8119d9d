"""Whose certificates are trusted: the system's choice, wherever this system keeps it."""

from __future__ import annotations

import contextlib
import os
import ssl
import sys
from pathlib import Path

# OpenSSL knows the places of the system that it was built on. A package built on Debian looks below /usr/lib/ssl, which
# other systems do not have. These are where they keep the same (https://go.dev/src/crypto/x509/root_linux.go and
# https://github.com/sethmlarson/truststore/blob/main/src/truststore/_openssl.py).
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Gentoo, Arch, NixOS
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, RHEL, CentOS
    "/etc/pki/tls/certs/ca-bundle.crt",  # the same, before they had the one above
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine
)
_HASHED = "????????.[0-9]"  # the names by which OpenSSL finds certificates in a folder


def client_context(ca_bundle: str = "") -> ssl.SSLContext:
    """What a client makes its connections with; it checks names and certificates. Takes some 20 ms; any thread.

    `ca_bundle` is a file of trusted certificates, "" for the system's. Raises OSError when it can't be read.
    """
    context = ssl.create_default_context(cafile=ca_bundle or None)
    if not ca_bundle and not _finds_by_itself():
        for bundle in _BUNDLES:
            with contextlib.suppress(OSError):  # there is none, or it is damaged
                context.load_verify_locations(bundle)
                break
    return context


def _finds_by_itself() -> bool:
    """Whether the ssl module has found the system's certificates, or has been given a place for them."""
    if sys.platform in ("win32", "darwin"):
        return True
    places = ssl.get_default_verify_paths()
    if os.environ.get(places.openssl_cafile_env) or os.environ.get(places.openssl_capath_env):
        return True
    return bool(places.cafile) or any(Path(places.capath).glob(_HASHED) if places.capath else ())
