#!/usr/bin/env bash
# Installs what is missing. Usage: dependencies.sh [build] [mpi] [test] [all]
#   build  to build and run the program (default)     mpi  to build networks on several processes
#   test   to run its tests                           all  for ./test.sh --all, with mpi
# On Debian and its children with apt-get; elsewhere it says what to install by hand. Quick when nothing is missing.
set -euo pipefail

build=(cmake ninja-build gcc g++ libc6-dev pkg-config libhdf5-dev libcsv-dev libcjson-dev libgsl-dev libigraph-dev
       librandom123-dev nettle-dev libpcre2-dev libdeflate-dev help2man gnuplot-nox fonts-dejavu-core neuron neuron-dev)
test=(libcmocka-dev zlib1g-dev python3-h5py valgrind)
all=(clang-format clang libclang-rt-14-dev man-db python3-networkx chromium nodejs)
# Node's own packages bring npm with them, Debian's do not.
command -v npm > /dev/null || all+=(npm)

wanted=()
for set in "${@:-build}"; do
    case $set in
    build) wanted+=("${build[@]}") ;;
    test) wanted+=("${test[@]}") ;;
    mpi) wanted+=("${mpi[@]}") ;;
    all) wanted+=("${all[@]}" "${mpi[@]}") ;;
    *)
        echo "dependencies.sh: unknown set '$set': build, mpi, test or all" >&2
        exit 2
        ;;
    esac
done

if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
    cat >&2 << EOF
This is not a Debian system, so nothing is installed automatically. Sonatina needs:
  to build   a C11 compiler, CMake 3.25, Ninja, pkg-config; HDF5 1.10+ (serial), libcsv, cJSON, GSL, igraph 0.10,
             Random123, nettle, PCRE2, libdeflate, OpenMP; help2man for the manual pages
             for several processes (-DSONATINA_MPI=ON) MPI and a parallel HDF5, and -DSONATINA_HDF5=NAME where
             pkg-config knows that by another name than hdf5-openmpi
  to run     gnuplot 5.4+ for pictures; NEURON 8.2 or 9 with its headers, nocmodl and a C compiler for \`cell\` commands
  to test    cmocka, zlib, Python 3 with h5py
With these installed:  cmake --preset release && cmake --build --preset release && ctest --preset release
EOF
    for program in cmake ninja pkg-config cc; do
        command -v $program > /dev/null || exit 1
    done
    exit 0
fi

missing=()
for package in "${wanted[@]}"; do
    state=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2> /dev/null || true)
    [[ $state == ii* ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
    exit 0
fi

echo "Installing: ${missing[*]}"
as_root=()
if (($(id -u) != 0)); then
    if ! command -v sudo > /dev/null; then
        echo "Please install these packages as root, then run this again:  apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"; } \
    > "$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "Installing failed; by hand:  apt-get install ${missing[*]}" >&2
    exit 1
fi
