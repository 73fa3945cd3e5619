"""Reads what test_sonata_h5py wrote with h5py: other people's readers must find what the writers mean.

Usage: test_sonata_h5py.py FOLDER (made by the program test_sonata_h5py). Exit status 77: no h5py here.
"""
import json
import os
import sys

try:
    import h5py
    import numpy as np
except ImportError as error:
    print("skipped:", error)
    sys.exit(77)

EDGES, NODES = 100000, 1000


def check_file(f):
    assert f.attrs["magic"] == 0x0A7A
    assert list(f.attrs["version"]) == [0, 1]


def check_nodes(path):
    with h5py.File(path, "r") as f:
        check_file(f)
        p = f["nodes/cells"]
        assert p["node_id"].dtype == np.uint64 and np.array_equal(p["node_id"][:], np.arange(NODES))
        assert np.array_equal(p["node_group_index"][:], np.arange(NODES))
        assert not p["node_group_id"][:].any()
        assert p["node_type_id"].dtype == np.int64 and set(p["node_type_id"][:]) == {100, 101}
        assert p["0/x"].dtype == np.float32
        name = p["0/name"]
        kind = h5py.check_string_dtype(name.dtype)
        assert kind.encoding == "utf-8" and kind.length is None
        assert name.asstr()[7] == "cell 7" and name.shape == (NODES,)


def check_index(population, side, ids, ranges_of_node):
    group = population["indices"][side]
    rows = group["node_id_to_ranges"]
    assert rows == group["node_id_to_range"], "both spellings are one dataset"
    assert rows.shape == (NODES, 2) and rows.dtype == np.uint64
    rows, ranges = rows[:], group["range_to_edge_id"][:]
    seen = np.zeros(EDGES, bool)
    for node in range(NODES):
        edges = np.concatenate([np.arange(a, b) for a, b in ranges[rows[node, 0]:rows[node, 1]].astype(int)] or [[]])
        edges = edges.astype(int)
        assert (ids[edges] == node).all() and not seen[edges].any() and (np.diff(edges) > 0).all()
        seen[edges] = True
        assert rows[node, 1] - rows[node, 0] == ranges_of_node(node)
    assert seen.all(), "every edge is in the index"


def check_edges(path, compressed):
    with h5py.File(path, "r") as f:
        check_file(f)
        p = f["edges/cells_to_cells"]
        source, target = p["source_node_id"], p["target_node_id"]
        assert source.dtype == np.uint64 and source.shape == (EDGES,)
        assert source.attrs["node_population"] == "cells" and target.attrs["node_population"] == "cells"
        e = np.arange(EDGES)
        source, target = source[:], target[:]
        assert np.array_equal(target, e * NODES // EDGES)
        assert np.array_equal(source, e * 7919 % NODES)
        assert np.array_equal(p["edge_group_index"][:], e)
        assert not p["edge_group_id"][:].any()
        assert (p["edge_type_id"][:] == 100).all()
        assert np.array_equal(p["0/nsyns"][:], e % 250) and p["0/nsyns"].dtype == np.uint8
        assert np.array_equal(p["0/delay"][:], (e * 0.25).astype(np.float32))
        assert (p["0/syn_weight"][:] == np.float32(0.1)).all()
        # Constant columns take no room: no chunk of them is in the file.
        for name in ("edge_group_id", "edge_type_id", "0/syn_weight"):
            assert p[name].id.get_storage_size() == 0, name
        assert (p["source_node_id"].compression == "gzip") == compressed
        assert (p["source_node_id"].shuffle) == compressed
        check_index(p, "target_to_source", target, lambda n: 1)
        check_index(p, "source_to_target", source, lambda n: (source == n).sum())


def main():
    folder = sys.argv[1]
    check_nodes(os.path.join(folder, "nodes.h5"))
    check_edges(os.path.join(folder, "edges.h5"), False)
    check_edges(os.path.join(folder, "edges_compressed.h5"), True)
    with h5py.File(os.path.join(folder, "edges.h5")) as a, h5py.File(os.path.join(folder, "edges_scratch.h5")) as b:
        for side in ("source_to_target", "target_to_source"):
            for table in ("node_id_to_ranges", "range_to_edge_id"):
                name = "edges/cells_to_cells/indices/%s/%s" % (side, table)
                assert np.array_equal(a[name][:], b[name][:]), "sorting through a scratch file is the same: " + name
    with open(os.path.join(folder, "circuit_config.json")) as f:
        config = json.load(f)
    assert config["networks"]["nodes"][0]["nodes_file"] == "$BASE_DIR/nodes.h5"
    assert config["networks"]["edges"][0]["populations"] == {"cells_to_cells": {"type": "chemical"}}
    with open(os.path.join(folder, "node_types.csv"), newline="") as f:
        assert f.read() == 'node_type_id pop_name share morphology\n100 PN 1.0 NULL\n101 "A B" 0.25 NULL\n'


main()
