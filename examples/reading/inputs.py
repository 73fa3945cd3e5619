#!/usr/bin/env python3
"""All inputs of one cell of a network, by where they come from; what inputs.c prints, with h5py and numpy alone.

    python3 inputs.py circuit_config.json POPULATION NODE_ID

It shows where things stand in the files, for those who read them with a program of their own.
"""
import csv
import json
import os
import sys

import h5py
import numpy as np


def read_types(path):
    """A types CSV: columns separated by one blank, NULL where a type has no value. By type id."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file, delimiter=" "))
    return {int(row[next(iter(row))]): {key: None if value == "NULL" else value for key, value in row.items()} for row in rows}


def resolve(config, folder, path):
    """A path of the config: manifest variables expanded, relative to the config's own folder."""
    for _ in config.get("manifest", {}):
        for name, value in config.get("manifest", {}).items():
            path = path.replace(name, value)
    return os.path.join(folder, path)


def labels(nodes, name):
    """pop_name of every node of a population, from the types CSV."""
    file, types = nodes[name]
    with h5py.File(file) as h5:
        return np.array([types[t]["pop_name"] or "" for t in h5[f"nodes/{name}/node_type_id"][()]])


def afferent_rows(population, node):
    """Rows of the edges that end on a node, from the index: two tables of half-open ranges."""
    index = population["indices/target_to_source"]
    first, end = index["node_id_to_ranges"][node].astype(int)
    ranges = index["range_to_edge_id"][first:end].astype(int)
    return np.concatenate([np.arange(a, b) for a, b in ranges]) if len(ranges) else np.array([], dtype=int)


def values(population, types, rows, name, otherwise):
    """An attribute of some edges: from the dataset of the edge's group, else from its type, else as given."""
    type_id = population["edge_type_id"][()][rows]
    group = population["edge_group_id"][()][rows]
    index = population["edge_group_index"][()][rows]
    out = np.empty(len(rows))
    for i in range(len(rows)):
        own = population[str(group[i])]
        if name in own:
            out[i] = own[name][index[i]]
        else:
            of_type = types[type_id[i]].get(name)
            out[i] = otherwise if of_type is None else float(of_type)
    return out


def main(path, wanted, node):
    folder = os.path.dirname(os.path.abspath(path))
    config = json.load(open(path))
    nodes, edge_files = {}, []
    for item in config["networks"]["nodes"]:
        file = resolve(config, folder, item["nodes_file"])
        types = read_types(resolve(config, folder, item["node_types_file"]))
        with h5py.File(file) as h5:
            nodes.update({name: (file, types) for name in h5["nodes"]})
    for item in config["networks"]["edges"]:
        edge_files.append([resolve(config, folder, item[key]) for key in ("edges_file", "edge_types_file")])

    print("edges_from,pop_name,edges,synapses,mean_weight")
    for file, types_file in edge_files:
        types = read_types(types_file)
        with h5py.File(file) as h5:
            for name, population in h5["edges"].items():
                if population["target_node_id"].attrs["node_population"] != wanted:
                    continue
                rows = afferent_rows(population, node)
                source = population["source_node_id"][()][rows]
                label = labels(nodes, population["source_node_id"].attrs["node_population"])
                synapses = values(population, types, rows, "nsyns", 1)
                weight = values(population, types, rows, "syn_weight", 0)
                for one in dict.fromkeys(label):
                    of = label[source] == one if len(source) else np.array([], dtype=bool)
                    if of.any():
                        mean = (weight * synapses)[of].sum() / synapses[of].sum()
                        print(f"{name},{one},{of.sum()},{int(synapses[of].sum())},{mean:.6g}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("Usage: inputs.py CONFIG POPULATION NODE_ID")
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
