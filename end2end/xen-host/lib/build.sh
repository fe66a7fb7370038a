# shellcheck shell=bash
# bed build: QEMU and the package trees from Debian, the disk image, and the saved state of both hosts, once, into the cache.

ROOT_PACKAGES=systemd-sysv,udev,dbus,kmod,iproute2,iputils-ping,openssh-server,sudo,busybox-static,bridge-utils,lvm2,socat,procps,less
ROOT_PACKAGES+=,xen-hypervisor-4.17-amd64,xen-utils-4.17,xen-utils-common,xenstore-utils,qemu-system-xen,qemu-utils,e2fsprogs,psmisc,zstd
# dom0 needs the ordinary kernel (the cloud one can't be dom0), the guests take the cloud one (small, boots fast)
ROOT_PACKAGES+=,linux-image-amd64,linux-image-cloud-amd64
QEMU_PACKAGES='qemu-system-x86,qemu-utils,seabios'

# debian_sources FILE: Debian 12's sources as this machine has them configured (of a machine with another Debian, the same mirrors)
debian_sources() {
  local codename
  if [ -n "${WXA_XEN_APT_SOURCES:-}" ]; then
    cp "$WXA_XEN_APT_SOURCES" "$1"
    return
  fi
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016 # apt's own placeholders
  apt-get indextargets --format "deb [signed-by=$DEBIAN_KEYS] \$(REPO_URI) \$(CODENAME) main" 'Created-By: Packages' 'Origin: Debian' 'Component: main' |
    awk -v c="$codename" '$4 == c || $4 == c "-updates" || $4 == c "-security"' | sed -E "s/ $codename(-updates|-security)? main/ bookworm\1 main/" |
    sort -u >"$1"
}

# bootstrap MODE-AND-ARGUMENTS: mmdebstrap from $SOURCES; the saved lists of a mirror may be old, and a machine's clock wrong
bootstrap() {
  mmdebstrap --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Check-Date "false"' "$@"
}

build_qemu() {
  bootstrap --variant=extract --include="$QEMU_PACKAGES" bookworm "$1.tar" "$SOURCES"
  mkdir -p "$1"
  tar -C "$1" -xf "$1.tar" --exclude='./dev/*' --no-same-owner
  rm -rf "$1.tar" "$1"/usr/share/{doc,man,locale,icons}
}

build_root() {
  # the hook comes before the kernels: no initramfs of Debian's making is wanted
  # shellcheck disable=SC2016 # $1 is mmdebstrap's
  bootstrap --variant=minbase --include="$ROOT_PACKAGES" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --essential-hook='printf "do_symlinks=no\n" >"$1/etc/kernel-img.conf"' \
    bookworm "$1.tar" "$SOURCES"
  zstd -q -f -3 -T0 --rm "$1.tar" -o "$1"
}

# make_keys: one key to log in with, and one for each host. Made here, never committed; they outlast rebuilds, so that what was set up
# with them (a pinned fingerprint, say) goes on working.
make_keys() {
  [ ! -e "$CACHE/keys" ] || return 0
  local h tmp=$CACHE/tmp.keys
  mkdir -p "$tmp"
  ssh-keygen -q -t ed25519 -N '' -C webxenadmin-test-bed -f "$tmp/id_ed25519"
  for h in xen-a xen-b; do
    ssh-keygen -q -t ed25519 -N '' -C "$h" -f "$tmp/$h"
    printf '%s %s\n' "$h" "$(cut -d' ' -f1,2 "$tmp/$h.pub")" >>"$tmp/known_hosts"
  done
  mv "$tmp" "$CACHE/keys"
}

build_image() {
  local as=''
  [ "$(id -u)" = 0 ] || as=fakeroot
  env BED_DIR="$BED_DIR" WORK="$BASE" KEYS="$CACHE/keys" ROOT_TAR="$1" PASSWORD="$BED_PASSWORD" $as bash "$BED_DIR/lib/image.sh"
  qemu_img convert -O qcow2 "$BASE/root.raw" "$BASE/root.qcow2"
  rm -rf "$BASE"/root.raw "$BASE/root" "$BASE"/initrd-*.d "$BASE/modules"
}

