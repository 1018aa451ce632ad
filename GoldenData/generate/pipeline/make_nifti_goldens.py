"""Write GoldenData/pipeline/nifti: tiny NIfTI-1 images made by nibabel, what they hold, and masks and time series.

Run from the checkout's root with the versions of requirements-nifti.txt:

    python3 GoldenData/generate/pipeline/make_nifti_goldens.py

Images hold one of every data type the reader takes, in both byte orders, scaled, packed and with a header extension;
`*_values.npy` is what nibabel reads back (get_fdata, float64). The mask of a subject keeps voxels whose standard
deviation over the first 200 volumes (NumPy, population) exceeds the 10th percentile of the non-zero ones; a shared mask
keeps voxels of at least half of the subjects. Time series are nilearn's apply_mask, an order of voxels that this program
does not choose. A second run gives the same bytes.
"""

import gzip
import hashlib
import json
import math
import pathlib
import platform

import nibabel
import nilearn
import numpy as np
from nilearn.masking import apply_mask

OUT = pathlib.Path(__file__).resolve().parents[2] / "pipeline" / "nifti"
SHAPE = (4, 3, 5, 6)
AFFINE = np.array([[-3.0, 0, 0, 90], [0, 3.0, 0.25, -126], [0, -0.25, 3.5, -72], [0, 0, 0, 1]])
files = {}
images = []


