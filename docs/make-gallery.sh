#!/usr/bin/env bash
# Makes the pictures of docs/gallery.md from examples/. Usage: make-gallery.sh [PROGRAM]
# PROGRAM is the sonatina to use, build/release/sonatina unless said otherwise; it needs gnuplot.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sonatina=$(realpath "${1:-build/release/sonatina}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$sonatina" network build examples/column/column.json -o "$work/column" > "$work/log" ||
    { cat "$work/log" >&2; exit 1; }
"$sonatina" network build examples/network/connectors.json -o "$work/connectors" > "$work/log" ||
    { cat "$work/log" >&2; exit 1; }
mkdir -p docs/gallery

# Each picture is made by the very command that stands above it in docs/gallery.md.
commands=$(sed -n 's/^sonatina plot /plot /p; s/^sonatina graph /graph /p' docs/gallery.md)
while read -r -a words; do
    for i in "${!words[@]}"; do
        case ${words[i]} in
        column/* | connectors/*) words[i]=$work/${words[i]} ;;
        *.png) words[i]=docs/gallery/${words[i]} ;;
        esac
    done
    # A graph command prints its table too.
    "$sonatina" "${words[@]}" > /dev/null
done <<< "$commands"
