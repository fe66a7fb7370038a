#!/usr/bin/env python3
"""vmlinux.py BZIMAGE OUT: unpacks a kernel image into its ELF file, which spares decompressing it at every emulated boot."""
import lzma
import struct
import subprocess
import sys
import zlib


def main(source, target):
    image = open(source, "rb").read()
    # The boot protocol's header (Documentation/arch/x86/boot.rst): sectors of real-mode code, then where the payload is.
    sectors = image[0x1F1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (sectors + 1) * 512 + offset
    payload = image[start : start + length]
    if payload.startswith(b"\xfd7zXZ\0"):
        elf = lzma.LZMADecompressor().decompress(payload)
    elif payload.startswith(b"\x1f\x8b"):
        elf = zlib.decompressobj(31).decompress(payload)
    elif payload.startswith(b"\x28\xb5\x2f\xfd"):
        elf = subprocess.run(["zstd", "-dcq"], input=payload, stdout=subprocess.PIPE).stdout  # trailing bytes make it exit 1
    elif payload.startswith(b"\x02\x21\x4c\x18"):  # the kernel adds four bytes, the unpacked length
        elf = subprocess.run(["lz4", "-dcq"], input=payload[:-4], stdout=subprocess.PIPE).stdout
    else:
        sys.exit(f"{source}: compressed in a way this script does not know: {payload[:6]!r}")
    if not elf.startswith(b"\x7fELF"):
        sys.exit(f"{source}: no ELF file inside")
    with open(target, "wb") as out:
        out.write(elf)


if __name__ == "__main__":
    main(*sys.argv[1:])
