"""test_sonata_info.py PROGRAM FOLDER CONFIG...: holds what `network info` says of attributes against h5py and the types
CSV, in the circuits named and in an odd one that is written to FOLDER."""
import collections
import csv
import json
import os
import subprocess
import sys

try:
    import h5py
    import numpy as np
except ImportError:
    print("skipped: python has no h5py")
    sys.exit(77)

MISSING = {"", "NULL", "NONE", "NaN", "nan", "NA", "N/A", "null"}


def read_types(path, column):
    """{type id: {name: text}} of a types CSV."""
    with open(path, newline="") as stream:
        rows = list(csv.reader(stream, delimiter=" "))
    header = rows[0]
    table = {}
    for row in rows[1:]:
        if not row:
            continue
        if len(row) != len(header):
            row = [field for field in row if field != ""]
        cells = dict(zip(header, row))
        table[int(cells[column])] = {k: v for k, v in cells.items() if k != column and v not in MISSING}
    return table


def rows_of(dataset):
    """The rows of a dataset, none of one without a shape."""
    return [] if dataset.shape is None else dataset[()]


def texts_of(dataset):
    return [v.decode() if isinstance(v, bytes) else str(v) for v in rows_of(dataset)]


def values_of(population, one, name, types):
    """The value of every row, None where it has none: from its group, dynamics_params, its type."""
    first = "source_node_id" if one == "edge" else one + "_type_id"
    if first not in population:
        first = next(k for k in (one + "_id", one + "_group_id") if k in population)
    count = len(population[first])
    values = [None] * count
    group_id = population[one + "_group_id"][()] if one + "_group_id" in population else np.zeros(count, int)
    index = population[one + "_group_index"][()] if one + "_group_index" in population else np.arange(count)
    type_id = population[one + "_type_id"][()] if one + "_type_id" in population else np.full(count, -1)
    columns = {}
    for number in {int(g) for g in group_id}:
        group = population.get(str(number))
        places = []
        if group is not None and name in group and isinstance(group[name], h5py.Dataset):
            dataset = group[name]
            if h5py.check_string_dtype(dataset.dtype):
                data = texts_of(dataset)
            elif "@library" in group and name in group["@library"] and dataset.dtype.kind in "iu":
                library = texts_of(group["@library"][name])
                data = [library[c] if 0 <= c < len(library) else None for c in rows_of(dataset)]
            else:
                data = rows_of(dataset)
            places.append(data)
        bare = name[len("dynamics_params/"):] if name.startswith("dynamics_params/") else name
        parameters = group.get("dynamics_params") if group is not None else None
        if isinstance(parameters, h5py.Group) and bare in parameters:
            dataset = parameters[bare]
            places.append(texts_of(dataset) if h5py.check_string_dtype(dataset.dtype) else rows_of(dataset))
        columns[number] = places
    for row in range(count):
        for data in columns[int(group_id[row])]:
            if index[row] < len(data) and data[int(index[row])] is not None and values[row] is None:
                values[row] = data[int(index[row])]
        if values[row] is None:
            values[row] = types.get(int(type_id[row]), {}).get(name)
    return values


def check_population(said, texts, population, one, types, where):
    """`said` are the rows of one population, `texts` its texts."""
    width = {}
    for row in said:
        name = row["attribute"]
        part = 0
        if row["width"] > 1:
            if "[" in name:
                name, part = name[: name.index("[")], int(name[name.index("[") + 1 : -1])
            else:
                part = slice(None)
        place = f"{where} {row['attribute']}"
        values = values_of(population, one, name, types)
        numbers = row["minimum"] is not None or (row["storage"] != "string" and not row["enumeration"])
        if numbers:
            if row["width"] > 1:
                values = [None if v is None else v[part] for v in values]
            if part == slice(None):
                rows = sum(v is not None for v in values)
                values = np.concatenate([v for v in values if v is not None])
            values = [None if v is None or np.isnan(float(v)) else float(v) for v in values]
        present = [v for v in values if v is not None]
        if part == slice(None):
            assert row["rows"] == rows, (place, row, rows)
            assert (row["minimum"], row["maximum"]) == (min(present), max(present)), (place, row)
            width[name] = row["width"]
            continue
        assert row["rows"] == len(present), (place, row, len(present))
        assert row["missing"] == len(values) - len(present), (place, row)
        if numbers and row["distinct"] is None:
            least = min(present) if present else None
            most = max(present) if present else None
            assert (row["minimum"], row["maximum"]) == (least, most), (place, row, least, most)
        else:
            counts = collections.Counter(str(v) for v in present)
            told = {t["value"]: t["rows"] for t in texts if t["attribute"] == name}
            assert row["distinct"] == len(counts), (place, row, counts)
            assert len(told) == min(64, len(counts)) and told.items() <= counts.items(), (place, told, counts)
        width[name] = row["width"]
    names = set()
    for number, group in population.items():
        if number.isdigit():
            names |= {k for k, v in group.items() if isinstance(v, h5py.Dataset)}
            names |= {"dynamics_params/" + k for k in group.get("dynamics_params", {})}
    for cells in types.values():
        names |= set(cells)
    assert names <= set(width), (where, names - set(width))
    return len(said)


