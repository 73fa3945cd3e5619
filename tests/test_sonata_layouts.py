"""Writes edges files in every layout that HDF5 has, each with its source ids beside it as plain 64-bit numbers.

Usage: test_sonata_layouts.py FOLDER. Exit status 77: no h5py here.
"""
import itertools
import os
import sys

try:
    import h5py
    import numpy as np
except ImportError as error:
    print("skipped:", error)
    sys.exit(77)

COUNT = 10007


def write(path, version, chunk, grows, dtype, userblock, compression, ids):
    with h5py.File(path, "w", libver=version, userblock_size=userblock) as f:
        edges = f.create_group("edges/e")
        if chunk is None:
            edges.create_dataset("source_node_id", data=ids.astype(dtype))
        else:
            # Rows 3000 to 5999 are never written: the fill value stands there.
            column = edges.create_dataset("source_node_id", shape=(COUNT,), dtype=dtype, chunks=(chunk,),
                                          maxshape=(None,) if grows else None, compression=compression,
                                          shuffle=compression is not None, fillvalue=5)
            ids[3000:6000] = 5
            column[:3000] = ids[:3000]
            column[6000:] = ids[6000:]
        edges.create_dataset("target_node_id", data=np.zeros(COUNT, "u8"))
    ids.astype("<u8").tofile(path.replace(".h5", ".ids"))


def main():
    folder, random, number = sys.argv[1], np.random.default_rng(1), 0
    for version, chunk, grows, dtype, userblock, compression in itertools.product(
            ("earliest", "latest"), (None, 7, 1000, 9000), (False, True), ("u8", ">i4", "u2"), (0, 512), (None, "gzip")):
        if chunk is None and (grows or compression):
            continue
        number += 1
        write(os.path.join(folder, "%d.h5" % number), version, chunk, grows, dtype, userblock, compression,
              random.integers(0, 1000, COUNT))


main()
