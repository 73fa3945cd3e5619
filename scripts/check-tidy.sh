#!/usr/bin/env bash
# Runs clang-tidy over the sources of a configured release build. Usage: check-tidy.sh [FILE...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
files=("$@")
((${#files[@]} > 0)) || mapfile -t files < <(git ls-files '*.c' | grep -v '^tests/')
printf '%s\0' "${files[@]}" | xargs -0 -n 4 -P "$(nproc)" clang-tidy -p build/release --quiet --warnings-as-errors='*' 2> /dev/null
