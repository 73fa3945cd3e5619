#!/usr/bin/env bash
# Installs what is missing, builds, and runs the tests. Works from any folder, as root or with sudo.
#   ./test.sh         all tests of the release build
#   ./test.sh --all   also: the same under AddressSanitizer and UndefinedBehaviorSanitizer, the source format, an
#                     installation that C programs are built against, the report's page in a real browser, and a few
#                     seconds of fuzzing for each reader
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

everything=no
case ${1:-} in
--all) everything=yes ;;
"") ;;
*)
    echo "Usage: ./test.sh [--all]" >&2
    exit 2
    ;;
esac

if [[ $everything == yes ]]; then
    scripts/dependencies.sh build test all
else
    scripts/dependencies.sh build test
fi

failed=()
step() { # NAME COMMAND...
    local name=$1
    shift
    echo "== $name"
    "$@" || failed+=("$name")
}

scripts/build.sh release
step "tests (release)" ctest --preset release -j "$(nproc)"
if [[ $everything == yes ]]; then
    scripts/build.sh asan
    step "tests (AddressSanitizer, UndefinedBehaviorSanitizer)" ctest --preset asan -j "$(nproc)"
    scripts/build.sh mpi
    # mpirun can end the job before it has passed on the sentence of a process that failed: such a test is tried again.
    step "tests (several processes)" ctest --preset mpi --repeat until-pass:3 -R "^(ranks|network_build|interrupted|sonata_write|examples)$"
    step "source format" scripts/check-format.sh
    step "installation" tests/check_install.sh build/release
    step "the report's page in a browser" tests/check_page.sh build/release
    step "fuzzing" tests/fuzz/run.sh 8 1
else
    echo "Left out (./test.sh --all runs them): the sanitizer build, the MPI build, the source format, the installation check, the page in a browser, fuzzing."
fi

if ((${#failed[@]} > 0)); then
    printf 'FAILED: %s\n' "${failed[@]}" >&2
    exit 1
fi
echo "All is well."
