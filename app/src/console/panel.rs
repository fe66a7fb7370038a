//! The console tab: terminal, what the connection is doing, who else is here, and keys that are hard to type.
use super::keys::KEY_BAR;
use leptos::{html::Div, prelude::*};
use wxa_model::VmId;
use wxa_wire::ConsoleStatus;

/// What the panel shows; the browser part writes it.
#[derive(Clone, Copy)]
pub(super) struct ConsoleView {
    pub link: RwSignal<ConsoleLink>,
    pub viewers: RwSignal<Vec<String>>,
    /// Rows and columns.
    pub size: RwSignal<(u32, u32)>,
    /// Bytes replayed at the last connect.
    pub replayed: RwSignal<u64>,
}

/// How the way from this page to the guest stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "on the server a console is always loading")
)]
pub(super) enum ConsoleLink {
    /// xterm.js is being fetched.
    Loading,
    /// The socket to our server is being opened.
    Opening,
    /// Our server tells.
    Server(ConsoleStatus),
    /// The socket broke; it is opened again by itself.
    Lost,
    /// Not opened again by itself, for this reason.
    Closed(&'static str),
}

/// Whose console it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// A guest's.
    #[default]
    Guest,
    /// That of a host itself.
    Host,
}

impl Whose {
    fn noun(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Host => "host",
        }
    }
}

impl ConsoleLink {
    fn words(&self, whose: Whose) -> String {
        let noun = whose.noun();
        match self {
            Self::Loading => "Loading the terminal…".into(),
            Self::Opening => "Connecting…".into(),
            Self::Lost => "Connection to the server lost. Trying again…".into(),
            Self::Closed(why) => (*why).into(),
            Self::Server(ConsoleStatus::Connecting) => format!("Attaching to the {noun}…"),
            Self::Server(ConsoleStatus::Connected) => "Connected".into(),
            Self::Server(ConsoleStatus::NotRunning) => {
                format!("The {noun} is not running. The console opens by itself when it starts.")
            }
            Self::Server(ConsoleStatus::Held { by }) => {
                let holder = if by.is_empty() {
                    "somebody else"
                } else {
                    by.as_str()
                };
                format!(
                    "The console is held by {holder} on the host. It opens here as soon as it is released."
                )
            }
            Self::Server(ConsoleStatus::Failed { why }) => format!("{why} Trying again…"),
        }
    }

    fn class(&self) -> &'static str {
        match self {
            Self::Server(ConsoleStatus::Connected) => "console-link console-link--up",
            Self::Closed(_)
            | Self::Lost
            | Self::Server(ConsoleStatus::Failed { .. } | ConsoleStatus::Held { .. }) => {
                "console-link console-link--warn"
            }
            Self::Loading
            | Self::Opening
            | Self::Server(ConsoleStatus::Connecting | ConsoleStatus::NotRunning) => "console-link",
        }
    }
}

/// What the toolbar asks of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConsoleWish {
    Send(&'static str),
    Copy,
    Paste,
    TellSize,
    FullScreen,
    ScreenReader,
}

