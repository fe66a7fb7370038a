//! The texts about reaching a pool's hosts over SSH, for the consoles of HVM guests: a part of the one table.

/// Makes the table of the texts given, those here and those about pools.
macro_rules! with_member_ssh {
    ($($before:tt)*) => {
        with_charts! {
            $($before)*

            // Consoles of HVM guests over SSH.
            MemberSsh "Consoles of HVM guests over SSH"
            MemberSshMore "XAPI shows only the screen of an HVM guest. Where the pool's hosts can be reached over SSH as well, the guests' serial ports open here as text consoles, with xl console on the host that a guest runs on. Nothing else is done there. The guest has to use its serial port (console=ttyS0)."
            MemberSshAccount "Set up: {user}, port {port}, {way}"
            MemberSshNone "Not set up."
            WithPassword "with a password"
            WithKey "with a private key"
            WithAgent "with the server's SSH agent"
            SetUpMemberSsh "Set up…"
            ChangeMemberSsh "Change…"
            MemberSshUser "Account on the hosts"
            MemberSshUserMore "root, or an account that may use sudo without a password, the same on every host. What it signs in with is kept sealed on the server and never shown again."
            OtherCredential "Set another credential"
            LookAtHosts "Fetch the hosts' keys"
            HostKey "Host key"
            SshState "State"
            KeyNotConfirmed "Key not confirmed: not used"
            KeyConfirmed "Key confirmed"
            KeyIsAnother "Shows another key than the confirmed one: nothing is sent to it"
            SshAnswers "Answers, and lets us in"
            SshProblem "Cannot be used: {why}"
            ComparedMember "I compared it: this is {name}"
            MemberKeyCommand "On a host's own screen, this prints the same:"
            NoKeysYet "Fetch the keys first, compare them on the hosts' own screens, and say which ones are right."
            MemberSshSaved "The consoles of HVM guests are reached over SSH"
            MemberSshForget "Forget the SSH account"
            MemberSshForgetSure "Really forget it, and close these consoles?"
            MemberSshForgotten "The pool's hosts are no longer reached over SSH"

            // What a pool says itself.
            PoolReports "What the pool reports"
            PoolReportsNothing "It has reported nothing."
            PoolReportsMore "{n} earlier ones"
            PoolsTags "The pool's own tags"
            PoolsTag "A tag of the pool's own: it is changed there, and no right hangs on it"

            // Why an HVM guest has no console.
            NoConsoleNoSsh "XAPI shows only the screen of an HVM guest. Its serial port can open here as a text console where the pool's hosts are reached over SSH: that is not set up."
            NoConsoleKey "Its serial port opens over SSH on the host that it runs on, but that host's key was not confirmed yet."
            NoConsolePort "Its serial port cannot be opened: hvm_serial among its platform keys is something else than pty. Set it to pty and start the VM anew."
            NoConsoleAsk "An administrator can change that in the pool's settings."
            NoConsoleSetUp "Set it up in the pool's settings"
        }
    };
}
