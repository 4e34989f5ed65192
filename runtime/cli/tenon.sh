#!/bin/sh
# tenon — the command: a build of which nothing changed is answered by a small program where it could be compiled, all else by Node.
here=$(readlink -f -- "$0")
here=${here%/*}
if [ "$1" = build ] && [ -x "$here/tenon-unchanged" ]; then
  # What the shell itself says of a program for another machine is nobody's concern.
  { "$here/tenon-unchanged" "$here" "$@" 2>&3; } 3>&2 2>/dev/null && exit
fi
# A small young generation: a plan stays, so a larger one would be a third more memory and save no time.
exec node --max-semi-space-size=2 "$here/tenon.cjs" "$@"
