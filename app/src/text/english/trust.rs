//! The texts about by what a pool is known, and about where in it a VM starts: a part of the one table.

/// Makes the table of the texts given and those here.
macro_rules! with_trust {
    ($($before:tt)*) => {
        with_pools! {
            $($before)*

            // Where in its pool a VM starts or resumes.
            StartOn "Start on a chosen host"
            ResumeOn "Resume on a chosen host"
            PlaceFree "{free} free"
            PlaceShort "{free} free, needs {needed}"

            // By what a pool is known.
            TrustTitle "Certificate"
            TrustPinned "One certificate, confirmed by an administrator"
            TrustSystem "Any that an authority vouches for which the server's machine trusts"
            TrustAuthority "Any that an authority vouches for which was given here"
            TrustPinnedMore "At this pool's other hosts, those that the pool itself tells. A renewed certificate has to be confirmed."
            TrustVouchedMore "It must be valid now, and name the address at which the pool or its host is reached. A renewed one is accepted without a question."
            TrustKnownBy "Known by"
            TrustFingerprint "SHA-256"
            TrustMembers "Hosts that the pool told"
            TrustMembersMore "Kept over restarts: the pool is looked for there when its coordinator does not answer."
            TrustMembersNone "The pool has not told its hosts yet."
            TrustChange "Change…"
            TrustBy "Trust"
            TrustByPin "the certificate that I compared"
            TrustByAuthority "an authority of my own (PEM)"
            TrustBySystem "authorities that the server's machine trusts"
            TrustPem "Its certificate, in PEM form"
            TrustPemFile "Or the file"
            TrustPemMore "Certificates only, never a private key. They are public and are not sealed."
            TrustPinField "Fingerprint of the certificate, compared on the pool"
            TrustSave "Change"
            TrustSaving "Looking at the pool…"
            TrustSaved "It is known by that from now on"
            TrustNoCompare "Nothing to compare: the authority vouches for it when it is tested or added."
            TrustNeedsPem "Give the authority's certificate"

            // Another pool at the same address.
            OtherPool "Another pool answers here than the one that was added"
            OtherPoolMore "Nothing of it is shown, and nothing is done there. Either the pool was installed anew, or its address went to another one. Find out which."
            OtherPoolKept "Added"
            OtherPoolSeen "Answers now"
            OtherPoolAgain "Look for the right one again"
            OtherPoolTake "Take the one that answers"
            OtherPoolAsk "Its VMs and hosts take the place of those that were known; notes and tags on those stay with them."
            LinkOtherPool "Another pool"

            // The jump host on the way to a host.
            SetJumpCredential "Set new credentials of the jump host…"
        }
    };
}
