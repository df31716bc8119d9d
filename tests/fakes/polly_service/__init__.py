"""A stand-in for Amazon Polly on loopback, as strict as the real service, that speaks words a test can hear.

`service.py` is the listener, its settings and what it saw; `http2.py` and `http1.py` are its connections, `stream.py`
is StartSpeechSynthesisStream, `operations.py` the other two, `rules.py` checks signatures, `texts.py` joins and bills
text, `voice.py` speaks and hears, `faults.py` injects trouble. Nothing in here imports `reader`.

`python -m tests.fakes.polly_service` runs one by itself.
"""

from tests.fakes.polly_service.operations import VOICES, Voice
from tests.fakes.polly_service.records import EventRecord, StreamRecord
from tests.fakes.polly_service.rules import Account
from tests.fakes.polly_service.service import PollyService, serving
from tests.fakes.polly_service.voice import Habits, Stalls, hear, speak, words

__all__ = [
    "VOICES",
    "Account",
    "EventRecord",
    "Habits",
    "PollyService",
    "Stalls",
    "StreamRecord",
    "Voice",
    "hear",
    "serving",
    "speak",
    "words",
]
