#!/usr/bin/env bash
# Opens the connectivity report of a small network in Chromium, driven by playwright-core from npm: check_page.js says
# what is looked at. Usage: check_page.sh BUILD_FOLDER
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=$(realpath "$1")
version=1.48.2
hash=7b5bde19f79e5bd050804fa6c0b6bc18b6920c6c63188e06c42325c5c9c11096
for program in npm node chromium; do
    command -v $program > /dev/null || { echo "page: $program is not installed: skipped"; exit 0; }
done

# The package, once, and only the one that is known.
tools=$build/playwright
if [[ ! -d $tools/package ]]; then
    mkdir -p "$tools"
    (cd "$tools" && npm pack --silent playwright-core@$version > /dev/null) ||
        { echo "page: npm could not get playwright-core $version: skipped"; exit 0; }
    echo "$hash  $tools/playwright-core-$version.tgz" | sha256sum --check --quiet
    tar -xzf "$tools/playwright-core-$version.tgz" -C "$tools"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/spec.json" << 'END'
{"sonatina": 1, "seed": 1,
 "populations": {"p": {"positions": {"box": {"min": [0, 0, 0], "max": [100, 100, 100]}}, "nodes": [
   {"pop_name": "A", "count": 4, "model_type": "virtual"}, {"pop_name": "B", "count": 3, "model_type": "virtual"}]}},
 "edges": [
   {"source": {"population": "p", "pop_name": "A"}, "target": {"population": "p", "pop_name": "B"},
    "connector": {"type": "all_to_all"}, "properties": {"syn_weight": 0.5}},
   {"source": {"population": "p", "pop_name": "B"}, "target": {"population": "p", "pop_name": "A"},
    "connector": {"type": "fixed_outdegree", "k": 2}, "properties": {"syn_weight": 2.0}},
   {"source": {"population": "p", "pop_name": "A"}, "target": {"population": "p", "pop_name": "A"},
    "connector": {"type": "fixed_total", "n": 5}, "properties": {"syn_weight": 1.5}}]}
END
"$build/sonatina" network build "$work/spec.json" -o "$work/network_with_a_long_name_without_blanks" > /dev/null 2>&1
"$build/sonatina" report "$work/network_with_a_long_name_without_blanks/circuit_config.json" --pictures -o "$work/static.html"
page=none
if [[ -f $build/share/sonatina/plotly.min.js ]]; then
    page=$work/report.html
    "$build/sonatina" report "$work/network_with_a_long_name_without_blanks/circuit_config.json" -o "$page"
else
    echo "page: built without Plotly.js; only the page with pictures is looked at"
    # Without Plotly.js this is what a page is like without being asked.
    "$build/sonatina" report "$work/network_with_a_long_name_without_blanks/circuit_config.json" -o "$work/static.html"
fi
mkdir -p "$build/screenshots"
node tests/check_page.js "$tools/package" "$(command -v chromium)" "$page" "$work/static.html" "$build/screenshots"
