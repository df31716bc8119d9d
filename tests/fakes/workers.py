"""Every kind of child process that Harken has."""

from reader.audio.process import SOUND
from reader.credentials.asking import SEARCH
from reader.desktop.pulse import MIXER
from reader.documents.parsing import PARSER
from reader.voices.local import espeak, neural
from reader.voices.piper import installation, piper
from reader.voices.remote.decode import DECODER

WORKERS = {
    worker.name: worker
    for worker in (
        neural.WORKER,
        espeak.WORKER,
        piper.WORKER,
        installation.EXAMINER,
        DECODER,
        PARSER,
        SOUND,
        SEARCH,
        MIXER,
    )
}
