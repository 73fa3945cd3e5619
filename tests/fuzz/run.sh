#!/usr/bin/env bash
# Runs every fuzz target for a while, from real files as seeds. Usage: run.sh [SECONDS A TARGET, default 20 [SEED, default a new one]]
# New inputs are kept in build/fuzz/corpus; what breaks is left in build/fuzz/found and ends the run with status 1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:-20}
seed=${2:-0}
export ASAN_OPTIONS=${ASAN_OPTIONS:-allocator_may_return_null=1}

# Is what an input (of target $1, in file $2) breaks in a library of others? By the innermost frame that is no sanitizer's.
is_ours() {
    local frame
    frame=$("$1" -timeout=60 -rss_limit_mb=2048 "$2" 2>&1 | grep -E '^ +#[0-9]+ ' |
        grep -vE 'anitizer|fuzzer::|__asan|__ubsan|__lsan|interceptor|/libc\.so| in ([a-z_]*alloc|free|mem[a-z]+|str[a-z]+) ' | head -n 1 || true)
    [[ -n $frame && $frame != *libhdf5* ]]
}
CC=clang scripts/build.sh fuzz
mkdir -p build/fuzz/found
status=0
shared=../shared
for target in build/fuzz/tests/fuzz/fuzz_*; do
    [[ -x $target && -f $target ]] || continue
    name=$(basename "$target")
    corpus=build/fuzz/corpus/$name
    mkdir -p "$corpus"
    case $name in
    fuzz_text) seeds=(examples/network/*.json "$shared"/data/networks/*/*.csv "$shared"/data/libsonata/config/*.json) ;;
    fuzz_config) seeds=("$shared"/data/networks/*/circuit_config.json "$shared"/data/libsonata/config/*.json "$shared"/data/bbp/*config.json) ;;
    fuzz_node_sets) seeds=("$shared"/data/bbp/node_sets*.json "$shared"/data/libsonata/node_sets.json) ;;
    fuzz_types) seeds=("$shared"/data/networks/*/*_types.csv) ;;
    fuzz_network) seeds=("$shared"/data/networks/*/*_nodes.h5 "$shared"/data/networks/*/*ring/*_edges.h5 "$shared"/data/networks/synthetic_small/*.h5
        "$shared"/data/bbp/*.h5 "$shared"/data/libsonata/{nodes1,edges1,edges-no-index}.h5) ;;
    fuzz_results) seeds=("$shared"/data/spikes/*.h5 "$shared"/data/bbp/reporting/*.h5 "$shared"/data/libsonata/{spikes,somas,elements}.h5 "$shared"/data/ecp/*.h5) ;;
    fuzz_nmodl) seeds=(examples/cells/mechanisms/*.mod tests/models/*/*.mod /usr/share/nrn/demo/release/*.mod) ;;
    fuzz_swc) seeds=(tests/models/swc/*.swc "$shared"/data/bbp/morphologies/*.swc) ;;
    fuzz_fit) seeds=(tests/models/fit/*.json) ;;
    fuzz_filter)
        seeds=()
        printf %s "pop_name == 'PN' and x > 100" > "$corpus"/and
        printf %s "layer in [4, 5] or not is_inhibitory" > "$corpus"/or
        printf %s "0 <= afferent_section_pos < 0.5 & ~missing(delay)" > "$corpus"/chain
        printf %s "abs(positions[0] - 3e2) / 2 >= -1 | \`a b\` =~ '^P[0-9]+\$'" > "$corpus"/arithmetic
        printf %s "ei not in ['e', \"i\"] and true != x" > "$corpus"/texts
        ;;
    *) seeds=() ;;
    esac
    for file in "${seeds[@]}"; do
        # Small files only: a mutation of a large one is slow and finds no more.
        if [[ -f $file && $(stat -c %s "$file") -lt 100000 ]]; then
            cp -n "$file" "$corpus/$(basename "$(dirname "$file")")_$(basename "$file")" 2> /dev/null || true
        fi
    done
    # libhdf5 itself does not survive every damaged file: the run goes on behind such a crash, and only those whose
    # innermost frame is ours are faults.
    options=(-timeout=20)
    case $name in
    fuzz_network | fuzz_results)
        options=(-timeout=60 -fork=1 -ignore_crashes=1 -ignore_timeouts=1 -ignore_ooms=1 -malloc_limit_mb=65536)
        ;;
    esac
    echo "== $name, $seconds s"
    ended=0
    "$target" -seed="$seed" -max_total_time="$seconds" -rss_limit_mb=2048 -max_len=100000 -print_final_stats=1 "${options[@]}" \
        -artifact_prefix=build/fuzz/found/"$name"- "$corpus" > build/fuzz/"$name".log 2>&1 || ended=$?
    # With -fork the status is that of the last process, also where it is to be ignored: what was found decides.
    if [[ $ended != 0 ]] && ! { [[ ${#options[@]} -gt 1 ]] && grep -q '^INFO: exiting: ' build/fuzz/"$name".log; }; then
        status=1
        tail -n 40 build/fuzz/"$name".log
    fi
    if [[ ${#options[@]} -gt 1 ]]; then
        for found in build/fuzz/found/"$name"-*; do
            [[ -f $found ]] || continue
            if is_ours "$target" "$found"; then
                status=1
                echo "$found: not in libhdf5"
            else
                rm "$found"
            fi
        done
    fi
    grep -E 'number_of_executed_units|SUMMARY' build/fuzz/"$name".log || tail -n 1 build/fuzz/"$name".log
done
exit $status
