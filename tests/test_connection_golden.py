# test_connection_golden.py: what bmtool said of real networks, call by call, against the program. Every number is bmtool's,
# or the difference is one of those known (differences.json), and then ours is the one computed straight from the files.
# Usage: test_connection_golden.py PROGRAM DATA_FOLDER GOLDEN_FOLDER
import ast
import csv
import io
import json
import math
import os
import subprocess
import sys
import tempfile

program, data, golden = sys.argv[1:4]
calls = {"matrix": 0, "histogram": 0, "property": 0, "probability": 0, "graph": 0}


def run(*words):
    done = subprocess.run([program, *words], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == "", (words, done.returncode, done.stderr)
    return done.stdout


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def read(network, name):
    path = os.path.join(golden, network, name)
    return json.load(open(path)) if os.path.exists(path) else []


def arguments(call):
    """Name and keyword arguments of a call; None where it is no plain one."""
    tree = ast.parse(call, mode="eval").body
    name = tree.func.attr
    values = {}
    for keyword in tree.keywords:
        try:
            values[keyword.arg] = ast.literal_eval(keyword.value)
        except ValueError:
            return name, None, []
    first = [ast.literal_eval(a) for a in tree.args if isinstance(a, ast.Constant)]
    return name, values, first


def number(text):
    return math.nan if text in ("", None, "nan") else float(text)


def near(ours, theirs, rounded=0.0):
    if math.isnan(ours) or math.isnan(theirs):
        return math.isnan(ours) and math.isnan(theirs)
    return abs(ours - theirs) <= rounded + 1e-9 * max(1, abs(theirs))


def choice(values):
    """The options of the call's cells and edges, and what they are called in differences.json."""
    one = lambda v: v[0] if isinstance(v, list) else v
    source, target, key, key_target = (one(values[k]) for k in ("sources", "targets", "sids", "tids"))
    edges = source + "_to_" + target
    words = ["--edges", edges, "--sources", source, "--targets", target, "--sids", key, "--tids", key_target,
             "--no-prepend-pop"]
    if values.get("include_gap") is False:
        words.append("--no-gap")
    return words, edges, key, values.get("include_gap", True), source == target


cache = {}


def cells(table):
    """{(source, target): number} of a matrix."""
    return {(r["source"], label): number(v) for r in table for label, v in r.items() if label != "source"}


def matrix(config, kind, words, *more):
    asked = (config, kind, *words, *more)
    if asked not in cache:
        cache[asked] = cells(rows(run("connection", kind, config, *words, "--format", "csv", *more)))
    return cache[asked]


def everything(config, words):
    """All matrices of all cells, by name."""
    asked = (config, *words)
    if asked not in cache:
        tables = json.loads(run("connection", "all", config, *words, "--format", "json"))
        cache[asked] = {name: cells(t["rows"]) for name, t in tables.items()
                        if isinstance(t, dict) and name.split("_")[0] in ("total", "percent", "convergence", "divergence", "gap")}
    return cache[asked]


# ---- matrices ----

def check_matrices(network, config):
    known = read(network, "differences.json")
    place = lambda d: (d["edges"], d["key"], d["include_gap"], d["what"], str(d["source"]), str(d["target"]))
    known_at = {place(d): d for d in known}
    found = set()

    def compare(where, theirs, ours, rounded, what):
        for s, source in enumerate(theirs["sources"]):
            for t, target in enumerate(theirs["targets"]):
                at = (str(source), str(target))
                bmtool = number(theirs["num"][s][t])
                mine = ours(at)
                if near(mine, bmtool, rounded):
                    continue
                full = (*where, what, *at)
                # 0 or not-a-number may be how bmtool says that there is nothing to count; what ours is then, is held
                # against the files in test_connectivity_networks.c.
                if (math.isnan(mine) and bmtool == 0) or math.isnan(bmtool):
                    continue
                assert full in known_at, (network, full, "ours", mine, "bmtool", bmtool)
                assert near(mine, number(known_at[full]["independent"])), (network, full, mine, known_at[full])
                found.add(full)

    for call in read(network, "matrices.json"):
        if "error" in call or "num" not in call:
            continue
        name, values, _ = arguments(call["call"])
        if values is None or values.get("prepend_pop", True) or "synaptic_info" in values:
            continue
        words, edges, key, gap, same = choice(values)
        where = (edges, key, gap)
        method = values.get("method")
        tables = everything(config, words)
        calls["matrix"] += 1
        if name == "connection_totals":
            compare(where, call, lambda at: tables["total_rows"][at], 0, "total")
        elif name == "percent_connections":
            ordered = tables["percent_" + method]
            either = tables["percent_any"] if method == "total" else ordered
            # Within a group bmtool's total is of pairs connected in any direction.
            compare(where, call, lambda at: (either if same and at[0] == at[1] else ordered)[at], 0.005, "percent " + method)
        elif name == "gap_junction_connections":
            table = tables["gap_" + method]
            compare(where, call, lambda at: table[at], 0.005, "gap percent" if method == "percent" else "gap convergence mean")
        elif name == "connection_divergence" and method != "mean+std":
            kind = "convergence" if values["convergence"] else "divergence"
            connected = matrix(config, kind, words, "--method", method, "--connected-only")
            compare(where, call, lambda at: connected[at], 0.005, kind + " of connected cells " + method)
            if method == "mean":
                compare(where, call, lambda at: tables[kind + "_mean"][at], 0.005, kind[:4].rstrip("e") + " mean vs all cells")
    missing = [place(d) for d in known if place(d) not in found]
    assert not missing, (network, "known differences that are none", missing[:5], len(missing))
    return len(found)


# ---- what each target cell receives ----

def check_histograms(network, config):
    for call in read(network, "histogram.json"):
        if "error" in call or not call.get("legend"):
            continue
        _, values, _ = arguments(call["call"].replace("config, nodes, edges, ", ""))
        words, *_ = choice(values)
        at = (str(values["source_cell"]), str(values["target_cell"]))
        said = dict(zip(call["legend"][0].split()[::2], map(float, call["legend"][0].split()[1::2])))
        for name, theirs in said.items():
            ours = matrix(config, "convergence", words, "--method", name, "--connected-only")[at]
            assert near(ours, theirs, 0.0051), (network, call["call"], name, ours, theirs)
        bins = [r for r in rows(run("connection", "histogram", config, *words, "--format", "csv")) if (r["source"], r["target"]) == at]
        cells = sum(int(r["cells"]) for r in bins)
        none = sum(int(r["cells"]) for r in bins if float(r["low"]) < 0 < float(r["high"]))
        connected = sum(b[2] for b in call["bins"])
        exact = all(float(r["high"]) - float(r["low"]) == 1 for r in bins)
        assert cells >= connected and (not exact or cells - none == connected), (network, call["call"], cells, none)
        calls["histogram"] += 1


# ---- properties ----

def check_properties(network, config):
    for call in read(network, "edge_property.json"):
        if "error" in call:
            continue
        _, values, first = arguments(call["call"])
        words, *_ = choice(values)
        table = {(r["source"], r["target"]): r for r in rows(run("connection", "property", config, *words, "--format", "csv", "--property", first[0]))}
        for block in call["matrix"]:
            mine = table[(str(block["source"]), str(block["target"]))]
            n = int(mine["count"])
            assert n + int(mine["missing"]) == block["n"], (network, call["call"], block, mine)
            # bmtool puts the value of the edge's type where the file says NaN: then it has more numbers than the file.
            filled = block["n"] - block["n_nan"] - n
            assert filled == 0 or (network, first[0], filled) == ("synthetic_small", "syn_weight", 1), (network, block, mine)
            if n == 0 or filled > 0:
                continue
            for ours, theirs in (("mean", "mean"), ("min", "min"), ("max", "max")):
                assert near(float(mine[ours]), number(block[theirs]), 1e-7 * abs(number(block[theirs]))), (network, block, mine)
            if n > 1:
                sd = float(mine["std"]) * math.sqrt((n - 1) / n)
                assert near(sd, number(block["std_ddof0"]), 1e-6 * abs(number(block["mean"]))), (network, block, mine)
        calls["property"] += 1


# ---- probability by distance ----

def check_probabilities(network, config):
    for call in read(network, "probability.json"):
        if "independent" not in call or not call["independent"]:
            continue
        _, values, _ = arguments(call["call"])
        words, *_ = choice(values)
        axes = ",".join(a for a in "xyz" if values["dist_" + a.upper()])
        table = rows(run("connection", "probability", config, *words, "--bins", str(values["num_bins"]), "--axis", axes, "--format", "csv"))
        for block in call["independent"]:
            if "skipped" in block:
                continue
            mine = [r for r in table if (r["source"], r["target"]) == (str(block["source"]), str(block["target"]))]
            edges = [float(r["low"]) for r in mine] + [float(mine[-1]["high"])]
            assert all(near(a, b, 1e-6) for a, b in zip(edges, block["bins"])) and len(edges) == len(block["bins"]), (network, block, edges)
            assert [int(r["pairs"]) for r in mine] == block["possible_pairs_no_self_in_bin"], (network, call["call"], block, mine)
            assert [int(r["connected"]) for r in mine] == block["distinct_pairs_no_self_in_bin"], (network, call["call"], block)
        calls["probability"] += 1


# ---- graphs ----

def check_graphs(network, config, folder):
    for call in read(network, "graph.json"):
        if "error" in call:
            continue
        _, values, _ = arguments(call["call"].replace("config, ", ""))
        source, target = values["source"], values["target"]
        words = ["--edges", source + "_to_" + target, "--sources", source, "--targets", target]
        ours = json.loads(run("graph", "summary", config, *words, "--brief", "--format", "json"))
        expected = call["independent"]
        assert ours["rows"] == expected["rows_in_file"]
        assert ours["edges"] == expected["distinct_ordered_pairs"]
        assert ours["vertices"] == expected["nodes_in_files"]
        assert ours["self_connections"] == expected["self_loops"]
        calls["graph"] += 1
        if source != target:
            continue
        # Two populations fall on top of each other in bmtool's graph; one population is right there too.
        assert near(ours["in_degree"]["mean"], call["in_degree_mean"])
        assert ours["in_degree"]["max"] == call["in_degree_max"] and ours["out_degree"]["max"] == call["out_degree_max"]
        assert ours["weak_components"]["count"] == call["weakly_connected_components"]
        assert ours["weak_components"]["largest"] == call["largest_weak_component"]
        theirs = csv.DictReader(open(os.path.join(golden, network, "graph_%s_to_%s.csv" % (source, target))))
        mine = rows(run("graph", "table", config, *words, "--format", "csv"))
        for a, b in zip(mine, theirs, strict=True):
            assert a["node_id"] == b[""] and a["Node Label"] == b["Node Label"], (a, b)
            for column, value in b.items():
                if column.endswith("incoming Connections"):
                    assert int(a[column]) == int(value), (network, a, b)


differences = 0
networks = 0
with tempfile.TemporaryDirectory() as folder:
    for network in sorted(os.listdir(golden)):
        config = os.path.join(data, network, "circuit_config.json")
        if not os.path.exists(config):
            continue
        differences += check_matrices(network, config)
        check_histograms(network, config)
        check_properties(network, config)
        check_probabilities(network, config)
        check_graphs(network, config, folder)
        cache.clear()
        networks += 1
print("%d networks: %s; %d numbers of bmtool's differ, all of them known" %
      (networks, ", ".join("%d calls (%s)" % (n, kind) for kind, n in calls.items()), differences))
assert networks >= 10 and min(calls.values()) > 0
