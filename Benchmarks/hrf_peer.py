"""SciPy's convolution of features along the TRs, timed for `codecgate bench hrf`.

Reads one JSON object a line from standard input and answers each with one on standard output:

  {"do": "load", "samples": F32_FILE, "rows": N, "columns": M, "taps": [...]}
      -> {"problems": {}, "versions": {...}}
  {"do": "run", "engine": "convolve", "threads": 2}
      -> {"seconds": 20.5}
  {"do": "result", "engine": "convolve", "path": FILE}
      -> {"count": 1000}      the last run's first N rows, as raw little-endian float32

"convolve" is the loop of the Python system, one scipy.signal.convolve a column; "ndimage" is the one call that does the
same to the whole array, scipy.ndimage.convolve1d. Both give the causal crop as float32. Several threads are so many
processes, each with a range of columns of arrays they share; starting them is part
of the time. A failure is {"error": "..."}; it never becomes a number.
"""

import json
import mmap
import os
import sys
import time
import traceback

# Answers go where standard output was; what libraries print goes to standard error.
ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"


class Peer:
    def load(self, request):
        import numpy
        import scipy
        from scipy import ndimage, signal

        self.numpy, self.ndimage, self.signal = numpy, ndimage, signal
        shape = request["rows"], request["columns"]
        self.values = numpy.fromfile(request["samples"], "<f4").reshape(shape)
        self.taps = numpy.array(request["taps"])
        # Anonymous shared memory, touched once so that no run pays for its pages.
        self.output = numpy.frombuffer(mmap.mmap(-1, max(4 * shape[0] * shape[1], 1)), "<f4").reshape(shape)
        self.output[:] = 0
        return {"problems": {}, "versions": {
            "python": sys.version.split()[0], "numpy": numpy.__version__, "scipy": scipy.__version__}}

    def convolve(self, start, end):
        count = len(self.values)
        for column in range(start, end):
            self.output[:, column] = self.signal.convolve(self.values[:, column], self.taps)[:count]

    def ndimage_(self, start, end):
        # Output row t is tap k times row t - k: convolve1d centres the taps, so shift them by half their number.
        origin = -(len(self.taps) // 2)
        self.ndimage.convolve1d(
            self.values[:, start:end], self.taps, axis=0, output=self.output[:, start:end], mode="constant",
            origin=origin)

    def run(self, request):
        work = {"convolve": self.convolve, "ndimage": self.ndimage_}[request["engine"]]
        threads, columns = request["threads"], self.values.shape[1]
        edges = [columns * i // threads for i in range(threads + 1)]
        start = time.perf_counter()
        children = []
        for low, high in zip(edges[1:-1], edges[2:]):
            child = os.fork()
            if child == 0:
                try:
                    work(low, high)
                except BaseException:
                    traceback.print_exc()
                    os._exit(1)
                os._exit(0)
            children.append(child)
        work(edges[0], edges[1])
        failures = [child for child in children if os.waitpid(child, 0)[1] != 0]
        seconds = time.perf_counter() - start
        if failures:
            raise RuntimeError("a worker failed")
        return {"seconds": seconds}

    def result(self, request):
        self.output.tofile(request["path"])
        return {"count": int(self.output.size)}


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
