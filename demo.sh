#!/usr/bin/env bash
# Installs what is missing, builds, and runs the main job on examples/: two cells through four protocols, networks built
# and looked into. Works from any folder, as root or with sudo; quick when nothing has changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
scripts/dependencies.sh build
scripts/build.sh release

results=build/demo
mkdir -p "$results"
sonatina=build/release/sonatina

show() { # prints a command as a user would type it, then runs it
    printf '\n$ sonatina'
    printf ' %s' "$@"
    printf '\n'
    "$sonatina" "$@"
}

cells=examples/cells
pyramidal=(--hoc $cells/RSPyramidal.hoc --mod-folder $cells/mechanisms --template RSPyramidal --celsius 34 --v-init -70)
fast=(--hoc $cells/FSInterneuron.hoc --mod-folder $cells/mechanisms --template FSInterneuron --celsius 34 --v-init -70)

show mechanism compile $cells/mechanisms
show cell passive "${pyramidal[@]}" --inj-amp -100 --method exp --traces $results/passive.csv --plot $results/passive.png
show cell clamp "${pyramidal[@]}" --inj-amp 400 --traces $results/clamp.csv --plot $results/clamp.png
show cell fi "${pyramidal[@]}" --i-start 0 --i-stop 600 --i-increment 50 --plot $results/fi_pyramidal.png
show cell fi "${fast[@]}" --i-start 0 --i-stop 600 --i-increment 50 --plot $results/fi_interneuron.png
show cell zap "${pyramidal[@]}" --inj-amp 20 --fstart 0.5 --fend 20 --inj-dur 5000 --tstop 5500 --plot $results/zap.png

show network build examples/network/first.json -o $results/network --force
show network info $results/network/circuit_config.json
show connection total $results/network/circuit_config.json --sids pop_name --tids pop_name --plot $results/total.png
show connection total $results/network/circuit_config.json --sids pop_name --tids pop_name --ascii
show graph summary $results/network/circuit_config.json

show network check examples/column/column.json
show network build examples/column/column.json -o $results/column --force
show network verify examples/column/column.json $results/column
show connection total $results/column/circuit_config.json --sids pop_name --tids pop_name --ascii
show plot summary $results/column/circuit_config.json -o $results/column.png
show report $results/column/circuit_config.json -o $results/column.html

printf '\nThe results are in %s:\n' "$PWD/$results"
ls "$results"
