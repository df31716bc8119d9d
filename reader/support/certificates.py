"""Which certificates are trusted: the system's, wherever this system keeps them."""

from __future__ import annotations

import contextlib
import os
import ssl
import sys
from pathlib import Path

# OpenSSL only knows the paths of the system it was built on: a package built on Debian looks below /usr/lib/ssl, which
# other systems lack. These are the usual places (https://go.dev/src/crypto/x509/root_linux.go and
# https://github.com/sethmlarson/truststore/blob/main/src/truststore/_openssl.py).
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Gentoo, Arch, NixOS
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, RHEL, CentOS
    "/etc/pki/tls/certs/ca-bundle.crt",  # the same, in older releases
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine
)
_HASHED = "????????.[0-9]"  # how OpenSSL names certificates in a folder


def client_context(ca_bundle: str = "") -> ssl.SSLContext:
    """The TLS context for a client; it checks names and certificates. Takes some 20 ms; any thread.

    `ca_bundle` is a file of trusted certificates, "" for the system's. Raises OSError if it can't be read.
    """
    context = ssl.create_default_context(cafile=ca_bundle or None)
    if not ca_bundle and not _finds_by_itself():
        for bundle in _BUNDLES:
            with contextlib.suppress(OSError):  # missing or damaged
                context.load_verify_locations(bundle)
                break
    return context


def _finds_by_itself() -> bool:
    """Whether the ssl module has found the system's certificates, or has been told where they are."""
    if sys.platform in ("win32", "darwin"):
        return True
    places = ssl.get_default_verify_paths()
    if os.environ.get(places.openssl_cafile_env) or os.environ.get(places.openssl_capath_env):
        return True
    return bool(places.cafile) or any(Path(places.capath).glob(_HASHED) if places.capath else ())
