//! The texts about what guests' consoles tell: a part of the one table.

/// Makes the table of the texts given and those here.
macro_rules! with_understood {
    ($($before:tt)*) => {
        texts! {
            $($before)*

            // What guests' consoles tell.
            PhaseBootsFor "booting, {span}"
            PhaseChecksFor "checking disks, {span}"
            PhaseLogin "login"
            PhaseShutdown "going down"
            PhasePanicked "panicked"
            SaysFirmware "Its firmware is starting."
            SaysBootLoader "Its boot loader is starting a system."
            SaysKernel "Its kernel is starting."
            SaysInit "Its services are being started."
            SaysFsck "It is checking a file system."
            SaysLogin "It is up: somebody could log in."
            SaysSlow "It got there clearly later than usual."
            SaysShutdown "It is going down."
            SaysPanicked "Its kernel has given up (panic)."
            EventFirmware "Firmware"
            EventBootLoader "Boot loader"
            EventKernel "Kernel"
            EventInit "Services"
            EventFsck "File system check"
            EventLogin "Login prompt"
            EventShutdown "Going down"
            EventPanicked "Kernel panic"
            EventOutOfMemory "A process was killed: out of memory"
            EventOops "Kernel fault (oops)"
            EventSoftLockup "A CPU was stuck"
            EventSlowBoot "Booted slower than usual"
            ConsoleTells "What its console tells"
            ConsoleTellsNothing "Nothing yet: it is read as it is printed, watched or not."
            NotRecorded "Its console is not recorded: {why}"
            ShowInConsole "Show in the console"
            TimeToLogin "Time to login"
            TimeToLoginOf "Boots in their order, the latest right. Usually {usual}, at last {last}."
            TimeToLoginLast "Boots in their order, the latest right. At last {last}."
            BootTook "{when}: {took}"
            SlowBootWarning "The last boot took {took} to the login prompt, usually it takes {usual}."
            VmPanicked "{name} panicked"
            VmPanickedMore "Its kernel has given up. The console shows why."
            VmBootedSlowly "{name} booted slower than usual"
            VmBootedSlowlyMore "See on its page how long earlier boots took."
        }
    };
}
