"""Do two folders hold the same files? HDF5 files: the same groups, datasets and attributes, with the same types, shapes,
values and links (how a dataset is stored may differ); other files: the same bytes, but for the folder's own name.

Usage: same_files.py FOLDER FOLDER
"""
import os
import sys

import h5py
import numpy as np


def attributes(thing):
    return {name: (thing.attrs.get_id(name).dtype, np.asarray(thing.attrs[name]).tolist()) for name in thing.attrs}


def same_group(a, b, path):
    assert attributes(a) == attributes(b), path
    assert sorted(a) == sorted(b), f"{path}: {sorted(a)}, {sorted(b)}"
    for name in a:
        x, y, place = a[name], b[name], f"{path}/{name}"
        assert type(x) is type(y), place
        if isinstance(x, h5py.Group):
            same_group(x, y, place)
            continue
        assert attributes(x) == attributes(y), place
        assert x.dtype == y.dtype and x.shape == y.shape, f"{place}: {x.dtype} {x.shape}, {y.dtype} {y.shape}"
        if h5py.check_string_dtype(x.dtype):
            assert (x[()] == y[()]).all(), place
        else:
            assert x[()].tobytes() == y[()].tobytes(), place
        # Two names of one table
        twins = [[other for other in group if group[other] == group[name]] for group in (a, b)]
        assert twins[0] == twins[1], f"{place}: {twins}"


first, second = sys.argv[1:]
assert sorted(os.listdir(first)) == sorted(os.listdir(second)), (os.listdir(first), os.listdir(second))
assert os.listdir(first), "an empty folder"
for name in os.listdir(first):
    x, y = os.path.join(first, name), os.path.join(second, name)
    if name.endswith(".h5"):
        with h5py.File(x) as a, h5py.File(y) as b:
            same_group(a, b, name)
    else:
        texts = [open(p).read().replace(os.path.abspath(f), ".") for p, f in ((x, first), (y, second))]
        assert texts[0] == texts[1], name
print("the same", len(os.listdir(first)), "files")
