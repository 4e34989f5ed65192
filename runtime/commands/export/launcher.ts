// launcher.ts — the shell script that starts a program of an exported folder, without Tenon, wherever the folder lies.

/** The program needs nothing of the store, not even its own path there. `place`: below the folder. */
export function directLauncher(place: string): string {
  return `${HEAD}exec "$folder"/${quoted(place)} "$@"\n`
}

/** `program`: its path as the program's own files know it, below /tenon/store. */
export function mountingLauncher(program: string): string {
  return `${HEAD}program=${quoted(program)}\n${MOUNTING}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

const HEAD = `#!/bin/sh
# Made by tenon export.
set -eu
folder=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
`

/** As runtime/sandbox/run-program.ts does: everything of the machine, and the store. */
const MOUNTING = `
# The files of the program look for each other in /tenon/store: it runs where the folder store is there.
if command -v bwrap >/dev/null 2>&1 && bwrap --dev-bind / / sh -c : 2>/dev/null; then
  set -- --chdir "$PWD" -- "$program" "$@"
  for entry in /*; do
    if [ "$entry" = /tenon ]; then continue; fi
    if [ -L "$entry" ]; then set -- --symlink "$(readlink "$entry")" "$entry" "$@"
    else set -- --dev-bind "$entry" "$entry" "$@"; fi
  done
  exec bwrap --ro-bind "$folder/store" /tenon/store "$@"
fi

if [ "$(id -u)" = 0 ]; then first=-m second=; else first=-Urm second="-U --map-user=$(id -u) --map-group=$(id -g)"; fi
if command -v unshare >/dev/null 2>&1 && unshare $first sh -c : 2>/dev/null; then
  exec unshare $first sh -euc '
    folder=$1 directory=$2 second=$3
    shift 3
    root=$folder/root
    mount -t tmpfs tenon "$root"
    for entry in /*; do
      if [ "$entry" = /tenon ]; then continue; fi
      if [ -L "$entry" ]; then ln -s "$(readlink "$entry")" "$root$entry"
      elif [ -d "$entry" ]; then mkdir "$root$entry"; mount --rbind "$entry" "$root$entry"
      else : >"$root$entry"; mount --bind "$entry" "$root$entry"; fi
    done
    mkdir -p "$root/tenon/store"
    mount --bind "$folder/store" "$root/tenon/store"
    exec unshare $second --root="$root" --wd="$directory" -- "$@"
  ' sh "$folder" "$PWD" "$second" "$program" "$@"
fi

echo "$0: needs bubblewrap, or unshare with the right to make namespaces: its files are to be seen at /tenon/store" >&2
exit 126
`
