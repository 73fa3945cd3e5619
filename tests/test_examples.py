"""Checks the networks of examples/: the numbers that their files and READMEs name, from the built files alone.

Usage: test_examples.py NAME FOLDER     (NAME: connectors, column or ring)
"""
import sys

import h5py
import numpy as np

name, folder = sys.argv[1], sys.argv[2] + "/"


def column_of(path, header):
    lines = [line.split(" ") for line in open(folder + path).read().splitlines()]
    return {int(row[0]): row[lines[0].index(header)] for row in lines[1:]}


def nodes(population):
    group = h5py.File(folder + population + "_nodes.h5")["nodes/" + population]
    names = column_of(population + "_node_types.csv", "pop_name")
    place = np.stack([group["0/" + c][()] for c in "xyz"], axis=1).astype(float) if "x" in group["0"] else None
    return np.array([names[t] for t in group["node_type_id"][()]]), place


def edges(source, target):
    return h5py.File(f"{folder}{source}_{target}_edges.h5")[f"edges/{source}_to_{target}"]


def pairs(file, edge_type):
    """Distinct (source, target) of a type, and rows of each."""
    of_type = file["edge_type_id"][()] == edge_type
    both = np.stack([file["source_node_id"][()][of_type], file["target_node_id"][()][of_type]], axis=1)
    return np.unique(both, axis=0, return_counts=True)


def close(what, made, mean, variance):
    """Within 4.5 standard deviations; exactly, where there is no variance."""
    off = abs(made - mean)
    assert off <= 4.5 * variance**0.5 + 1e-9, f"{what}: {made}, expected {mean:.1f} +- {variance ** 0.5:.1f}"


def both_ways(pair):
    forward = set(map(tuple, pair.tolist()))
    return sum((b, a) in forward for a, b in forward) // 2


def check_connectors():
    cortex, background = edges("cortex", "cortex"), edges("background", "cortex")
    pop, _ = nodes("cortex")
    p, pr = 0.15, 0.06767705087
    assert list(pop) == ["PopA"] * 100 + ["PopB"] * 100
    a2b, a2a, gap = (pairs(cortex, t)[0] for t in (100, 101, 102))
    assert (a2b[:, 0] < 100).all() and (a2b[:, 1] >= 100).all()
    close("A2B", len(a2b), 1e4 * p, 1e4 * p * (1 - p))
    assert (a2a < 100).all() and (a2a[:, 0] != a2a[:, 1]).all()
    close("A2A", len(a2a), 9900 * p, 9900 * (p * (1 - p) + pr - p * p))
    close("A2A both ways", both_ways(a2a), 4950 * pr, 4950 * pr * (1 - pr))
    # Gap junctions, by the number of synapses between the two cells
    assert (gap < 100).all() and (gap[:, 0] < gap[:, 1]).all()
    synapses = np.zeros((100, 100), int)
    np.add.at(synapses, (a2a.min(axis=1), a2a.max(axis=1)), 1)
    joined = np.zeros((100, 100), bool)
    joined[gap[:, 0], gap[:, 1]] = True
    upper = np.triu(np.ones((100, 100), bool), 1)
    for k, q in enumerate((0.1228, 0.56, 1)):
        of = upper & (synapses == k)
        close(f"gap junctions where {k} synapses are", joined[of].sum(), of.sum() * q, of.sum() * q * (1 - q))
    juncs = h5py.File(folder + "cortex_gap_juncs.h5")
    ends = [juncs["source_ids"][()], juncs["target_ids"][()]]
    assert len(ends[0]) == len(gap) and set(zip(*ends)) == set(map(tuple, gap.tolist()))
    ids = np.concatenate([juncs["src_gap_ids"][()], juncs["trg_gap_ids"][()]])
    assert len(np.unique(ids)) == 2 * len(gap)
    assert sorted(zip(background["source_node_id"][()], background["target_node_id"][()])) == [
        (k, k) for k in range(200)
    ]


