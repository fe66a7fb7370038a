//! The texts about how a host's guests are recorded: a part of the one table.

/// Makes the table of the texts given, those here and those about tasks.
macro_rules! with_host_recording {
    ($($before:tt)*) => {
        with_tasks! {
            $($before)*

            // How the consoles of a host's guests are recorded.
            HostConsoles "Consoles"
            HostConsolesMore "What guests print is recorded whether anybody watches or not: it can be read, searched and downloaded later."
            HostRecorded "{n} guests are recorded now."
            HostRecordedOne "1 guest is recorded now."
            HostRecordedNone "No guest is recorded now."
            RecordBy "Recorded"
            RecordByLogs "from the host's own log"
            RecordByLogsMore "Nobody is locked out of a console by it. Serial ports of HVM guests are not in that log."
            RecordByAttached "by staying attached to each guest"
            RecordByAttachedMore "A console of plain Xen can be held by one only: while we are attached, xl console on the host answers that it is locked. “Release” at a guest's console frees that one for a minute."
            RecordByAttachedAsk "I know that nobody can use xl console on this host meanwhile"
            RecordOn "always: consoles of a pool can be opened by several"
            RecordOff "not at all"
            RecordWaySaved "Saved how the host's guests are recorded"
            RecordWayUnconfirmed "Say first that you know what staying attached means."
            HostLogs "The host's own log"
            HostLogsOn "It is on: xenconsoled writes what each guest prints to a file."
            HostLogsOff "It is off: what a guest prints while nobody is attached is lost."
            HostLogsUnknown "It cannot be said whether it is on."
            HostLogsElsewhere "How this host starts xenconsoled is not known here, or set by more than a plain line: switch it on the host itself, with --log=guest."
            HostLogsSwitchOn "Switch it on…"
            HostLogsSwitchOff "Switch it off…"
            HostLogsAskOn "Let this host log its guests' consoles?"
            HostLogsAskOff "Let this host log its guests' consoles no more?"
            HostLogsChange "This is done on the host, and nothing else:"
            HostLogsGuests "Guests go on. A console that is open is cut off for a moment and attached again. Switching back takes away again what this brings, except for the logs themselves."
            HostLogsFills "Xen does not limit these files: let logrotate put them aside. Files that were put aside are followed."
            HostLogsDoOn "Switch it on"
            HostLogsDoOff "Switch it off"
            HostLogsDoing "Switching…"
            HostLogsIsOn "The host logs its guests' consoles now"
            HostLogsIsOff "The host no longer logs its guests' consoles"
        }
    };
}
