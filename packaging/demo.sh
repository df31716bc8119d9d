#!/usr/bin/env bash
# The demonstration: a private desktop, somebody else's editor, a real key, and what was heard. See tests/desktop/demo.py.
set -euo pipefail
cd "$(dirname "$0")/.."
packaging/setup.sh demo
exec .venv/bin/python -m tests.desktop.demo "$@"
