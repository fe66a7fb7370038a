#!/bin/bash
# image.sh: turns the dom0 package tree into the disk image and boot files. No loop mounts and no chroot, so it also works as
# somebody else than root under fakeroot. Called by build.sh with: BED_DIR, WORK (the build's folder), KEYS, ROOT_TAR, PASSWORD.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
R=$WORK/root
mkdir -p "$R" "$WORK/boot"
zstd -dcq "$ROOT_TAR" | tar -C "$R" -x --exclude='./dev/*'

one() { # the name of the only file that a pattern matched
  if [ $# -ne 1 ] || [ ! -e "$1" ]; then
    echo "want exactly one of: $*" >&2
    exit 1
  fi
  printf '%s' "${1##*/}"
}
shopt -s extglob
KG=$(one "$R"/lib/modules/*-cloud-amd64) # the guests' kernel
KH=$(one "$R"/lib/modules/!(*cloud*))    # dom0's

# Boot files, uncompressed: unpacking is slow in emulation.
gunzip -c "$R"/boot/xen-4.17-amd64.gz >"$WORK/boot/xen"
python3 "$BED_DIR/lib/vmlinux.py" "$R/boot/vmlinuz-$KH" "$WORK/boot/vmlinux-dom0"

# pack FOLDER FILE: an initramfs
pack() { (cd "$1" && find . | LC_ALL=C sort | cpio -o -H newc --quiet) >"$2"; }

# dom0's initramfs: busybox and the modules that reach the root disk, in loading order
D=$WORK/initrd-dom0.d
mkdir -p "$D"/{bin,lib,proc,sys,dev,mnt}
cp "$R/bin/busybox" "$D/bin/"
for a in sh mount insmod switch_root sleep; do ln -s busybox "$D/bin/$a"; done
for m in virtio_pci virtio_blk crc32c_generic ext4; do modprobe -d "$R" -S "$KH" --show-depends "$m"; done |
  awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$WORK/modules"
# shellcheck disable=SC2016 # a script's text
{
  echo '#!/bin/sh'
  echo 'mount -t proc p /proc; mount -t sysfs s /sys; mount -t devtmpfs d /dev'
  while read -r m; do
    cp "$m" "$D/lib/"
    echo "insmod /lib/${m##*/}"
  done <"$WORK/modules"
  echo 'i=0; while [ ! -b /dev/vda ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done'
  echo 'mount -t ext4 -o rw,noatime /dev/vda /mnt || exec sh'
  echo 'for d in dev proc sys; do mount -o move /$d /mnt/$d; done'
  echo 'exec switch_root /mnt /sbin/init'
} >"$D/init"
chmod +x "$D/init"
pack "$D" "$WORK/boot/initrd-dom0"

# the guests' kernel and initramfs
G=$WORK/initrd-guest.d
mkdir -p "$G"/{bin,sbin,lib,proc,sys,dev,mnt,tmp,root,etc,var/run} "$R/guests"
cp "$R/bin/busybox" "$G/bin/"
while read -r a; do [ "$a" = busybox ] || ln -sf busybox "$G/bin/$a"; done < <("$R/bin/busybox" --list)
for a in init poweroff reboot halt; do ln -sf ../bin/busybox "$G/sbin/$a"; done # the kernel calls /sbin/poweroff for xl shutdown
mkdir "$G/lib/$KG"
cp "$R/lib/modules/$KG/kernel/drivers/block/xen-blkfront.ko" "$R/lib/modules/$KG/kernel/drivers/net/xen-netfront.ko" "$G/lib/$KG/"
install -m 755 "$BED_DIR/guests/init" "$G/init"
install -m 755 "$BED_DIR"/guests/{light-load,tick,clicks,installer} "$G/bin/"
install -m 644 "$BED_DIR/guests/profile" "$G/etc/profile"
echo 'root:x:0:0:root:/root:/bin/sh' >"$G/etc/passwd"
echo 'root:x:0:' >"$G/etc/group"
pack "$G" "$R/guests/initrd-guest"
python3 "$BED_DIR/lib/vmlinux.py" "$R/boot/vmlinuz-$KG" "$R/guests/vmlinux-guest"
cp "$R/boot/vmlinuz-$KG" "$R/guests/bzimage-guest"
cp "$WORK/boot/vmlinux-dom0" "$R/guests/vmlinux-screen" # the guests' kernel has no keyboard and pointer of Xen's, dom0's has

