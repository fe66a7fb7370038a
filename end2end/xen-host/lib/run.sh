# shellcheck shell=bash
# shellcheck disable=SC2154 # host_settings sets the host_* variables
# bed up, down, reset, ssh, status, freeze, thaw: hosts that run, each from its own copy of the saved state.

# run_dir A|B: where a running host keeps its disks, socket and pid; by port, so that beds on other ports don't meet
run_dir() {
  host_settings "$1"
  printf '%s/run/%s-%s' "$CACHE" "$1" "$host_port"
}

# host_state A|B: up, frozen or down
host_state() {
  local dir said
  dir=$(run_dir "$1")
  machine_pid "$dir" >/dev/null || { printf down; return; }
  said=$(qmp "$dir" status 2>/dev/null) || said=unknown
  case $said in running) printf up ;; paused) printf frozen ;; *) printf '%s' "$said" ;; esac
}

# ports_free A|B: whether the ports of the host can be had; BUSY_PORT is the first that can't
ports_free() {
  host_settings "$1"
  BUSY_PORT=$(python3 - "$host_port" "$host_vnc1" "$host_vnc2" "udp${host_cable%:*}" <<'P'
import socket, sys
for word in sys.argv[1:]:
    udp = word.startswith("udp")
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
    if not udp:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        s.bind(("127.0.0.1", int(word.removeprefix("udp"))))
    except OSError:
        print(word)
        break
P
  )
  [ -z "$BUSY_PORT" ]
}

# hosts_of ARGUMENTS: sets HOSTS from the words A and B, and FRESH from --fresh
hosts_of() {
  HOSTS='' FRESH=''
  local w
  for w in "$@"; do
    case $w in A | B) HOSTS="$HOSTS $w" ;; --fresh) FRESH=1 ;; *) die "what is '$w'? The hosts are A and B" ;; esac
  done
}

# lock_runs: one up, down or reset at a time
lock_runs() {
  mkdir -p "$CACHE/run"
  exec 8>"$CACHE/run/lock"
  flock 8
}

start_host() { # A|B: from the saved state; assumes the run lock
  local h=$1 dir t0 end
  t0=$(now)
  dir=$(run_dir "$h")
  ports_free "$h" || die "port $BUSY_PORT is in use by something else (set WXA_XEN_PORT_$h to use other ports)"
  rm -rf "$dir"
  mkdir -p "$dir"
  touch "$BASE" # recently used
  cp --reflink=auto --sparse=always "$BASE/state/$h/"{root,data}.qcow2 "$dir/"
  qemu_img rebase -u -F qcow2 -b "$BASE/root.qcow2" "$dir/root.qcow2" # it names the folder it was built in
  if ! start_machine "$h" "$dir" -loadvm booted >"$dir/qemu.log" 2>&1; then
    say "bed: QEMU did not start host $h:"
    sed 's/^/    /' "$dir/qemu.log" >&2
    return 1
  fi
  end=$((SECONDS + 90))
  # the saved clock is that of the build
  until host_ssh "$h" root "date -s @\$(($(date +%s) + 1)) >/dev/null && xl list >/dev/null" 2>/dev/null; do
    [ "$SECONDS" -lt "$end" ] || { say "bed: host $h does not answer after 90 s; its serial console: $dir/serial.log"; return 1; }
    sleep 0.1
  done
  say "bed: host $h is up after $(since "$t0") s"
}

bed_up() {
  local h state jobs='' j rc=0 wanted=''
  hosts_of "$@"
  # a host that is up stays as it is, also when the scripts have changed since: only a start needs a build
  for h in ${HOSTS:-A}; do [ "$(host_state "$h")" != down ] || wanted=1; done
  [ -z "$wanted$FRESH" ] || built || bed_build
  lock_runs
  for h in ${HOSTS:-A}; do
    state=$(host_state "$h")
    if [ "$state" != down ]; then
      if [ -z "$FRESH" ]; then
        say "bed: host $h is $state already"
        continue
      fi
      stop_machine "$(run_dir "$h")"
    fi
    start_host "$h" &
    jobs="$jobs $!"
  done
  for j in $jobs; do wait "$j" || rc=1; done
  exec 8>&-
  [ $rc = 0 ] || die "not everything is up"
  for h in ${HOSTS:-A}; do reach "$h"; done
}

# reach A|B: how to get there, for people
reach() {
  local key=$CACHE/keys/id_ed25519
  host_settings "$1"
  cat <<T
host $1 ($host_name): ssh -p $host_port -i $key root@127.0.0.1
  address 127.0.0.1  port $host_port  user root or xenop (sudo -n)  password $BED_PASSWORD
  key     $key
  host key fingerprint $(fingerprint_of "$host_name")
  guests' VNC display 1: 127.0.0.1:$host_vnc1   display 2: 127.0.0.1:$host_vnc2
T
}

fingerprint_of() { ssh-keygen -lf "$CACHE/keys/$1.pub" | cut -d' ' -f2; }

bed_down() {
  local h dir
  hosts_of "$@"
  lock_runs
  for h in ${HOSTS:-A B}; do
    dir=$(run_dir "$h")
    if [ -e "$dir" ]; then
      stop_machine "$dir"
      rm -rf "$dir"
      say "bed: host $h is down"
    elif [ -n "$HOSTS" ]; then
      say "bed: host $h was down"
    fi
  done
  exec 8>&-
}

bed_reset() {
  hosts_of "$@"
  [ -n "$HOSTS" ] || die "bed reset A or B?"
  bed_up "$@" --fresh
}

bed_ssh() {
  local h=${1:-}
  [ -n "$h" ] || die "bed ssh A or B?"
  shift
  case $(host_state "$h") in
    down) die "host $h is down (bed up $h)" ;;
    frozen) die "host $h is frozen (bed thaw $h)" ;;
  esac
  if [ $# = 0 ]; then host_ssh "$h" "${BED_USER:-root}" -tt; else host_ssh "$h" "${BED_USER:-root}" "$@"; fi
}

bed_pause() { # stop|cont A|B
  local verb=$1 h=${2:-}
  [ -n "$h" ] || die "which host, A or B?"
  [ "$(host_state "$h")" != down ] || die "host $h is down (bed up $h)"
  qmp "$(run_dir "$h")" "$verb"
  say "bed: host $h is $(host_state "$h")"
}

bed_status() {
  local h state json=() key=null print=null
  case ${1:-} in '') ;; --json) ;; *) die "bed status takes only --json" ;; esac
  for h in A B; do
    state=$(host_state "$h")
    host_settings "$h"
    if [ -z "${1:-}" ]; then
      if [ "$state" = down ]; then printf 'host %s (%s): down\n' "$h" "$host_name"; else printf '%s: ' "$state" && reach "$h"; fi
      continue
    fi
    key=null print=null
    if [ "$state" != down ]; then
      key="\"$CACHE/keys/id_ed25519\"" print="\"$(fingerprint_of "$host_name")\""
    fi
    json+=("{\"name\":\"$h\",\"hostname\":\"$host_name\",\"state\":\"$state\",\"address\":\"127.0.0.1\",\"ssh_port\":$host_port,\"user\":\"root\",\"sudo_user\":\"xenop\",\"key\":$key,\"password\":\"$BED_PASSWORD\",\"fingerprint\":$print,\"vnc_ports\":[$host_vnc1,$host_vnc2],\"guest_log\":$([ "$host_log" = 1 ] && echo true || echo false)}")
  done
  [ -z "${1:-}" ] || printf '{"hosts":[%s,\n%s]}\n' "${json[@]}"
}
