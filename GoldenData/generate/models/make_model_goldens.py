"""Write GoldenData/models: what PyTorch computes for every layer and for small models of the design.

Run from the checkout's root with the versions of requirements.txt:

    python3 GoldenData/generate/models/make_model_goldens.py [CASE ...]
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import torch

import assembled
import layers

CASES = {"layers": layers.make}
ASSEMBLED = [*assembled.ENCODERS, *assembled.DECODERS, *assembled.WHOLE]
CASES.update({name: lambda name=name: assembled.make(name) for name in ASSEMBLED})

if __name__ == "__main__":
    torch.set_num_threads(1)
    for name in sys.argv[1:] or CASES:
        CASES[name]()
