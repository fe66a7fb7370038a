//! The texts about screens: a part of the one table.

/// Makes the table of the texts given and those here.
macro_rules! with_screen {
    ($($before:tt)*) => {
        with_measured! {
            $($before)*

            // Screens: how the connection stands.
            ScreenLoading "Loading the viewer…"
            ScreenConnecting "Connecting…"
            ScreenOpening "Opening the screen…"
            ScreenConnected "Connected"
            ScreenNotRunning "The guest is not running. Its screen opens by itself when it starts."
            ScreenFailed "{why} Trying again…"
            ScreenLost "Connection to the server lost. Trying again…"
            ScreenUnreadable "The screen sent something that cannot be shown. Trying again…"
            ScreenNotLoaded "The viewer could not be loaded. Reload the page."
            ScreenSignedOut "You are signed out. Sign in again to go on."
            ScreenForbidden "You may no longer see this screen."
            ScreenGone "This VM is no longer there."
            ScreenTooMany "Too many consoles are open. Close one and reload."
            ScreenRefused "This VM has no screen."
            ScreenAlsoHere "Also here: {names}"
            ScreenOnlyLooks "{name} (only looks)"
            ScreenYouLook "You may only look: your keys and your pointer do not reach the guest."
            ScreenOf "Screen of {name}"

            // Screens: tools.
            ScreenTools "Screen tools"
            ScreenKeys "Keys"
            ScreenKeysMore "Keys that your browser or your system takes for itself"
            ScreenPress "Press {keys} in the guest"
            ScreenPaste "Type a text…"
            ScreenPasteMore "Types a text into the guest key by key, for guests that take no clipboard"
            ScreenCopyOut "Guest's clipboard"
            ScreenCopyOutMore "Copies what was copied in the guest last to your own clipboard"
            ScreenCopyIn "To the guest's clipboard"
            ScreenCopyInMore "Gives the text in your own clipboard to the guest's"
            ScreenFit "Fit"
            ScreenFitMore "Makes the picture fit the page; otherwise it is shown dot by dot"
            ScreenSave "Save picture"
            ScreenSaveMore "Saves what is shown as a picture"
            ScreenFull "Full screen"
            ScreenFullMore "Full screen (Esc leaves)"
            ScreenStop "Stop typing"
            ScreenTyping "Typing: {n} of {all} keys"
            ScreenWayOut "All keys go to the guest. Leave with "

            // Typing a text.
            PasteTitle "Type a text into {name}"
            PasteText "The text"
            PasteFrom "Take my clipboard"
            PasteSecret "It is a secret: do not show it"
            PasteLayout "The guest's keyboard layout"
            PasteLayoutMore "A screen takes keys, not letters: which keys make the text depends on what the guest is set to."
            PastePace "Pace"
            PacePrompt "Quick: 60 keys a second"
            PaceSteady "Steady: 25 keys a second"
            PaceSlow "Slow: 8 keys a second, for installers and firmware"
            PasteMissing "Left out, as this layout has no key for it: {chars}"
            PasteLines "It has {n} line: Enter is pressed after each but the last. | It has {n} lines: Enter is pressed after each but the last."
            PasteTooLong "Only the first {n} characters are typed."
            PasteType "Type {n} key | Type {n} keys"

            // Text or screen.
            ConsoleShows "What is shown"
            ConsoleText "Text"
            ConsoleScreen "Screen"
        }
    };
}
