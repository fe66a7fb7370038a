//! What we ask of a host's pseudo-terminals.
use russh::Pty;

/// For a command whose lines are read: nothing is echoed or changed.
pub(super) const QUIET: [(Pty, u32); 2] = [(Pty::ECHO, 0), (Pty::OPOST, 0)];

/// Nothing on the way may change a byte: the terminal is the guest's.
pub(super) const RAW: [(Pty, u32); 17] = [
    (Pty::ECHO, 0),
    (Pty::ECHOE, 0),
    (Pty::ECHOK, 0),
    (Pty::ECHOCTL, 0),
    (Pty::ECHOKE, 0),
    (Pty::ICANON, 0),
    (Pty::ISIG, 0),
    (Pty::IEXTEN, 0),
    (Pty::OPOST, 0),
    (Pty::ONLCR, 0),
    (Pty::ICRNL, 0),
    (Pty::INLCR, 0),
    (Pty::IGNCR, 0),
    (Pty::IXON, 0),
    (Pty::IXOFF, 0),
    (Pty::ISTRIP, 0),
    (Pty::CS8, 1),
];
