//! Words of Xen and of this console.
use crate::text::T;

/// A word, and what it means here.
pub(super) const WORDS: [(T, T); 14] = [
    (T::TermHost, T::WordHost),
    (T::TermSite, T::WordSite),
    (T::TermVm, T::WordVm),
    (T::TermDomid, T::WordDomid),
    (T::TermDomainZero, T::WordDomainZero),
    (T::TermPv, T::WordPv),
    (T::TermPvh, T::WordPvh),
    (T::TermHvm, T::WordHvm),
    (T::TermDefinition, T::WordDefinition),
    (T::TermConsole, T::WordConsole),
    (T::TermPaused, T::WordPaused),
    (T::TermUnknown, T::WordUnknown),
    (T::TermTask, T::WordTask),
    (T::TermRole, T::WordRole),
];
