# shellcheck shell=bash
# bed setup: the packages that building and running the bed needs. QEMU and Xen are not among them: bed build unpacks those into the cache.

# program:package pairs; a package is asked for only where its program is missing
BED_NEEDS="mmdebstrap:mmdebstrap cpio:cpio zstd:zstd lz4:lz4 mke2fs:e2fsprogs depmod:kmod openssl:openssl ssh:openssh-client ssh-keygen:openssh-client
  python3:python3-minimal flock:util-linux xargs:findutils awk:mawk"
DEBIAN_KEYS=/usr/share/keyrings/debian-archive-keyring.gpg

missing_packages() {
  local pair needs=$BED_NEEDS
  [ "$(id -u)" = 0 ] || needs="$needs fakeroot:fakeroot newuidmap:uidmap" # files of root's in an image without being root
  for pair in $needs; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null || printf '%s\n' "${pair#*:}"
  done | sort -u
  [ -e "$DEBIAN_KEYS" ] || printf 'debian-archive-keyring\n'
}

# possible_here: ends with 77 where the bed can't work at all
possible_here() {
  [ "$(uname -s)" = Linux ] || skip "the real-Xen bed needs Linux"
  { command -v apt-get && command -v dpkg; } >/dev/null || skip "the real-Xen bed needs a Debian-family system (no apt here)"
  [ "$(dpkg --print-architecture)" = amd64 ] || skip "the real-Xen bed needs an amd64 system"
}

bed_setup() {
  local yes='' packages answer sudo=''
  case ${1:-} in '') ;; --yes | -y) yes=1 ;; *) die "bed setup takes only --yes" ;; esac
  possible_here
  packages=$(missing_packages | tr '\n' ' ')
  if [ -z "${packages// /}" ]; then
    say "bed: all packages are there"
    return 0
  fi
  [ "$(id -u)" = 0 ] || sudo=sudo
  if [ -n "$sudo" ] && [ -z "$yes" ] && [ -z "${CI:-}" ]; then
    [ -t 0 ] || die "these packages are missing: $packages (run: bed setup --yes)"
    read -r -p "bed: install these packages with sudo apt-get: $packages? [y/N] " answer
    [[ $answer == [yY]* ]] || die "not installed: the bed can't be built without them"
  fi
  LOG=$(mktemp "${TMPDIR:-/tmp}/xen-host-setup.XXXXXX.log")
  # shellcheck disable=SC2086 # a list of words; no sudo when root
  if [ -z "$sudo" ]; then
    step "updating the package lists" apt-get update -q
    step "installing $packages" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $packages
  else
    $sudo -v || die "sudo is needed to install: $packages"
    step "updating the package lists" $sudo apt-get update -q
    step "installing $packages" $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $packages
  fi
  rm -f "$LOG"
}