def add_file(name):
    data = (OUT / name).read_bytes()
    files[name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def save_array(name, array):
    np.save(OUT / name, np.ascontiguousarray(array))
    add_file(name)


def save_image(name, stored, order="<", slope=1.0, intercept=0.0, seconds=1.5, extension=None):
    """Write stored integers or floats as they are, with a header of the given byte order; no scaling by nibabel."""
    header = nibabel.Nifti1Header(endianness=order)
    header.set_data_dtype(stored.dtype)
    header.set_data_shape(stored.shape)
    header.set_xyzt_units("mm", "sec" if seconds else "unknown")
    header.set_zooms((3.0, 3.0, 3.5) + ((seconds or 0.0,) if stored.ndim == 4 else ()))
    header.set_sform(AFFINE, code=4)
    header.set_slope_inter(slope, intercept)
    image = nibabel.Nifti1Image(stored.astype(stored.dtype.newbyteorder(order)), None, header)
    header = image.header
    if extension:
        header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", extension))
    header.set_slope_inter(slope, intercept)
    header["vox_offset"] = 352 + sum(e.get_sizeondisk() for e in header.extensions)
    header["magic"] = b"n+1"
    body = bytearray(header.binaryblock)
    body += bytes([1 if extension else 0, 0, 0, 0])
    for part in header.extensions:
        start = len(body)
        content = part.get_content()
        content = content if isinstance(content, bytes) else content.encode()
        size = part.get_sizeondisk()
        body += np.array([size, part.get_code()], dtype=order + "i4").tobytes() + content
        body += bytes(start + size - len(body))
    body += stored.astype(stored.dtype.newbyteorder(order)).tobytes(order="F")
    data = gzip.compress(bytes(body), mtime=0) if name.endswith(".gz") else bytes(body)
    (OUT / name).write_bytes(data)
    add_file(name)
    loaded = nibabel.load(OUT / name)
    values = name.split(".")[0] + "_values.npy"
    save_array(values, np.asarray(loaded.get_fdata(dtype=np.float64)))
    images.append({"file": name, "values": values, "shape": list(stored.shape), "dtype": stored.dtype.name,
                   "big_endian": order == ">", "tr_seconds": seconds if stored.ndim == 4 else None,
                   "zooms": [float(z) for z in loaded.header.get_zooms()[:3]],
                   "affine": [float(v) for v in loaded.affine[:3].reshape(-1)]})


def make_images(rng):
    def integers(dtype, shape=SHAPE):
        info = np.iinfo(dtype)
        data = rng.integers(info.min, info.max, size=shape, dtype=dtype, endpoint=True)
        data.reshape(-1)[:2] = info.min, info.max
        return data

    save_image("uint8.nii", integers(np.uint8))
    save_image("int8.nii", integers(np.int8))
    save_image("uint16_big.nii", integers(np.uint16), ">")
    save_image("int16_scaled.nii", integers(np.int16), slope=0.0125, intercept=-3.5)
    save_image("int16_big_packed.nii.gz", integers(np.int16), ">", slope=2.0, intercept=0.25)
    save_image("int32_big.nii", integers(np.int32), ">", slope=1e-3)
    save_image("uint32.nii", integers(np.uint32))
    save_image("float32_packed.nii.gz", rng.normal(size=SHAPE).astype(np.float32))
    save_image("float64_big.nii", rng.normal(size=SHAPE), ">")
    save_image("no_slope.nii", integers(np.int16), slope=float("nan"), intercept=float("nan"), seconds=None)
    save_image("extension.nii", integers(np.int16), extension="made for a test of header extensions")
    save_image("volume.nii", rng.normal(size=SHAPE[:3]).astype(np.float32), seconds=None)


def make_masks(rng):
    shape = (5, 4, 3)
    masks, scans = [], []
    anatomy = rng.gamma(2.0, 20.0, size=shape)
    anatomy[rng.random(shape) < 0.25] = 0
    for subject in range(5):
        count = 210 if subject == 0 else 24
        amplitude = anatomy * rng.uniform(0.3, 1.7, size=shape)
        scan = (700 + amplitude[..., None] * rng.normal(size=shape + (count,))).astype(np.float32)
        if subject == 0:
            scan[1, 2, 0, 200:] += 5000  # after the first 200 volumes: the mask must not see it
        name = f"subject{subject + 1}.nii.gz"
        image = nibabel.Nifti1Image(scan, AFFINE)
        (OUT / name).write_bytes(gzip.compress(image.to_bytes(), mtime=0))
        add_file(name)
        data = nibabel.load(OUT / name).get_fdata()
        deviation = np.std(data[..., :min(200, count)], axis=-1)
        masks.append(deviation > np.percentile(deviation[deviation > 0], 10))
        scans.append(image)
    shared = {}
    for count in (1, 2, 3, 4, 5):
        shared[count] = sum(m.astype(int) for m in masks[:count]) >= math.ceil(count * 0.5)
        save_array(f"shared{count}.npy", shared[count])
    for subject, mask in enumerate(masks):
        save_array(f"mask{subject + 1}.npy", mask)
    mask_image = nibabel.Nifti1Image(shared[5].astype(np.uint8), AFFINE)
    series = apply_mask(scans[1], mask_image, dtype=np.float32, ensure_finite=False)
    save_array("series2.npy", series)
    save_array("coordinates.npy", np.argwhere(shared[5]).astype(np.int32))
    training = series[:19].astype(np.float64)
    deviation = training.std(axis=0)
    deviation[deviation == 0] = 1
    save_array("standardized2.npy", (series - training.mean(axis=0)) / deviation)
    return {"subjects": 5, "training_rows": 19, "voxels": [int(m.sum()) for m in masks],
            "shared_voxels": {str(k): int(v.sum()) for k, v in shared.items()}}


OUT.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(20251122)
make_images(rng)
masks = make_masks(rng)
manifest = {
    "producer": f"nibabel {nibabel.__version__}, nilearn {nilearn.__version__}, numpy {np.__version__}, "
                f"Python {platform.python_version()}",
    "command": "python3 GoldenData/generate/pipeline/make_nifti_goldens.py",
    "images": images,
    "masks": masks,
    "bounds": {
        "values": {"bound": 6.0e-8, "metric": "relative",
                   "derivation": "the reader scales in Double like nibabel and rounds once to Float: 2^-24"},
        "standardized": {"bound": 1.0e-6, "metric": "absolute",
                         "derivation": "values below 8, one rounding to Float (2^-24 * 8) and sums in another order"},
    },
    "files": files,
}
(OUT / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
print(len(files), "files,", sum(f["bytes"] for f in files.values()), "bytes")
