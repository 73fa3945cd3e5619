#!/usr/bin/env bash
# Configures and builds one preset. Usage: build.sh PRESET     (quick when nothing has changed)
# With SONATINA_WERROR=1 in the environment a compiler warning is an error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
preset=$1
werror=OFF
[[ ${SONATINA_WERROR:-0} == 0 ]] || werror=ON
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { cmake --preset "$preset" -DSONATINA_WERROR=$werror && cmake --build --preset "$preset"; } > "$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
grep -E 'warning:' "$log" >&2 || true