/// The console of a VM. It connects by itself, replays what was missed, and goes on over reboots.
#[component]
pub fn ConsolePanel(
    /// Of which VM; of the control domain where it is a host's own.
    vm: VmId,
    /// Whose that is, for the words around it.
    #[prop(optional)]
    whose: Whose,
) -> impl IntoView {
    let noun = whose.noun();
    let view = ConsoleView {
        link: RwSignal::new(ConsoleLink::Loading),
        viewers: RwSignal::new(Vec::new()),
        size: RwSignal::new((0, 0)),
        replayed: RwSignal::new(0),
    };
    let terminal = NodeRef::<Div>::new();
    let wish = connect(vm, terminal, view);

    view! {
        <section class="console" aria-label="Serial console">
            // While the terminal has focus every key belongs to the guest; the shell's shortcuts look for this mark.
            <div class="console-terminal" data-keys="guest" node_ref=terminal></div>
            <div class="console-bar">
                <p class=move || view.link.read().class() role="status">
                    {move || view.link.read().words(whose)}
                </p>
                <p class="console-facts">
                    {move || {
                        let (rows, cols) = view.size.get();
                        (cols > 0).then(|| format!("{cols} × {rows}"))
                    }}
                </p>
                <p class="console-facts" hidden=move || view.replayed.get() == 0>
                    {move || format!("replayed {}", wxa_model::Bytes(view.replayed.get()))}
                </p>
                <p class="console-facts" hidden=move || { view.viewers.read().len() < 2 }>
                    {move || format!("Also here: {}", others(&view.viewers.read()))}
                </p>
                <div class="console-tools" role="toolbar" aria-label="Console tools">
                    <Tool label="Copy" name="Copy" hint="Copy the selection (Ctrl+Shift+C)" act=wish kind=ConsoleWish::Copy />
                    <Tool label="Paste" name="Paste" hint=format!("Type the clipboard's text into the {noun} (Ctrl+Shift+V)") act=wish kind=ConsoleWish::Paste />
                    <Tool label="Tell size" name="Tell size" hint="Type stty with this terminal's size: a serial line cannot say it itself" act=wish kind=ConsoleWish::TellSize />
                    <Tool label="Screen reader" name="Screen reader" hint=format!("Read the {noun}'s output aloud") act=wish kind=ConsoleWish::ScreenReader />
                    <Tool label="Full screen" name="Full screen" hint="Full screen (Esc leaves)" act=wish kind=ConsoleWish::FullScreen />
                </div>
            </div>
            <div class="console-keys" role="toolbar" aria-label=format!("Keys for the {noun}")>
                {KEY_BAR
                    .iter()
                    .map(|key| view! { <Tool label=key.label name=key.name hint=key.name act=wish kind=ConsoleWish::Send(key.sends) /> })
                    .collect_view()}
                <p class="console-way-out">
                    {format!("All keys go to the {noun}. Leave with ")} <kbd>"Ctrl"</kbd> " " <kbd>"Shift"</kbd> " " <kbd>"X"</kbd>
                </p>
            </div>
        </section>
    }
}

#[component]
fn Tool(
    label: &'static str,
    /// What screen readers say; it begins with the label.
    name: &'static str,
    #[prop(into)] hint: String,
    act: Callback<ConsoleWish>,
    kind: ConsoleWish,
) -> impl IntoView {
    view! {
        <button type="button" class="console-tool" title=hint aria-label=name on:click=move |_| act.run(kind)>
            {label}
        </button>
    }
}

/// Everybody's name once, with how often where a person has it open more than once.
fn others(names: &[String]) -> String {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for name in names {
        match counted.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count += 1,
            None => counted.push((name, 1)),
        }
    }
    let words: Vec<String> = counted
        .iter()
        .map(|(name, n)| {
            if *n > 1 {
                format!("{name} ({n} windows)")
            } else {
                (*name).to_owned()
            }
        })
        .collect();
    words.join(", ")
}

#[cfg(feature = "hydrate")]
fn connect(vm: VmId, terminal: NodeRef<Div>, view: ConsoleView) -> Callback<ConsoleWish> {
    use super::browser::{Look, Session};
    use wxa_model::preferences::Theme;
    let look = crate::cx::cx().prefs.now.with_untracked(|now| Look {
        font_px: now.console_font_px,
        scrollback: now.console_scrollback,
        contrast: match now.theme {
            Theme::Contrast => 7,
            _ => 5,
        },
    });
    // Local storage: the terminal belongs to this thread and ends with this component.
    let session = StoredValue::new_local(None::<Session>);
    Effect::new(move |_| {
        if let Some(element) = terminal.get() {
            session.set_value(Some(Session::start(vm, element.into(), view, look)));
        }
    });
    Callback::new(move |wish| {
        session.with_value(|session| {
            if let Some(session) = session {
                session.grant(wish);
            }
        });
    })
}

#[cfg(not(feature = "hydrate"))]
fn connect(_vm: VmId, _terminal: NodeRef<Div>, _view: ConsoleView) -> Callback<ConsoleWish> {
    Callback::new(|_| {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_with_two_windows_is_named_once() {
        let names = ["ann", "bob", "ann"].map(str::to_owned);
        assert_eq!(others(&names), "ann (2 windows), bob");
    }
}
