//! Words of Xen and of this console. The words themselves are the same in every language.
use crate::text::T;

/// A word, and what it means here.
pub(super) const WORDS: [(&str, T); 14] = [
    ("host", T::WordHost),
    ("site", T::WordSite),
    ("VM, guest, domain", T::WordVm),
    ("domid", T::WordDomid),
    ("Domain-0", T::WordDomainZero),
    ("PV", T::WordPv),
    ("PVH", T::WordPvh),
    ("HVM", T::WordHvm),
    ("definition (.cfg)", T::WordDefinition),
    ("serial console", T::WordConsole),
    ("paused", T::WordPaused),
    ("unknown", T::WordUnknown),
    ("task", T::WordTask),
    ("role, scope", T::WordRole),
];
