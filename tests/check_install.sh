#!/usr/bin/env bash
# Installs a build into a temporary folder and builds a program against it with pkg-config (shared and static) and with
# the CMake package. Usage: check_install.sh BUILD_FOLDER
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$1" --prefix "$work/usr" > "$work/log" || { cat "$work/log" >&2; exit 1; }

cat > "$work/try.c" << 'EOF'
#include <sonatina/base.h>
#include <stdio.h>

int main(void)
{
    sna_random random;

    sna_random_start(&random, 1, sna_random_purpose("try"), 0, 0);
    printf("sonatina %s %d\n", sna_version(), sna_random_uniform(&random) < 1);
    return 0;
}
EOF
# Every installed header stands on its own.
for header in "$work"/usr/include/sonatina/*.h; do
    echo "#include <sonatina/$(basename "$header")>" > "$work/header.c"
    echo "typedef int not_empty;" >> "$work/header.c"
    cc -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$work/usr/include" -c "$work/header.c" -o "$work/header.o"
done
libraries=$(dirname "$(find "$work/usr" -name libsonatina.so)")
export PKG_CONFIG_PATH=$libraries/pkgconfig
# shellcheck disable=SC2046
cc "$work/try.c" -o "$work/shared" $(pkg-config --cflags --libs sonatina) -Wl,-rpath,"$libraries"
# shellcheck disable=SC2046
cc "$work/try.c" -o "$work/static" $(pkg-config --cflags sonatina) \
    "$libraries/libsonatina.a" $(pkg-config --static --libs-only-l sonatina | sed 's/-lsonatina//') \
    $(pkg-config --libs-only-L hdf5-serial)
cat > "$work/CMakeLists.txt" << 'EOF'
cmake_minimum_required(VERSION 3.25)
project(try C)
find_package(sonatina REQUIRED)
add_executable(packaged try.c)
target_link_libraries(packaged PRIVATE sonatina::shared)
add_executable(packaged_static try.c)
target_link_libraries(packaged_static PRIVATE sonatina::static)
EOF
cmake -S "$work" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/usr" > "$work/log" && cmake --build "$work/build" >> "$work/log" ||
    { cat "$work/log" >&2; exit 1; }
for program in "$work/shared" "$work/static" "$work/build/packaged" "$work/build/packaged_static"; do
    "$program" | grep -q '^sonatina [0-9.]* 1$'
done

# The examples in C build from the installed files alone; the connector of one's own makes the network that it describes.
# shellcheck disable=SC2046
cc -std=c11 -Wall -Wextra -Wpedantic -Werror "$work/usr/share/sonatina/examples/reading/inputs.c" -o "$work/inputs" \
    $(pkg-config --cflags --libs sonatina) -Wl,-rpath,"$libraries"
cp -r "$work/usr/share/sonatina/examples/connector" "$work/connector"
# shellcheck disable=SC2046
cc -std=c11 -Wall -Wextra -Wpedantic -Werror "$work/connector/small_world.c" -o "$work/connector/small_world" \
    $(pkg-config --cflags --libs sonatina) -Wl,-rpath,"$libraries"
(cd "$work/connector" && ./small_world ring.json network > report && grep -q '^PV2PV .* 20000 .* 20000 ' report)
"$work/usr/bin/sonatina" network validate --strict "$work/connector/network/circuit_config.json" > "$work/log" ||
    { cat "$work/log" >&2; exit 1; }

# The installed program finds its libraries wherever the folder stands, and every command has its manual page.
mv "$work/usr" "$work/moved"
"$work/moved/bin/sonatina" --version > /dev/null
"$work/moved/bin/sonatina" --commands | while IFS=$'\t' read -r words _; do
    page=$work/moved/share/man/man1/sonatina-${words// /-}.1
    [[ -s $page ]] || { echo "no manual page for: $words" >&2; exit 1; }
    man --warnings -l "$page" > /dev/null 2> "$work/log"
    [[ ! -s $work/log ]] || { cat "$work/log" >&2; exit 1; }
done
echo "installation: program, libraries, headers, pkg-config, CMake package and manual pages are in order"
