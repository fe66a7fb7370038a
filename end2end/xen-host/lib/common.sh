# shellcheck shell=bash
# shellcheck disable=SC2034 # the files that read this one use the settings
# Settings and small helpers that every part of the bed uses.

CACHE=${WXA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/webxenadmin}/xen-host
BED_PASSWORD=xen # of root and xenop in the hosts: test machines that listen on loopback only

say() { printf '%s\n' "$*" >&2; }
die() { say "bed: $*"; exit 1; }
# skip REASON: this machine can't run the bed; callers report "skipped: REASON"
skip() { say "$*"; exit 77; }

# now: seconds since the epoch with a fraction
now() { printf '%s' "$EPOCHREALTIME"; }
# since START: seconds passed since START, one decimal
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }

# bed_key: names what the cache holds; changes whenever something that goes into the hosts changes (needs the keys)
bed_key() {
  (
    cd "$BED_DIR" || exit
    { find lib/build.sh lib/image.sh lib/machine.sh lib/vmlinux.py host guests -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
      cat "$CACHE/keys/known_hosts" "$CACHE/keys/id_ed25519.pub"; } | sha256sum | cut -c1-16
  )
}

# step TITLE COMMAND...: runs COMMAND with its output in $LOG, shows the elapsed seconds, explains a failure
step() {
  local title=$1 t0 pid rc=0 shown=0 s
  shift
  t0=$(now)
  printf '\n=== %s\n' "$title" >>"$LOG"
  [ -t 2 ] || say "bed: $title …"
  set -m # a process group of its own, to be able to end all of it
  "$@" >>"$LOG" 2>&1 </dev/null &
  set +m
  pid=$!
  # shellcheck disable=SC2064 # the process of now is meant
  trap "say; say 'bed: interrupted'; kill -TERM -- -$pid 2>/dev/null; exit 130" INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    s=$(since "$t0")
    s=${s%.*}
    if [ -t 2 ]; then
      printf '\rbed: %s … %s s ' "$title" "$s" >&2
    elif [ $((s / 30)) -gt "$shown" ]; then
      shown=$((s / 30))
      say "bed: $title … still at it, $s s"
    fi
    sleep 0.5
  done
  wait "$pid" || rc=$?
  trap - INT TERM
  [ -t 2 ] && printf '\r\033[K' >&2
  if [ "$rc" -ne 0 ]; then
    say "bed: $title: FAILED after $(since "$t0") s. The last lines of its output:"
    tail -n 15 "$LOG" | sed 's/^/    /' >&2
    say "bed: full log: $LOG"
    say "bed: what to do: a download that failed usually works when tried again (bed build); missing programs come with: bed setup"
    return "$rc"
  fi
  say "bed: $title: $(since "$t0") s"
}
