//! The texts about consoles that several look at, and about guest links: a part of the one table.

/// Makes the table of the texts given and those here.
macro_rules! with_sharing {
    ($($before:tt)*) => {
        with_understood! {
            $($before)*

            // Who is at a console, and who types.
            PeopleHere "People at this console"
            PersonYou "you"
            PersonGuest "guest"
            PersonTypes "types"
            PersonAsks "asks for the keyboard"
            PersonWatches "watches"
            PersonMayOnlyWatch "only watches"
            PersonCame "came "
            YouType "You have the keyboard."
            SomebodyTypes "{name} has the keyboard."
            NobodyTypes "Nobody has the keyboard: type to have it."
            YouOnlyWatch "You may watch this console, not type into it."
            TypesElsewhere "{name} has the keyboard. Ask for it to type."
            NotTyped "Not typed: {name} has the keyboard."
            AskForKeyboard "Ask for the keyboard"
            AskNoMore "Ask no more"
            GiveKeyboardBack "Give the keyboard back"
            TakeKeyboard "Take the keyboard"
            HandOver "Hand over"
            HandOverTo "Hand the keyboard over to {name}"
            NewsCame "{name} is here."
            NewsWent "{name} has gone."
            NewsAsks "{name} asks for the keyboard."

            // Guest links.
            GuestLinks "Guest links"
            GuestLinksHint "Let somebody without an account watch this console, or type into it, for a limited time"
            GuestLinksIntro "Whoever has such a link sees this one console from the moment it is first opened, and nothing else. Everybody at the console sees that a guest is there."
            GuestLinksNone "No link is open."
            GuestLinkFor "For whom"
            GuestLinkForHint "Others see this name beside the console."
            GuestLinkTime "For how long"
            GuestLinkMay "May"
            GuestLinkWatch "watch"
            GuestLinkType "watch, and type when given the keyboard"
            GuestLinkMake "Make the link"
            GuestLinkMade "The link is made"
            GuestLinkSend "Give it to {name}. It opens until {when}, and can be taken back before."
            GuestLinkUntil "until {when}"
            GuestLinkBy "by {name}"
            GuestLinkOpen "{n} is looking | {n} are looking"
            GuestLinkRevoke "Take back"
            GuestLinkRevokeOf "Take back the link for {name}"
            GuestMinutes "{n} minute | {n} minutes"
            GuestHours "{n} hour | {n} hours"
            GuestDays "{n} day | {n} days"

            // The page of a guest link.
            GuestOf "{name}, as a guest of {by}"
            GuestEndsIn "ends in {span}"
            GuestMayType "You may type when you have the keyboard."
            GuestMayWatch "You may watch."
            GuestClosed "closed"
            GuestGone "This link opens nothing"
            GuestGoneMore "It has ended or was taken back, or a part of it is missing. Whoever gave it to you can make another one."
            GuestBusy "Too many wrong links"
            GuestBusyMore "Wait a few minutes, then open the link again."
        }
    };
}
