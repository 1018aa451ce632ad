"""Write GoldenData/arrays: small array files made by NumPy, safetensors and PyTorch, with the values they hold.

Run from the checkout's root with the versions of requirements.txt:

    python3 GoldenData/generate/arrays/make_array_goldens.py

Every file is listed in GoldenData/arrays/manifest.json with its SHA-256, type, shape and all values (as text, so that
no JSON reader rounds them). A second run gives the same bytes, except torch/legacy.pt, whose storages PyTorch names by
their addresses.
"""

import collections
import hashlib
import json
import os
import pathlib
import platform

import numpy as np
import safetensors
import safetensors.numpy
import safetensors.torch
import torch

OUT = pathlib.Path(__file__).resolve().parents[2] / "arrays"
SEED = 20240607
entries = []


def text(value):
    if isinstance(value, (bool, np.bool_)):
        return "1" if value else "0"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    return repr(float(value))


def record(path, arrays, **more):
    """One manifest entry; arrays maps a name ("" for a lone array) to a NumPy array or a torch tensor."""
    tensors = {}
    for name, array in arrays.items():
        if isinstance(array, torch.Tensor):
            dtype = str(array.dtype).removeprefix("torch.")
            array = array.detach().contiguous().to(torch.float64 if array.is_floating_point() else array.dtype).numpy()
        else:
            dtype = array.dtype.newbyteorder("=").name
        flat = np.ascontiguousarray(array).reshape(-1)
        tensors[name] = {"dtype": dtype, "shape": list(array.shape), "values": [text(v) for v in flat]}
    digest = hashlib.sha256((OUT / path).read_bytes()).hexdigest()
    entries.append({"file": path, "sha256": digest, "tensors": tensors, **more})


def sample(dtype, shape):
    """Values that use the type's range: extremes first, then a ramp."""
    dtype = np.dtype(dtype)
    count = int(np.prod(shape))
    if dtype.kind == "b":
        flat = np.arange(count) % 3 == 0
    elif dtype.kind in "iu":
        info = np.iinfo(dtype)
        flat = np.array([info.min, info.max] + [5 * i - 3 if info.min < 0 else 5 * i for i in range(count)], dtype=dtype)
    else:
        info = np.finfo(dtype)
        flat = np.array([info.max, info.smallest_subnormal, -0.0] + [(-1) ** i * i / 3 for i in range(count)], dtype=dtype)
    return flat[:count].reshape(shape).astype(dtype)


def save_npy(name, array, version=(1, 0)):
    path = OUT / "npy" / f"{name}.npy"
    with open(path, "wb") as file:
        np.lib.format.write_array(file, array, version=version)
    record(f"npy/{name}.npy", {"": array}, descr=array.dtype.str, version=version[0],
           fortran=bool(array.flags.f_contiguous and not array.flags.c_contiguous))


def make_npy():
    for code in "b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8".split():
        save_npy(f"{code}_c", sample(code, (3, 4)))
    for code in "i2 u4 i8 f2 f4 f8".split():
        save_npy(f"{code}_big_endian", sample(code, (2, 5)).astype(">" + code))
    for code in "i2 f4 f8".split():
        save_npy(f"{code}_fortran", np.asfortranarray(sample(code, (2, 3, 4))))
    save_npy("f4_fortran_big_endian", np.asfortranarray(sample("f4", (3, 2)).astype(">f4")))
    save_npy("f4_version2", sample("f4", (7,)), version=(2, 0))
    save_npy("f4_version3", sample("f4", (7,)), version=(3, 0))
    # The text of this header fills a multiple of 64 bytes exactly; NumPy then pads by 64 more.
    save_npy("f4_full_header", sample("f4", (1,) * 13 + (100,)))
    save_npy("f8_scalar", np.array(2.5))
    save_npy("f4_empty", np.zeros((0, 3), dtype="f4"))
    save_npy("f4_nonfinite", np.array([np.nan, np.inf, -np.inf, 1], dtype="f4"))
    refused = {
        "complex64": np.array([1 + 2j], dtype="c8"),
        "object": np.array([None, 1], dtype=object),
        "structured": np.zeros(2, dtype=[("a", "<f4"), ("b", "<i2")]),
        "unicode": np.array(["one", "two"]),
        "datetime": np.array(["2020-01-01"], dtype="datetime64[D]"),
        "longdouble": np.zeros(1, dtype=np.longdouble),
    }
    for name, array in refused.items():
        np.save(OUT / "npy" / f"refused_{name}.npy", array, allow_pickle=True)
        record(f"npy/refused_{name}.npy", {}, refused=True)


def make_npz():
    arrays = {"codes": sample("i8", (2, 6)), "scale": sample("f4", (3,)), "zeros": np.zeros((8, 16), dtype="f8")}
    np.savez(OUT / "npz" / "stored.npz", **arrays)
    record("npz/stored.npz", arrays)
    np.savez_compressed(OUT / "npz" / "deflated.npz", **arrays)
    record("npz/deflated.npz", arrays)


def make_safetensors():
    types = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16,
             torch.int8, torch.uint8, torch.uint16, torch.uint32, torch.uint64, torch.bool]
    tensors = {}
    for dtype in types:
        name = str(dtype).removeprefix("torch.")
        if dtype.is_floating_point:
            # Values of few bits: exact in every one of these types.
            tensor = torch.tensor([0.0, -0.0, 1.5, -2.0, 0.15625, 240.0]).to(dtype).reshape(2, 3)
        elif dtype is torch.bool:
            tensor = torch.tensor([True, False, True, True, False, False]).reshape(2, 3)
        else:
            tensor = torch.from_numpy(sample(name, (2, 3)))
        tensors[f"of.{name}"] = tensor
    tensors["scalar"] = torch.tensor(0.75)
    tensors["empty"] = torch.zeros(0, 4)
    safetensors.torch.save_file(tensors, OUT / "safetensors" / "every_type.safetensors", metadata={"format": "pt"})
    record("safetensors/every_type.safetensors", tensors, metadata={"format": "pt"})
    rng = np.random.default_rng(SEED)
    floats = {name: rng.standard_normal(shape).astype(np.float32)
              for name, shape in {"b.weight": (3, 5), "a.bias": (4,), "c \"quoted\"": (2, 2)}.items()}
    safetensors.numpy.save_file(floats, OUT / "safetensors" / "float32.safetensors")
    record("safetensors/float32.safetensors", floats)


