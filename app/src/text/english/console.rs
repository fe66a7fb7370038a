//! The texts of what a console needs now and then: pasting, looking back, searching. A table of its own, as that of
//! status pages: it is in the part of the browser's code that shows them.
use crate::text::{current, filled};
use std::fmt::Display;

macro_rules! texts {
    ($($key:ident $text:literal)*) => {
        /// The key of a text about consoles.
        #[allow(missing_docs, reason = "its English text says what it is")]
        #[cfg_attr(
            not(feature = "hydrate"),
            expect(dead_code, reason = "gaps are said by the browser only")
        )]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum C { $($key),* }

        /// The texts, in the order of the keys.
        static ENGLISH: &[&str] = &[$($text),*];
    };
}

texts! {
    // Pasting.
    PasteTitle "Type this into the {whose}"
    PasteText "Text to type"
    PasteEmpty "Put the text here. The browser did not give what is on the clipboard."
    PasteSecret "It is a secret: do not show it"
    PasteHidden "{n} characters in {lines} lines, not shown"
    PasteEnter "Press Enter after it"
    PaceLabel "Pace"
    PaceAtOnce "At once"
    PaceLines "Line by line, 0.1 s between them"
    PaceLinesSlow "Line by line, half a second between them"
    PaceLinesSlowest "Line by line, 2 s between them"
    PaceKeys "Key by key"
    PaceKeysSlow "Key by key, slowly: for boot loaders and installers"
    PasteSum "{n} line, {chars} characters | {n} lines, {chars} characters"
    PasteTakes "takes {span}"
    PasteBracketed "The program there takes it as one paste: nothing runs before you press Enter."
    PasteRuns "Each line ends with Enter: a shell runs it at once."
    PasteLeftOut "{n} control character is left out. | {n} control characters are left out."
    PasteTooLong "At most {size} can be typed at once. Copy a file over the network instead."
    PasteGo "Type it"
    PasteProgress "Typing {percent} %"
    PasteStop "Stop"
    PasteBroken "Typing stopped"
    PasteBrokenMore "When {percent} % was typed, the connection was lost or somebody else took the keyboard. Look at what arrived before you go on."
    Cancel "Cancel"
    Close "Close"

    // The strip above the terminal, and the boots.
    StripLabel "Boot timeline"
    StripWaiting "Looking at what is kept…"
    StripUnreadable "What is kept of it cannot be read now."
    StripKept "{bytes} kept"
    StripBooted "Booted in {span}"
    StripUsual "usually {span}"
    StripPanicked "Panicked after {span}"
    StripReached "Last boot: {stage}"
    NotRecorded "Not recorded: {why}"
    KeptSince ", since {when}"
    SinceWord ", since "
    BootsTitle "Boots and events"
    BootsNone "No boots yet"
    BootsCount "{n} boot | {n} boots"
    BootsEmpty "No boot was seen since recording began. Reboot the guest, and its boot is here."
    BootLogin "login after {span}"
    BootNoLogin "no login prompt seen"
    BootUntimed "login, but how long it took was not seen"
    BootDownload "Download this boot as text"
    PhaseFirmware "Firmware"
    PhaseBootLoader "Boot loader"
    PhaseKernel "Kernel"
    PhaseInit "Services"
    PhaseFsck "Checking a file system"
    PhaseLogin "Login"
    PhaseShutdown "Shutting down"
    PhasePanicked "Kernel panic"
    EventOutOfMemory "Out of memory"
    EventOops "Kernel oops"
    EventSoftLockup "A CPU was stuck"
    EventSlowBoot "Slower boot than usual"

    // The search.
    SearchTitle "Search what was printed"
    SearchLabel "Text to find"
    SearchGo "Search"
    SearchHelp "Everything that is kept is searched, newest first, whatever the case of letters."
    SearchBusy "Searching…"
    SearchNothing "“{text}” is nowhere in what is kept."
    SearchFound "{n} line | {n} lines"
    SearchFoundSoFar "{n} line so far | {n} lines so far"
    SearchMore "Search further back"

    // The past.
    PastLabel "What was printed before"
    PastLoading "Fetching…"
    PastStill "in the past; the guest goes on meanwhile"
    PastPlaying "playing; long silences are cut short"
    PastEnded "played to the end of what is kept"
    PastOlder "what was asked for is not kept any more: this came next"
    PastNothing "Nothing is kept of this console yet."
    PastFailed "It cannot be shown: {why}"
    BackToLive "Back to now"
    LinkHere "Copy a link to here"
    LinkCopied "Link copied"
    Play "Play"
    Pause "Pause"
    Speed "Speed"
    Seek "Place in what is kept"
    BootBefore "Boot before"
    BootAfter "Next boot"
    GapNotKept "{bytes} are not kept here"
    GapNotShown "{bytes} not shown"

    // Tools.
    Download "Download"
    DownloadMore "Everything that is kept"
    DownloadText "As text"
    DownloadRaw "As printed, with control codes"
    DownloadCast "As asciicast, to be played"
    Look "Look and help"
    FontSmaller "Smaller letters"
    FontLarger "Larger letters"
    Help "Help"
    TellSize "Tell the guest the size"
    TellSizeMore "Types stty with this terminal's size: a serial line cannot say it itself"
    ScreenReader "Screen reader"
    Release "Release for a minute"
    ReleaseMore "The server lets go of this guest for a minute, so that xl console on the host can have it."
    Released "Released"
    OpenWindow "Open in a window of its own"

    // SysRq.
    SysrqHint "SysRq: a key for the guest's kernel"
    SysrqTitle "SysRq for {name}"
    SysrqMore "The guest's kernel takes the key itself, even when no program of it answers. What its own setting kernel.sysrq does not allow, it says here in the console."
    SysrqTells "It tells"
    SysrqSets "It does, and nothing is lost"
    SysrqLoses "Something is lost: you are asked first"
    SysrqHelp "The keys that it knows"
    SysrqMemory "How its memory is used"
    SysrqBlocked "What waits and cannot be interrupted"
    SysrqTasks "All its tasks and where they are"
    SysrqBacktraces "What each of its CPUs is doing"
    SysrqRegisters "The registers of one CPU"
    SysrqTimers "Its timers"
    SysrqSync "Write to disk what waits to be written"
    SysrqThaw "Thaw file systems that are frozen"
    SysrqNice "Take their priority from real-time tasks"
    SysrqLoud "Print all of its messages here"
    SysrqQuiet "Print only errors and worse here"
    SysrqReadOnly "Make all file systems read-only"
    SysrqOom "Kill the program that uses most memory"
    SysrqTerminate "Ask all programs to end"
    SysrqKill "Kill all programs"
    SysrqReboot "Reboot at once, without writing to disk"
    SysrqOff "Power off at once, without writing to disk"
    SysrqCrash "Crash the kernel"

    // Recording.
    RecordingTitle "Recording of the console"
    RecordThis "Is what this VM prints recorded?"
    RecordAsAllOn "As for all: yes"
    RecordAsAllOff "As for all: no"
    RecordOn "Yes"
    RecordOff "No"
    RecordEmpty "An empty field is as for all."
    RecordMayNot "Your role does not let you change it."
}

/// The text behind a key.
pub fn c(key: C) -> &'static str {
    ENGLISH.get(key as usize).copied().unwrap_or_default()
}

/// The text behind a key with its placeholders (`{name}`) filled in.
pub fn c_fill(key: C, with: &[(&str, &dyn Display)]) -> String {
    filled(c(key), with)
}

/// The text for `n` things, with its placeholders and `{n}` filled in.
pub fn c_plural(key: C, n: usize, with: &[(&str, &dyn Display)]) -> String {
    let form = filled(current().form_of(c(key), n), &[("n", &n)]);
    filled(&form, with)
}
