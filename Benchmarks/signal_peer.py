"""librosa's mel path, timed for `codecgate bench pipeline`.

Reads one JSON object a line from standard input and answers each with one on standard output:

  {"do": "load", "samples": F32_FILE}
      -> {"problems": {}, "versions": {...}}      one channel at 22,050 Hz
  {"do": "run", "engine": "mel", "threads": 1}
      -> {"seconds": 1.5}
  {"do": "result", "engine": "mel", "path": FILE}
      -> {"count": 1000}      the last such run, frame after frame, as raw little-endian float32

"mel" is melspectrogram and power_to_db, "nnls" mel_to_stft of the mel power, "griffinlim" 32 iterations from the
signal's own magnitudes: the legacy pipeline's calls (2048 filters, frames of 4096, hop 512). One thread, whatever the
libraries would take. A failure is {"error": "..."}; it never becomes a number.
"""

import json
import os
import sys
import time
import traceback
import warnings

# Answers go where standard output was; what libraries print goes to standard error.
ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"

LAYOUT = {"n_fft": 4096, "hop_length": 512}


class Peer:
    def __init__(self):
        self.results = {}

    def load(self, request):
        import librosa
        import numpy
        import scipy

        warnings.simplefilter("ignore")
        self.librosa, self.numpy = librosa, numpy
        self.samples = numpy.fromfile(request["samples"], "<f4")
        self.mel = librosa.feature.melspectrogram(y=self.samples, sr=22050, n_mels=2048, **LAYOUT)
        self.magnitudes = numpy.abs(librosa.stft(self.samples, **LAYOUT))
        # What librosa compiles on first use is compiled here.
        short = numpy.ascontiguousarray(self.magnitudes[:, :8])
        librosa.griffinlim(short, hop_length=512, n_iter=2, random_state=0)
        librosa.power_to_db(self.mel[:, :2], ref=numpy.max)
        return {"problems": {}, "versions": {
            "python": sys.version.split()[0], "librosa": librosa.__version__, "numpy": numpy.__version__,
            "scipy": scipy.__version__}}

    def run(self, request):
        librosa, stage = self.librosa, request["engine"]
        start = time.perf_counter()
        if stage == "mel":
            power = librosa.feature.melspectrogram(y=self.samples, sr=22050, n_mels=2048, **LAYOUT)
            result = librosa.power_to_db(power, ref=self.numpy.max)
        elif stage == "nnls":
            result = librosa.feature.inverse.mel_to_stft(self.mel, sr=22050, n_fft=4096)
        else:
            result = librosa.griffinlim(self.magnitudes, hop_length=512, random_state=0)
        seconds = time.perf_counter() - start
        self.results[stage] = result.T
        return {"seconds": seconds}

    def result(self, request):
        result = self.numpy.ascontiguousarray(self.results[request["engine"]]).astype("<f4")
        result.tofile(request["path"])
        return {"count": int(result.size)}


def main():
    peer = Peer()
    actions = {"load": peer.load, "run": peer.run, "result": peer.result}
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = actions[request["do"]](request)
        except Exception as error:
            traceback.print_exc()
            answer = {"error": " ".join(f"{type(error).__name__}: {error}".split())[:300]}
        ANSWERS.write(json.dumps(answer) + "\n")


main()