class Evil:
    def __reduce__(self):
        return (os.system, ("touch codecgate_was_here",))


def save_torch(name, value, tensors, **options):
    path = OUT / "torch" / name
    torch.save(value, path, **options)
    record(f"torch/{name}", tensors)


def make_torch():
    torch.manual_seed(SEED)
    plain = collections.OrderedDict(
        single=torch.randn(3, 4), half=torch.randn(5).half(), brain=torch.randn(2, 2).bfloat16(),
        double=torch.tensor([1.5, -0.25], dtype=torch.float64), long=torch.tensor([[1, -2], [3, 4]]),
        integer=torch.tensor([7, -8], dtype=torch.int32), short=torch.tensor([-300], dtype=torch.int16),
        char=torch.tensor([-5], dtype=torch.int8), byte=torch.tensor([250], dtype=torch.uint8),
        truth=torch.tensor([True, False]), scalar=torch.tensor(2.5), empty=torch.zeros(0, 3))
    save_torch("types.pt", plain, plain)
    base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    views = {"base": base, "transposed": base.permute(2, 0, 1), "stepped": base[:, ::2, 1:], "row": base[1, 2]}
    save_torch("views.pt", views, views)
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    state = module.state_dict()
    save_torch("module.bin", state, state)
    nested = collections.OrderedDict(epoch=3, rate=0.5, note="text", best=None, state=collections.OrderedDict(
        inner=collections.OrderedDict(weight=torch.nn.Parameter(torch.randn(2, 3)))), parts=[torch.ones(2), (torch.zeros(1),)],
        size=torch.Size([2, 3]), large=2 ** 40)
    flat = {"state.inner.weight": nested["state"]["inner"]["weight"], "parts.0": nested["parts"][0],
            "parts.1.0": nested["parts"][1][0]}
    save_torch("nested.pt", nested, flat)
    save_torch("protocol4.pt", plain, plain, pickle_protocol=4)
    torch.save({"weight": torch.ones(2)}, OUT / "torch" / "legacy.pt", _use_new_zipfile_serialization=False)
    record("torch/legacy.pt", {}, refused=True)
    torch.save({"weight": torch.ones(2), "trap": Evil()}, OUT / "torch" / "evil.pt")
    record("torch/evil.pt", {}, refused=True)
    torch.save(module, OUT / "torch" / "whole_module.pt")
    record("torch/whole_module.pt", {}, refused=True)


def make_hashes():
    hashes = []
    for count in [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 1000, 65537]:
        data = bytes((i * 7 + 3) % 256 for i in range(count))
        hashes.append({"count": count, "sha256": hashlib.sha256(data).hexdigest()})
    return hashes


def make_random():
    cases = []
    for seed in [0, 1, 42, 5489, 2 ** 32 - 1]:
        state = np.random.RandomState(seed)
        values = state.random_sample(1500)
        cases.append({"seed": seed, "first": [text(v) for v in values[:8]],
                      "last": [text(v) for v in values[-4:]],
                      "sha256_of_1500_doubles": hashlib.sha256(values.astype("<f8").tobytes()).hexdigest()})
    return cases


def make_fft():
    rng = np.random.default_rng(SEED)
    cases = []
    for length in [1, 2, 3, 4, 5, 7, 8, 13, 16, 31, 60, 64, 97, 100, 128, 255]:
        real = rng.standard_normal((2, length))
        signal = real + 1j * rng.standard_normal((2, length))
        def pairs(values):
            return np.stack([values.real, values.imag], axis=-1)
        files = {"real": real, "rfft": pairs(np.fft.rfft(real)), "complex": pairs(signal),
                 "fft": pairs(np.fft.fft(signal))}
        for name, array in files.items():
            path = f"fft/{length}_{name}.npy"
            np.save(OUT / path, array)
            digest = hashlib.sha256((OUT / path).read_bytes()).hexdigest()
            entries.append({"file": path, "sha256": digest, "formula": f"numpy.fft, default_rng({SEED}), in order"})
        cases.append(length)
    return {"lengths": cases, "bound": "relative to the 2-norm of a row's transform: 8 ceil(log2 n) eps, at least 8 eps; "
            "the error of an FFT grows as log2 n (Higham, Accuracy and Stability, section 24.1), 8 covers the "
            "convolution that prime lengths go through"}


def main():
    for folder in ["npy", "npz", "safetensors", "torch", "fft"]:
        (OUT / folder).mkdir(parents=True, exist_ok=True)
    make_npy()
    make_npz()
    make_safetensors()
    make_torch()
    fft = make_fft()
    manifest = {
        "producer": "GoldenData/generate/arrays/make_array_goldens.py",
        "command": "python3 GoldenData/generate/arrays/make_array_goldens.py",
        "seed": SEED,
        "versions": {"python": platform.python_version(), "numpy": np.__version__,
                     "safetensors": safetensors.__version__, "torch": torch.__version__},
        "bound": "array files are compared exactly",
        "files": entries, "hashes": make_hashes(), "mt19937": make_random(), "fft": fft,
    }
    (OUT / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    main()