# build_state A|B: boots a host cold, waits until it has come to rest, saves its state
build_state() {
  local h=$1 dir=$BASE/state/$1 end=$((SECONDS + 420))
  mkdir -p "$dir"
  qemu_img create -q -f qcow2 -b "$BASE/root.qcow2" -F qcow2 "$dir/root.qcow2"
  qemu_img create -q -f qcow2 "$dir/data.qcow2" 2G
  start_machine "$h" "$dir"
  until host_ssh "$h" root 'xl list | grep Domain-0' 2>/dev/null; do # early on, it has no name yet
    [ "$SECONDS" -lt "$end" ] || { echo "host $h: no answer from xl after 7 minutes; its serial console ended with:"; tail -n 20 "$dir/serial.log"; return 1; }
    machine_pid "$dir" >/dev/null || { echo "host $h: QEMU ended"; return 1; }
    sleep 1
  done
  host_ssh "$h" root "date -s @$(date +%s) >/dev/null
    pvcreate -qq /dev/vdb && vgcreate -qq vg0 /dev/vdb && lvcreate -qq -n lvm-disk -L 256M vg0 && qemu-img create -q -f qcow2 /guests/q.qcow2 256M
    systemctl is-system-running --wait; systemctl --failed --no-legend; xl info >/dev/null; xl list; sync"
  qmp "$dir" save booted
  qmp "$dir" quit
  rm -f "$dir"/{pid,qmp.sock}
}

build_states() {
  local a b rc=0 port
  trap 'stop_machine "$BASE/state/A"; stop_machine "$BASE/state/B"' EXIT # however this ends, no QEMU stays
  trap 'exit 130' TERM
  # ports of its own: hosts that run meanwhile keep theirs
  for ((port = 2601; ; port += 100)); do
    [ "$port" -lt 4000 ] || { echo "no free ports between 2601 and 4000"; return 1; }
    export WXA_XEN_PORT_A=$port WXA_XEN_PORT_B=$((port + 1))
    ports_free A && ports_free B && break
  done
  build_state A &
  a=$!
  build_state B &
  b=$!
  wait $a || rc=1
  wait $b || rc=1
  return $rc
}

# forget_old: removes builds but for the newest three and those that hosts run from (a build takes 0.9 GB)
forget_old() {
  local dir pid used=''
  for dir in "$CACHE"/run/*/; do
    pid=$(machine_pid "${dir%/}") && used+=$(tr '\0' ' ' <"/proc/$pid/cmdline")
  done
  # shellcheck disable=SC2012 # names of our own making: 16 hexadecimal digits
  ls -dt "$CACHE"/???????????????? | tail -n +4 | while read -r dir; do
    case $used in *"$dir/boot/xen"*) ;; *) [ ! -e "$dir/complete" ] || rm -rf "$dir" ;; esac
  done
}

# built: sets BASE to the finished build for these scripts; fails when there is none
built() {
  [ -e "$CACHE/keys" ] || return 1
  BASE=$CACHE/$(bed_key)
  [ -e "$BASE/complete" ]
}

bed_build() {
  [ $# = 0 ] || die "bed build takes no arguments"
  local t0 key root qemu tmp
  t0=$(now)
  if built; then
    say "bed: already built"
    return 0
  fi
  possible_here
  [ -z "$(missing_packages)" ] || die "missing packages: $(missing_packages | tr '\n' ' ')(run: bed setup)"
  mkdir -p "$CACHE"
  exec 9>"$CACHE/build.lock"
  if ! flock -n 9; then
    say "bed: another build is running, waiting for it"
    flock 9
  fi
  rm -rf "$CACHE"/tmp.* # of builds that were cut off: we hold the lock
  make_keys
  if built; then return 0; fi
  key=$(bed_key)
  tmp=$CACHE/tmp.$key
  mkdir -p "$tmp"
  LOG=$CACHE/build.log
  : >"$LOG"
  say "bed: building the Xen hosts (once, about 4 minutes; log: $LOG)"
  SOURCES=$tmp/sources.list
  debian_sources "$SOURCES"
  [ -s "$SOURCES" ] || skip "the real-Xen bed needs Debian's package sources: apt has none here (set WXA_XEN_APT_SOURCES to a sources.list of Debian 12)"
  # the package trees are kept by what is in them: a change of the guests doesn't need them again
  qemu=$CACHE/qemu-$(printf %s "$QEMU_PACKAGES" | sha256sum | cut -c1-12)
  root=$CACHE/root-$(printf %s "$ROOT_PACKAGES" | sha256sum | cut -c1-12).tar.zst
  if [ ! -e "$qemu" ]; then
    step "QEMU from Debian packages" build_qemu "$tmp/qemu"
    mv "$tmp/qemu" "$qemu"
  fi
  if [ ! -e "$root" ]; then
    step "Debian with Xen from packages (100 s)" build_root "$tmp/root.zst"
    mv "$tmp/root.zst" "$root"
  fi
  BASE=$tmp
  ln -s "$qemu" "$BASE/qemu"
  step "disk image and boot files (30 s)" build_image "$root"
  step "first boot of both hosts, saving their state (70 s)" build_states
  date -u +%FT%TZ >"$BASE/complete"
  mv "$tmp" "$CACHE/$key"
  BASE=$CACHE/$key
  forget_old
  exec 9>&-
  say "bed: built in $(since "$t0") s ($(du -shL "$BASE" | cut -f1) in $CACHE)"
}
