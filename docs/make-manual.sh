#!/bin/sh
# Makes one manual page a command from the program's own help. Usage: make-manual.sh PROGRAM FOLDER
set -eu
program=$1
folder=$2
version=$("$program" --version | sed -n '1s/^sonatina //p')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$folder/man1"
mkdir -p "$folder/man1"

# help2man wants a program with a name of its own: a wrapper for each command.
page() { # NAME PURPOSE WORDS...
    name=$1
    purpose=$2
    shift 2
    printf '#!/bin/sh\nexec "%s" %s "$@"\n' "$program" "$*" > "$work/$name"
    chmod +x "$work/$name"
    help2man --no-info --no-discard-stderr --section 1 --manual 'Sonatina manual' --source "sonatina $version" \
        --version-string "$version" --name "$purpose" --output "$folder/man1/$name.1" "$work/$name"
}

page sonatina 'neural models with NEURON and SONATA files'
"$program" --commands | while IFS="$(printf '\t')" read -r words purpose; do
    # shellcheck disable=SC2086
    page "sonatina-$(echo $words | tr ' ' '-')" "$purpose" $words
done