def check_column():
    pop, place = nodes("cortex")
    shell_pop, shell = nodes("shell")
    of = {c: np.nonzero(pop == c)[0] for c in ("PN", "PV", "SOM")}
    assert [len(of[c]) for c in ("PN", "PV", "SOM")] == [1600, 240, 160]
    # Inside the cylinder, the shell outside; no two closer than 10 um (positions are 32-bit numbers)
    radius, outer = np.hypot(place[:, 0], place[:, 2]), np.hypot(shell[:, 0], shell[:, 2])
    assert radius.max() <= 150 and abs(place[:, 1]).max() <= 141.5 + 1e-4
    assert outer.min() >= 150 - 1e-4 and outer.max() <= 250 + 1e-4
    density = 2000 / 150**2
    assert len(shell) == round(density * (250**2 - 150**2))
    for points in (place, shell):
        squares = (points**2).sum(axis=1)
        square = squares[:, None] + squares[None, :] - 2 * points @ points.T
        np.fill_diagonal(square, 1e9)
        assert square.min() > (10 - 1e-3) ** 2

    def gaussian(d, sd, pmax, most):
        return np.where(d <= most, pmax * np.exp(-((d / sd) ** 2) / 2), 0)

    def exponential(d, scale, pmax, most):
        return np.where(d <= most, pmax * np.exp(-d / scale), 0)

    def steps(d):
        return np.where(d <= 50, 0.6, np.where(d <= 100, 0.4, np.where(d <= 200, 0.15, 0)))

    def distances(a, b):
        return np.sqrt(((a[:, None, :] - b[None, :, :]) ** 2).sum(axis=2))

    rule = {
        "PN2PN": lambda d: gaussian(d, 100, 0.08, 300),
        "PN2PV": lambda d: gaussian(d, 80, 0.3, 250),
        "PV2PN": lambda d: gaussian(d, 80, 0.35, 250),
        "PN2SOM": lambda d: exponential(d, 120, 0.2, 300),
        "PV2PV": steps,
        "SOM2PN": lambda d: exponential(d, 150, 0.4, 300),
        "SOM2PV": lambda d: np.where(d <= 200, 0.2, 0),
        "PV2SOM": lambda d: np.where(d <= 200, 0.1, 0),
    }
    order = ["PN2PN", "PN2PV", "PV2PN", "PN2SOM", "PV2PV", "PV2PV_gap", "SOM2PN", "SOM2PV", "PV2SOM"]
    cortex, around = edges("cortex", "cortex"), edges("shell", "cortex")
    made = {entry: pairs(cortex, 100 + k) for k, entry in enumerate(order)}
    shell_types = sorted(column_of("shell_cortex_edge_types.csv", "edge_type_id"))
    from_shell = [entry for entry in order if entry != "PV2PV_gap"]
    assert len(shell_types) == len(from_shell)
    for entry in from_shell:
        source, target = entry.split("2")
        p = rule[entry](distances(place[of[source]], place[of[target]]))
        if source == target:
            np.fill_diagonal(p, 0)
        # Both directions of a pair may be correlated: where they are edges of one entry, its variance at most doubles
        close(entry, len(made[entry][0]), p.sum(), (p * (1 - p)).sum() * (2 if source == target else 1))
        assert np.isin(made[entry][0][:, 0], of[source]).all() and np.isin(made[entry][0][:, 1], of[target]).all()
        p = rule[entry](distances(shell[shell_pop == source], place[of[target]]))
        found = len(pairs(around, shell_types[from_shell.index(entry)])[0])
        close(entry + " from the shell", found, p.sum(), (p * (1 - p)).sum())
    # Both ways: nrr times p0 p1 within PN (unordered pairs), and between PN and PV
    p = np.triu(rule["PN2PN"](distances(place[of["PN"]], place[of["PN"]])), 1)
    close("PN2PN both ways", both_ways(made["PN2PN"][0]), (3 * p * p).sum(), (3 * p * p * (1 - 3 * p * p)).sum())
    d = distances(place[of["PN"]], place[of["PV"]])
    pr = 1.5 * rule["PN2PV"](d) * rule["PV2PN"](d)
    back = set(map(tuple, made["PV2PN"][0][:, ::-1].tolist()))
    reciprocal = sum(tuple(pair) in back for pair in made["PN2PV"][0].tolist())
    close("PN2PV both ways", reciprocal, pr.sum(), (pr * (1 - pr)).sum())
    # Gap junctions between PV cells, by the number of synapses
    synapses = np.zeros((2000, 2000), int)
    both = made["PV2PV"][0]
    np.add.at(synapses, (both.min(axis=1), both.max(axis=1)), 1)
    joined = np.zeros((2000, 2000), bool)
    joined[made["PV2PV_gap"][0][:, 0], made["PV2PV_gap"][0][:, 1]] = True
    index = np.ix_(of["PV"], of["PV"])
    near = np.triu(distances(place[of["PV"]], place[of["PV"]]) <= 150, 1)
    assert not joined[index][~near].any()
    for k, q in enumerate((0.05, 0.3, 0.6)):
        where = near & (synapses[index] == k)
        close(f"gap junctions where {k} synapses are", joined[index][where].sum(), where.sum() * q,
              where.sum() * q * (1 - q))
    # Synapses of a pair: uniform from 1 to 5, one row each
    rows = made["PN2PN"][1]
    assert rows.min() == 1 and rows.max() == 5
    for n in range(1, 6):
        close(f"pairs with {n} synapses", (rows == n).sum(), len(rows) / 5, len(rows) * 0.16)
    # Thalamus: exactly 10 and 20 different sources; baseline: cell k to cell k
    thalamus = edges("thalamus", "cortex")
    for edge_type, target, k in ((109, "PN", 10), (110, "PV", 20)):
        pair, copies = pairs(thalamus, edge_type)
        assert (copies == 1).all() and (np.bincount(pair[:, 1].astype(int), minlength=2000)[of[target]] == k).all()
        assert len(pair) == k * len(of[target])
    baseline = edges("baseline", "cortex")
    assert (baseline["source_node_id"][()] == baseline["target_node_id"][()]).all() and len(baseline["edge_type_id"]) == 2000
    # Weights: log-normal with mean and sd 0.0002, so that the logarithm has sd sqrt(log 2)
    types, index, group = (cortex[c][()] for c in ("edge_type_id", "edge_group_index", "edge_group_id"))
    first = types == 100
    assert len(np.unique(group[first])) == 1
    values = cortex[str(group[first][0])]
    weight = np.log(values["syn_weight"][()][index[first]].astype(float))
    sd = np.log(2) ** 0.5
    close("mean log weight", weight.mean(), np.log(0.0002) - np.log(2) / 2, sd**2 / len(weight))
    close("sd of log weight", weight.std(), sd, sd**2 / 2 / len(weight))
    section, at = (values[c][()][index[first]] for c in ("afferent_section_id", "afferent_section_pos"))
    for s, x in ((1, 0.5), (2, 0.5), (3, 0.5), (4, 0.3)):
        close(f"synapses in section {s}", (section == s).sum(), len(section) / 4, len(section) * 3 / 16)
        assert np.allclose(at[section == s], x)
    delay = values["delay"][()][index[first]].astype(float)
    d = np.sqrt(((place[cortex["source_node_id"][()][first]] - place[cortex["target_node_id"][()][first]]) ** 2).sum(axis=1))
    noise = delay - 0.8 - d / 300
    assert delay.min() >= 0.2 and delay.max() <= 4 and abs(noise.mean()) < 0.005 and abs(noise.std() - 0.1) < 0.005


def check_ring():
    ring = edges("ring", "ring")
    source, target = ring["source_node_id"][()].astype(int), ring["target_node_id"][()].astype(int)
    assert len(np.unique(source * 1000 + target)) == len(source) and (source != target).all()
    assert (np.bincount(target, minlength=1000) == 20).all()
    assert set(ring["0/nsyns"][()]) == {1, 2, 3}
    # An edge stays with probability 0.9; when it is rewired, about 1 in 980 choices is a neighbour all the same
    apart = np.minimum((source - target) % 1000, (target - source) % 1000)
    close("edges between neighbours", (apart <= 10).sum(), 20000 * (0.9 + 0.1 * 2 / 980), 20000 * 0.09)
    # The others go anywhere
    far = source[apart > 10]
    close("rewired from the lower half", (far < 500).sum(), len(far) / 2, len(far) / 4)


{"connectors": check_connectors, "column": check_column, "ring": check_ring}[name]()
print("as expected")
