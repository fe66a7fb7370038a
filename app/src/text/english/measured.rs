//! The texts about parts in charts, disks' sizes and pages whose code is on its way: a part of the one table.

/// Makes the table of the texts given and those here.
macro_rules! with_measured {
    ($($before:tt)*) => {
        with_member_ssh! {
            $($before)*

            // Disks.
            DiskSizeTitle "The space that it provides, whatever of it is used"
            SizeUnknown "size unknown"

            // Charts by parts.
            ByCpu "By CPU"
            ByDisk "By disk"
            ByNic "By interface"
            ByStore "By storage"
            BySum "Sum"
            ChartShows "What {title} shows"
            PartCpu "CPU {n}"
            PartNic "interface {n}"
            NoParts "Nothing is measured part by part here in this range."
            PartsReading "Reading…"
            MoreParts "The {n} largest are shown."
            PartsKept "Kept for the last quarter of an hour or so."

            // What happened.
            CrashedSeen "Crashed"
            InVain "{what}, in vain"

            // What was found.
            NobodyLookedAt "{n} host was not looked at closely yet | {n} hosts were not looked at closely yet"
            NobodyLookedMore "What is on its disks and in its log is known once somebody opens its page."

            // Code on its way.
            PageLoading "Loading the page…"
            PageNotLoaded "The page could not be loaded"
            PageNotLoadedMore "The connection is gone, or the server is of another version now."
            TryAgain "Try again"
        }
    };
}