def check_circuit(program, path):
    run = subprocess.run([program, "network", "info", path, "--format", "json"], capture_output=True, text=True)
    assert run.returncode in (0, 3), (path, run.stderr)
    info = json.loads(run.stdout)
    folder = os.path.dirname(path)
    types_files = {}
    if path.endswith(".json"):
        with open(path) as stream:
            networks = json.load(stream)["networks"]
        for one in ("node", "edge"):
            for item in networks.get(one + "s", []):
                file, types = item[one + "s_file"], item.get(one + "_types_file")
                types_files[os.path.basename(file)] = os.path.basename(types) if types else None
    checked = 0
    for one in ("node", "edge"):
        for row in info[one + "s"]["rows"]:
            name = row["population"]
            if row["file"] is None or name == "hard":
                continue
            types_file = types_files.get(os.path.basename(row["file"]))
            types = read_types(os.path.join(folder, types_file), one + "_type_id") if types_file else {}
            with h5py.File(row["file"], "r") as file:
                said = [r for r in info[one + "_attributes"]["rows"] if r["population"] == name]
                texts = [r for r in info[one + "_texts"]["rows"] if r["population"] == name]
                checked += check_population(said, texts, file[one + "s"][name], one, types, f"{path}: {name}")
    wide = subprocess.run([program, "network", "info", path], capture_output=True, text=True).stdout
    for line in wide.split("\n\nCells\n")[0].splitlines():
        assert len(line) <= 110, (path, line)
    return checked


def write_odd(folder):
    """Two groups in mixed order, holes, NaN, several values a row, big-endian, texts at and past what is kept."""
    count = 200000
    rows = np.arange(count)
    path = os.path.join(folder, "odd.h5")
    with h5py.File(path, "w") as file:
        population = file.create_group("nodes/odd")
        group_id = (rows * 7 % 3 == 0).astype("u4")
        index = np.zeros(count, "u8")
        for number in (0, 1):
            members = rows[group_id == number]
            index[members] = np.arange(len(members))[::-1]
        population["node_type_id"] = np.full(count, 100 + rows % 2, "i8")
        population["node_group_id"] = group_id
        population["node_group_index"] = index
        sizes = [int((group_id == number).sum()) for number in (0, 1)]
        noise = np.random.default_rng(3).normal(size=(count, 3))
        noise[noise[:, 0] > 2] = np.nan
        population["0/holes"] = noise[: sizes[0], 0]
        population["0/only_nan"] = np.full(sizes[0], np.nan)
        population["0/positions"] = noise[: sizes[0]].astype(">f8")
        population["1/positions"] = noise[: sizes[1]].astype("f4")
        population["0/wide"] = np.arange(sizes[0] * 9).reshape(-1, 9).astype("i2")
        population["0/late"] = np.where(np.arange(sizes[0]) == 70001, -5, 5).astype("i1")
        population["1/late"] = np.where(np.arange(sizes[1]) == 40000, 77, 5).astype("i4")
        population["1/short"] = np.arange(10, dtype="u2")
        text = h5py.string_dtype()
        population.create_dataset("0/word", data=[f"w{i % 100}" for i in range(sizes[0])], dtype=text)
        population.create_dataset("1/word", data=np.array([f"v{i % 3}" for i in range(sizes[1])], "S4"))
        population["1/kind"] = (np.arange(sizes[1]) % 5).astype("u1")
        population.create_dataset("1/@library/kind", data=["red", "green", "", "blue"], dtype=text)
        population["1/dynamics_params/holes"] = np.full(sizes[1], 9.5)
        # What the tables cannot hold: a number past 2^63, more texts than are kept, a compound.
        file.create_group("nodes/hard")["node_type_id"] = np.full(70000, -1)
        huge = np.ones(70000, "u8")
        huge[69999] = 2**64 - 1
        file["nodes/hard/0/huge"] = huge
        file.create_dataset("nodes/hard/0/name", data=[f"cell {i}" for i in range(70000)], dtype=text)
        file["nodes/hard/0/pair"] = np.zeros(70000, np.dtype([("a", "f4"), ("b", "i4")]))
        file["nodes/hard/0/fine"] = np.arange(70000)
        file.create_group("nodes/broken/0")
        file.create_group("nodes/broken/1")
    return path


def check_hard(program, path):
    """What cannot be read is said, and the rest is there."""
    run = subprocess.run([program, "network", "info", path, "--format", "json"], capture_output=True, text=True)
    info = json.loads(run.stdout)
    said = {r["attribute"]: r for r in info["node_attributes"]["rows"] if r["population"] == "hard"}
    assert run.returncode == 3, run
    assert "69999" in said["huge"]["problem"] and said["huge"]["minimum"] is None, said["huge"]
    assert said["pair"]["storage"] == "unsupported" and said["pair"]["problem"], said["pair"]
    assert said["name"]["distinct"] > 65536 and said["name"]["missing"] is None, said["name"]
    assert (said["fine"]["minimum"], said["fine"]["maximum"], said["fine"]["problem"]) == (0, 69999, None)
    wide = {r["attribute"]: r for r in info["node_attributes"]["rows"] if r["population"] == "odd"}["wide"]
    assert wide["width"] == 9 and wide["minimum"] is not None, wide
    notes = [r for r in info["notes"]["rows"] if r["code"] == "population.unreadable"]
    assert len(notes) == 1 and notes[0]["place"] == "/nodes/broken", notes


def main():
    program, odd = sys.argv[1], write_odd(sys.argv[2])
    check_hard(program, odd)
    paths = [odd] + sys.argv[3:]
    total = sum(check_circuit(program, path) for path in paths)
    print(f"{total} attributes of {len(paths)} circuits agree with h5py")
    assert total > 8


main()
