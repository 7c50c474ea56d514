# Words for people, and stamps: what was built from which bytes.
# shellcheck shell=bash

if [[ -t 2 ]]; then
  BOLD=$'\e[1m' RED=$'\e[31m' PLAIN=$'\e[0m'
else
  BOLD='' RED='' PLAIN=''
fi

say() { printf '%s▸ %s%s\n' "$BOLD" "$*" "$PLAIN" >&2; }

die() {
  printf '%serror:%s %s\n' "$RED" "$PLAIN" "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a noisy command: its output goes to target/logs/NAME.log and is shown only when the command fails.
quietly() {
  local name=$1 log=$TARGET/logs/$1.log
  shift
  mkdir -p "$TARGET/logs"
  if ! "$@" >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    die "$name failed; the whole output is in ${log#"$ROOT"/}"
  fi
}

# The digest of the names and bytes of all files under the given paths, build folders left out.
fingerprint() {
  find "$@" -type f -not -path '*/target/*' -not -path '*/node_modules/*' -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# up_to_date NAME FINGERPRINT FILE…: was NAME built from these bytes, and is what it made still there?
up_to_date() {
  local stamp=$TARGET/stamps/$1 print=$2 made
  shift 2
  [[ -f $stamp && $(<"$stamp") == "$print" ]] || return 1
  for made in "$@"; do
    [[ -e $made ]] || return 1
  done
}

stamp() {
  mkdir -p "$TARGET/stamps"
  printf '%s\n' "$2" >"$TARGET/stamps/$1"
}
