# shellcheck shell=bash
# The emulated machine of a host. Saving and loading a state need exactly the same one, so both come from here.

# tools_run PROGRAM ARGS...: a program of the QEMU tree in the cache, with the libraries it was built for: whatever QEMU or C library
# the machine itself has doesn't matter. (Uses $BASE, the build's folder.)
tools_run() {
  local t=$BASE/qemu prog=$1
  shift
  QEMU_MODULE_DIR=$t/usr/lib/x86_64-linux-gnu/qemu exec "$t/lib64/ld-linux-x86-64.so.2" \
    --library-path "$t/lib/x86_64-linux-gnu:$t/usr/lib/x86_64-linux-gnu" "$t/usr/bin/$prog" "$@"
}
qemu_img() { (tools_run qemu-img "$@"); }

# Each host has one user-mode network (the way in from here, and no way out) and one cable to the other host (migration, bridges).
# The cable is a pair of UDP ports on loopback, so the hosts may come and go in any order.
host_settings() { # A|B -> host_* variables
  local a=${WXA_XEN_PORT_A:-2201} b=${WXA_XEN_PORT_B:-2202}
  case $1 in
    A) host_name=xen-a host_port=$a host_cable="$((a + 20000)):$((b + 20000))" host_addr=10.77.0.1 host_mac=0a host_log=1 ;;
    B) host_name=xen-b host_port=$b host_cable="$((b + 20000)):$((a + 20000))" host_addr=10.77.0.2 host_mac=0b host_log=0 ;;
    *) die "there is no host '$1': the hosts are A and B" ;;
  esac
  [[ $host_port =~ ^[0-9]{4,5}$ && $host_port -gt 1023 && $host_port -lt 35000 ]] ||
    die "WXA_XEN_PORT_$1=$host_port: want a port number from 1024 to 34999"
  host_vnc1=$((host_port + 25000)) host_vnc2=$((host_port + 30000)) # display 1 (vfb) and 2 (hvm) of the guests' VNC
}

# start_machine A|B FOLDER [QEMU ARGUMENTS]: starts QEMU in the background on the disks in FOLDER; returns once it runs (and, with
# -loadvm, once the state is loaded) or with QEMU's own message.
# No SMAP and no rdtscp in the CPU model: QEMU 7.2 mishandles the one, PVH guests crash on the other. One CPU: two are three times
# slower on a busy 2-core machine. Xen is started by QEMU's multiboot loader: no boot loader, no firmware menu.
start_machine() {
  local h=$1 dir=$2
  shift 2
  host_settings "$h"
  local l=${host_cable%:*} r=${host_cable#*:} fwd
  fwd="hostfwd=tcp:127.0.0.1:$host_port-:22,hostfwd=tcp:127.0.0.1:$host_vnc1-:5901,hostfwd=tcp:127.0.0.1:$host_vnc2-:5902"
  (
    exec 9>&- 8>&- # a lock that a caller holds must not live on in QEMU
    tools_run qemu-system-x86_64 -name "$host_name" -machine pc -accel tcg,thread=multi,tb-size=256 \
      -cpu qemu64,+npt,+fsgsbase,+pdpe1gb,+popcnt,+ssse3,+sse4.1,+sse4.2 -smp 1 -m 2560 \
      -L "$BASE/qemu/usr/share/qemu" -L "$BASE/qemu/usr/share/seabios" \
      -kernel "$BASE/boot/xen" \
      -append "console=com1 com1=115200,8n1 dom0_mem=1024M,max:1024M dom0_max_vcpus=1 loglvl=info guest_loglvl=info spec-ctrl=no xpti=no" \
      -initrd "$BASE/boot/vmlinux-dom0 root=/dev/vda rw console=hvc0 net.ifnames=0 mitigations=off bed.name=$host_name bed.addr=$host_addr bed.guestlog=$host_log,$BASE/boot/initrd-dom0" \
      -drive "file=$dir/root.qcow2,if=virtio,format=qcow2,cache=unsafe,discard=unmap" \
      -drive "file=$dir/data.qcow2,if=virtio,format=qcow2,cache=unsafe,discard=unmap" \
      -netdev "user,id=n0,restrict=on,$fwd" -device "virtio-net-pci,netdev=n0,romfile=,mac=52:54:00:00:$host_mac:01" \
      -netdev "dgram,id=n1,local.type=inet,local.host=127.0.0.1,local.port=$l,remote.type=inet,remote.host=127.0.0.1,remote.port=$r" \
      -device "virtio-net-pci,netdev=n1,romfile=,mac=52:54:00:00:$host_mac:02" \
      -display none -nodefaults -no-user-config \
      -chardev "file,id=serial,path=$dir/serial.log" -serial chardev:serial \
      -chardev "socket,id=qmp,path=$dir/qmp.sock,server=on,wait=off" -mon qmp,mode=control \
      -pidfile "$dir/pid" -daemonize "$@"
  )
}

# machine_pid FOLDER: prints the process id of the QEMU that runs on FOLDER; fails when none does (a stale file is not believed)
machine_pid() {
  local pid
  pid=$(cat "$1/pid" 2>/dev/null) || return 1
  [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF " $1/pid " || return 1
  printf '%s' "$pid"
}

qmp() { python3 "$BED_DIR/lib/qmp.py" "$@"; } # qmp FOLDER COMMAND: see lib/qmp.py

# stop_machine FOLDER: ends the QEMU that runs on FOLDER, if any
stop_machine() {
  local pid i
  pid=$(machine_pid "$1") || return 0
  qmp "$1" quit >/dev/null 2>&1 || kill "$pid" 2>/dev/null || true
  for ((i = 0; i < 100; i++)); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.05
  done
  kill -9 "$pid" 2>/dev/null || true
}

# host_ssh A|B USER [SSH OPTIONS] [COMMAND...]: with the bed's key, and the host key pinned (nothing of the user's own ssh set-up is used)
host_ssh() {
  host_settings "$1"
  local user=$2
  shift 2
  ssh -F none -i "$CACHE/keys/id_ed25519" -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes -o LogLevel=ERROR -o ConnectTimeout=10 \
    -o "UserKnownHostsFile=$CACHE/keys/known_hosts" -o "HostKeyAlias=$host_name" -p "$host_port" "$user@127.0.0.1" "$@"
}