# dom0's modules: only what a Xen host on virtio can use, so that udev finds little to load
K=$R/lib/modules/$KH
mkdir "$WORK/kernel"
(
  cd "$K/kernel"
  find arch/x86/crypto crypto drivers/block/{virtio_blk,loop,nbd}.ko drivers/block/xen-blkback drivers/char/hw_random drivers/dax drivers/md \
    drivers/net/{virtio_net,net_failover,tun,dummy,veth}.ko drivers/net/xen-netback drivers/virtio drivers/watchdog/xen_wdt.ko drivers/xen \
    fs/{ext4,jbd2,fuse,autofs,configfs,mbcache.ko} lib net/{802,llc,bridge,netfilter} net/core/failover.ko net/ipv4/netfilter \
    -name '*.ko' 2>/dev/null | cpio -pdm --quiet "$WORK/kernel"
) || true # a module that this kernel doesn't have is not missed
rm -rf "$K/kernel"
mv "$WORK/kernel" "$K/kernel"
depmod -b "$R" "$KH"
rm -rf "$R/lib/modules/$KG" "$R"/boot/initrd.img-* "$R"/boot/vmlinuz-* "$R"/boot/xen* "$R/usr/lib/firmware" "$R"/var/cache/apt/* \
  "$R"/var/lib/apt/lists/* "$R"/usr/share/qemu/*.elf "$R"/usr/share/qemu/skiboot.lid "$R"/usr/share/qemu/u-boot* "$R"/usr/share/qemu/edk2*

# users: root and xenop, both with the bed's key and the test password
HASH=$(openssl passwd -6 -salt xenbed "$PASSWORD")
sed -i "s#^root:[^:]*:#root:$HASH:#" "$R/etc/shadow"
echo 'xenop:x:1000:1000:console operator:/home/xenop:/bin/bash' >>"$R/etc/passwd"
echo 'xenop:x:1000:' >>"$R/etc/group"
echo "xenop:$HASH:19000:0:99999:7:::" >>"$R/etc/shadow"
install -d -m 700 "$R/root/.ssh"
install -d -m 755 -o 1000 -g 1000 "$R/home/xenop"
install -d -m 700 -o 1000 -g 1000 "$R/home/xenop/.ssh"
install -m 600 "$KEYS/id_ed25519.pub" "$R/root/.ssh/authorized_keys"
install -m 600 -o 1000 -g 1000 "$KEYS/id_ed25519.pub" "$R/home/xenop/.ssh/authorized_keys"
install -m 600 "$KEYS/id_ed25519" "$R/root/.ssh/id_ed25519" # from host to host, for migration
sed 's/^xen-a /xen-a,10.77.0.1 /; s/^xen-b /xen-b,10.77.0.2 /' "$KEYS/known_hosts" >"$R/root/.ssh/known_hosts"
install -m 440 "$BED_DIR/host/sudoers" "$R/etc/sudoers.d/xenop"

# host settings
rm -f "$R"/etc/ssh/ssh_host_*
mkdir -p "$R/etc/ssh/bed" "$R/etc/xen/auto" "$R/var/log/xen/console" "$R/etc/systemd/journald.conf.d"
cp "$KEYS"/xen-[ab] "$KEYS"/xen-[ab].pub "$R/etc/ssh/bed/"
chmod 600 "$R"/etc/ssh/bed/xen-?
install -m 644 "$BED_DIR/host/sshd.conf" "$R/etc/ssh/sshd_config.d/bed.conf"
install -m 755 "$BED_DIR/host/bed-host" "$R/usr/local/sbin/bed-host"
install -m 644 "$BED_DIR/host/bed-host.service" "$R/etc/systemd/system/"
echo xen >"$R/etc/hostname"
printf '127.0.0.1 localhost\n10.77.0.1 xen-a\n10.77.0.2 xen-b\n' >"$R/etc/hosts"
printf 'tmpfs /tmp tmpfs mode=1777 0 0\n' >"$R/etc/fstab"
printf '[Journal]\nStorage=volatile\n' >"$R/etc/systemd/journald.conf.d/bed.conf"
printf '%s\n' loop dm_mod dm_snapshot xen-blkback xen-netback tun >"$R/etc/modules-load.d/bed.conf"
S=$R/etc/systemd/system
mkdir -p "$S/multi-user.target.wants"
ln -sf ../bed-host.service "$S/multi-user.target.wants/"
# Units a test host can do without: each costs a second or more in emulation.
for u in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
  systemd-timesyncd.service lvm2-monitor.service lvm2-lvmpolld.socket dm-event.socket getty@tty1.service systemd-pstore.service \
  systemd-random-seed.service systemd-journal-flush.service systemd-update-utmp.service systemd-update-utmp-runlevel.service \
  systemd-tmpfiles-clean.timer xendomains.service apparmor.service systemd-logind.service systemd-binfmt.service \
  proc-sys-fs-binfmt_misc.automount proc-sys-fs-binfmt_misc.mount systemd-remount-fs.service systemd-fsck-root.service \
  modprobe@configfs.service modprobe@drm.service modprobe@fuse.service modprobe@efi_pstore.service modprobe@dm_mod.service \
  modprobe@loop.service sys-kernel-debug.mount sys-kernel-config.mount sys-fs-fuse-connections.mount sys-kernel-tracing.mount \
  dev-hugepages.mount dev-mqueue.mount; do
  ln -sf /dev/null "$S/$u"
done
install -m 644 "$BED_DIR"/guests/etc-xen/*.cfg "$R/etc/xen/"
install -m 644 "$BED_DIR"/guests/extra/*.cfg "$R/guests/"

# the disk
truncate -s 3G "$WORK/root.raw"
mke2fs -q -t ext4 -O ^metadata_csum,^64bit -m 0 -L dom0 -d "$R" "$WORK/root.raw"
