"""pystoi, timed for `codecgate bench metrics`.

Reads one JSON object a line from standard input and answers each with one on standard output:

  {"do": "load", "reference": F32_FILE, "test": F32_FILE, "rate": HZ}
      -> {"versions": {...}}
  {"do": "run", "metric": "stoi" or "estoi"}
      -> {"seconds": 0.25, "value": 0.93}

The files hold one channel of little-endian float32, which becomes float64 before the clock starts. A failure is
{"error": "..."}; it never becomes a number. Threads are limited from outside, by the environment.
"""

import json
import os
import platform
import sys
import time
import traceback

# Answers go where standard output was; what libraries print goes to standard error.
ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)


class Peer:
    def load(self, request):
        from importlib.metadata import version

        import numpy
        import pystoi

        self.stoi, self.rate = pystoi.stoi, request["rate"]
        self.reference, self.test = (
            numpy.fromfile(request[name], "<f4").astype("float64") for name in ("reference", "test"))
        return {"versions": {
            "python": platform.python_version(), **{name: version(name) for name in ("numpy", "pystoi", "scipy")}}}

    def run(self, request):
        start = time.perf_counter()
        value = self.stoi(self.reference, self.test, self.rate, extended=request["metric"] == "estoi")
        return {"seconds": time.perf_counter() - start, "value": float(value)}


def main():
    peer = Peer()
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = {"load": peer.load, "run": peer.run}[request["do"]](request)
        except Exception as error:
            traceback.print_exc()
            answer = {"error": " ".join(f"{type(error).__name__}: {error}".split())[:300]}
        ANSWERS.write(json.dumps(answer) + "\n")


main()
