//! How large the disk in an image file is: what the file's first bytes say, or the file's own size.
use std::collections::HashMap;
use wxa_model::Bytes;

/// So many of the first bytes are needed.
pub const HEAD: usize = 32;
const QCOW2: &[u8] = b"QFI\xfb";

/// The size that a qcow2 image gives its disk, from its first bytes; none for what is none. QEMU's `docs/interop/qcow2.txt`:
/// bytes 24 to 31, big endian.
pub fn qcow2_size(head: &[u8]) -> Option<Bytes> {
    let size = head.strip_prefix(QCOW2)?.get(20..28)?;
    Some(Bytes(u64::from_be_bytes(size.try_into().ok()?)))
}

/// Parses what `find … -printf '%s %p\0'` prints: sizes of files by path.
pub fn file_sizes(bytes: &[u8]) -> HashMap<String, Bytes> {
    let record = |record: &[u8]| {
        let (size, path) = std::str::from_utf8(record).ok()?.split_once(' ')?;
        Some((path.to_owned(), Bytes(size.parse().ok()?)))
    };
    bytes.split(|byte| *byte == 0).filter_map(record).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_qcow2_image_says_how_large_its_disk_is() {
        // The first bytes of `qemu-img create -f qcow2 a 20G`.
        let mut head = b"QFI\xfb\0\0\0\x03".to_vec();
        head.extend([0; 12]);
        head.extend([0, 0, 0, 16, 0, 0, 0, 5, 0, 0, 0, 0]);
        assert_eq!(qcow2_size(&head), Some(Bytes(20 << 30)));
        assert_eq!(qcow2_size(&head[..31]), None, "a part of it says nothing");
        assert_eq!(qcow2_size(&[0; 32]), None);
    }

    proptest! {
        #[test]
        fn sizes_of_files_are_read_as_they_were_printed(
            files in proptest::collection::hash_map("/[^\0]{1,30}", any::<u64>(), 0..8),
        ) {
            let mut text = String::new();
            for (path, size) in &files {
                text += &format!("{size} {path}\0");
            }
            let read = file_sizes(text.as_bytes());
            prop_assert_eq!(read.len(), files.len());
            for (path, size) in files {
                prop_assert_eq!(read.get(&path), Some(&Bytes(size)));
            }
        }
    }
}
