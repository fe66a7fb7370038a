//! The texts about colours of consoles and what is recorded of them, on pages of settings: a part of the one table.

/// Makes the table of the texts given and those here.
macro_rules! with_recording {
    ($($before:tt)*) => {
        with_screen! {
            $($before)*

            // Colours, and what is recorded.
            ConsoleColours "Colours"
            ConsoleDark "Light on dark"
            ConsoleLight "Dark on light"
            ConsoleGreen "Green on black"
            ConsoleContrast "White on black"
            ConsoleAloud "For screen readers: what consoles print is read aloud"
            RecordBoot "From the beginning of each boot, MiB"
            RecordWindow "Of the latest output, MiB"
            RecordDays "For how many days"
            RecordTotal "Of all VMs together at most, GiB"
            RecordOffTags "Not of VMs with one of these tags"
            RecordingAll "Recording of consoles"
            RecordingAllMore "For everybody: what is kept of what VMs print, so that a boot or a panic can be read when nobody watched."
            RecordAll "Record what VMs print"
            RecordingUse "{bytes} of at most {most} are used, by {consoles}."
            CountConsoles "{n} console | {n} consoles"
            NoNumber "“{text}” is no number."
            RecordingSaved "Saved"
        }
    };
}
