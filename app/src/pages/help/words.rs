//! Words of Xen and of this console.
use crate::text::T;

/// A word, and what it means here.
pub(super) const WORDS: [(T, T); 17] = [
    (T::TermHost, T::WordHost),
    (T::TermPool, T::WordPool),
    (T::TermRepository, T::WordRepository),
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
    (T::TermSuspended, T::WordSuspended),
    (T::TermUnknown, T::WordUnknown),
    (T::TermTask, T::WordTask),
    (T::TermRole, T::WordRole),
];
