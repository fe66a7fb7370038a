//! xterm.js through `xterm-js-rs`, plus the few methods its 2020 interface does not have.
use crate::cx::Cx;
use js_sys::{Function, Promise, Uint8Array};
use leptos::prelude::With;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, HtmlElement, KeyboardEvent};
use wxa_model::preferences::ConsoleTheme;
use xterm_js_rs::{Disposable, Terminal, TerminalOptions, Theme, addons::fit::FitAddon};

// `xterm` is another name of our `lazy.mjs`, given when esbuild bundles it (`--alias`): its `load()` fetches the real xterm.js with
// the first console.
#[wasm_bindgen(module = "xterm")]
extern "C" {
    #[wasm_bindgen(js_name = "load", catch)]
    fn load_xterm() -> Result<Promise, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The methods of today's xterm.js that `xterm-js-rs` does not know.
    #[wasm_bindgen(extends = Terminal)]
    type ModernTerminal;

    #[wasm_bindgen(method, js_name = "write")]
    fn write_bytes(this: &ModernTerminal, data: &Uint8Array, done: &Function);

    #[wasm_bindgen(method, getter)]
    fn options(this: &ModernTerminal) -> js_sys::Object;

    /// What the browser tells of a paste.
    #[wasm_bindgen(extends = Event)]
    type PasteEvent;

    #[wasm_bindgen(method, getter, js_name = "clipboardData")]
    fn data(this: &PasteEvent) -> Option<PasteData>;

    type PasteData;

    #[wasm_bindgen(method, js_name = "getData")]
    fn text(this: &PasteData, format: &str) -> String;

    #[wasm_bindgen(method, getter)]
    fn modes(this: &ModernTerminal) -> Modes;

    type Modes;

    #[wasm_bindgen(method, getter, js_name = "bracketedPasteMode")]
    fn bracketed_paste_mode(this: &Modes) -> bool;

    #[wasm_bindgen(method, getter, js_name = "buffer")]
    fn buffers(this: &ModernTerminal) -> Buffers;

    type Buffers;

    #[wasm_bindgen(method, getter)]
    fn active(this: &Buffers) -> ActiveBuffer;

    type ActiveBuffer;

    #[wasm_bindgen(method, getter, js_name = "baseY")]
    fn base_y(this: &ActiveBuffer) -> u32;

    #[wasm_bindgen(method, getter, js_name = "cursorY")]
    fn cursor_y(this: &ActiveBuffer) -> u32;

    #[wasm_bindgen(method, js_name = "getLine")]
    fn line(this: &ActiveBuffer, y: u32) -> Option<Line>;

    type Line;

    #[wasm_bindgen(method, js_name = "translateToString")]
    fn characters(this: &Line, trim_right: bool) -> String;

    #[wasm_bindgen(method, js_name = "registerMarker")]
    fn register_mark(this: &ModernTerminal, lines_below: i32) -> Option<Mark>;

    /// A line that is found again when others came after it.
    pub(in crate::console) type Mark;

    /// Where it is now; -1 when it is not remembered any more.
    #[wasm_bindgen(method, getter, js_name = "line")]
    fn line_now(this: &Mark) -> i32;

    #[wasm_bindgen(method, js_name = "scrollToLine")]
    fn scroll_to(this: &ModernTerminal, line: i32);

    #[wasm_bindgen(method, js_name = "selectLines")]
    fn select_lines_from(this: &ModernTerminal, first: i32, last: i32);

    #[wasm_bindgen(method, getter, js_name = "parser")]
    fn modern_parser(this: &ModernTerminal) -> Parser;

    type Parser;

    #[wasm_bindgen(method, js_name = "registerCsiHandler")]
    fn register_csi_handler(this: &Parser, id: &JsValue, handler: &Function) -> JsValue;

    #[wasm_bindgen(method, js_name = "registerOscHandler")]
    fn register_osc_handler(this: &Parser, id: u32, handler: &Function) -> JsValue;

    #[wasm_bindgen(method, js_name = "registerDcsHandler")]
    fn register_dcs_handler(this: &Parser, id: &JsValue, handler: &Function) -> JsValue;
}

/// What the person at the terminal does.
pub(in crate::console) struct Handlers {
    /// Bytes for the guest.
    pub typed: Box<dyn Fn(String)>,
    /// A key pressed with Control and Shift; true when it was meant for us and not for the guest.
    pub chord: Box<dyn Fn(&KeyboardEvent) -> bool>,
    /// The terminal's new size in rows and columns.
    pub resized: Box<dyn Fn(u32, u32)>,
    /// A text that the browser pastes; true when it is looked at first and not typed now.
    pub pasted: Box<dyn Fn(String) -> bool>,
}

impl Handlers {
    /// For a terminal that nobody types into.
    pub fn none() -> Self {
        Self {
            typed: Box::new(|_| {}),
            chord: Box::new(|_| false),
            resized: Box::new(|_, _| {}),
            pasted: Box::new(|_| true),
        }
    }
}

/// What the reader chose for consoles.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::console) struct Look {
    /// Size of the letters, in CSS pixels.
    pub font_px: u8,
    /// Lines remembered above the screen.
    pub scrollback: u32,
    /// The least contrast between letters and what is behind them, as WCAG counts it: guests' colours are made lighter
    /// where they fall short.
    pub contrast: u32,
    /// The colours.
    pub theme: ConsoleTheme,
    /// Whether there is an accessible copy of the screen.
    pub screen_reader: bool,
}

/// As the account has it. Tracks it.
pub(in crate::console) fn look(cx: Cx) -> Look {
    cx.prefs.now.with(|now| Look {
        font_px: now.console_font_px,
        scrollback: now.console_scrollback,
        contrast: match now.theme {
            wxa_model::preferences::Theme::Contrast => 7,
            _ => 5,
        },
        theme: now.console_theme,
        screen_reader: now.console_screen_reader,
    })
}

/// A terminal in the page. Dropping it removes it.
pub(in crate::console) struct Screen {
    terminal: Rc<ModernTerminal>,
    fit: Rc<FitAddon>,
    disposables: Vec<Disposable>,
    // xterm.js calls these as long as it lives: they are kept beside it.
    _typed: Closure<dyn Fn(String)>,
    _chord: Closure<dyn Fn(KeyboardEvent) -> bool>,
    _silent: Closure<dyn Fn() -> bool>,
    _resized: Closure<dyn Fn()>,
    pasted: Closure<dyn Fn(PasteEvent)>,
    parent: HtmlElement,
    observer: web_sys::ResizeObserver,
}

/// The attribute that the colours' tokens go by.
const THEME: &str = "data-term";

/// Fetches xterm.js, once for the page.
pub(in crate::console) async fn load() -> Result<(), JsValue> {
    JsFuture::from(load_xterm()?).await.map(|_| ())
}

impl Screen {
    /// Puts a terminal into `parent`. [`load`] has finished.
    pub fn open(parent: &HtmlElement, look: Look, handlers: Handlers) -> Result<Self, JsValue> {
        parent.set_attribute(THEME, look.theme.name())?;
        let options = TerminalOptions::new();
        options
            .with_cursor_blink(true)
            .with_font_size(look.font_px.into())
            .with_font_family("\"JetBrains Mono\", ui-monospace, Consolas, monospace")
            .with_scrollback(look.scrollback)
            .with_mac_option_is_meta(true)
            .with_minimum_contrast_ratio(look.contrast)
            .with_screen_reader_mode(look.screen_reader)
            .with_theme(&theme(parent));
        let terminal: Rc<ModernTerminal> = Rc::new(Terminal::new(&options).unchecked_into());
        let fit = Rc::new(FitAddon::new());
        // The addon's handle is copied, not the addon.
        terminal.load_addon(JsValue::clone(&fit).unchecked_into());
        terminal.open(parent.clone());

        let typed = Closure::<dyn Fn(String)>::new(handlers.typed);
        let chord_handler = handlers.chord;
        let chord = Closure::<dyn Fn(KeyboardEvent) -> bool>::new(move |event: KeyboardEvent| {
            let ours =
                event.type_() == "keydown" && event.ctrl_key() && event.shift_key() && chord_handler(&event);
            if ours {
                event.prevent_default();
            }
            !ours
        });
        terminal.attach_custom_key_event_handler(chord.as_ref().unchecked_ref());
        let disposables = vec![terminal.on_data(typed.as_ref().unchecked_ref())];

        let silent = Closure::<dyn Fn() -> bool>::new(|| true);
        never_answer(&terminal.modern_parser(), silent.as_ref().unchecked_ref())?;

        let pasted_handler = handlers.pasted;
        let pasted = Closure::<dyn Fn(PasteEvent)>::new(move |event: PasteEvent| {
            let text = event.data().map(|data| data.text("text"));
            if text.is_some_and(&pasted_handler) {
                event.prevent_default();
                event.stop_propagation();
            }
        });
        // Before xterm.js hears of it.
        let listener = pasted.as_ref().unchecked_ref();
        parent.add_event_listener_with_callback_and_bool("paste", listener, true)?;

        let resized_handler = handlers.resized;
        let (measured, fitting) = (Rc::clone(&terminal), Rc::clone(&fit));
        let resized = Closure::<dyn Fn()>::new(move || {
            fitting.fit();
            resized_handler(measured.get_rows(), measured.get_cols());
        });
        let observer = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref())?;
        observer.observe(parent);

        Ok(Self {
            terminal,
            fit,
            disposables,
            _typed: typed,
            _chord: chord,
            _silent: silent,
            _resized: resized,
            pasted,
            parent: parent.clone(),
            observer,
        })
    }

    /// Shows bytes of the guest; `done` is called when they are on the screen.
    pub fn write(&self, bytes: &Uint8Array, done: &Function) {
        self.terminal.write_bytes(bytes, done);
    }

    /// Shows a remark of ours, set apart from what the guest prints.
    pub fn remark(&self, text: &str) {
        self.terminal
            .write(&format!("\r\n\x1b[0;2m── {text} ──\x1b[0m\r\n"));
    }

    /// Empties screen and scrollback.
    pub fn clear(&self) {
        self.terminal.reset();
    }

    /// What is selected.
    pub fn selection(&self) -> String {
        self.terminal.get_selection()
    }

    /// Whether the guest asked to be told where a paste begins and ends.
    pub fn is_bracketed(&self) -> bool {
        self.terminal.modes().bracketed_paste_mode()
    }

    /// What stands in the line that the cursor is in.
    pub fn line_of_cursor(&self) -> String {
        let buffer = self.terminal.buffers().active();
        let line = buffer.line(buffer.base_y().saturating_add(buffer.cursor_y()));
        line.map(|line| line.characters(true)).unwrap_or_default()
    }

    /// Gives the keyboard to the guest.
    pub fn focus(&self) {
        self.terminal.focus();
    }

    /// Marks the line that the cursor is in; none in a program that has the whole screen.
    pub fn mark(&self) -> Option<Mark> {
        self.terminal.register_mark(0)
    }

    /// Shows a marked line, with some of what is before it, and selects it.
    pub fn show_line(&self, mark: &Mark) {
        let line = mark.line_now();
        if line >= 0 {
            let above = i32::try_from(self.terminal.get_rows() / 3).unwrap_or(0);
            self.terminal.scroll_to((line - above).max(0));
            self.terminal.select_lines_from(line, line);
        }
    }

    /// Looks as somebody chose.
    pub fn set_look(&self, look: Look) {
        // The browser takes any value there.
        let _ = self.parent.set_attribute(THEME, look.theme.name());
        let options = self.terminal.options();
        for (key, value) in [
            ("fontSize", JsValue::from(look.font_px)),
            ("scrollback", JsValue::from(look.scrollback)),
            ("minimumContrastRatio", JsValue::from(look.contrast)),
            ("theme", JsValue::from(theme(&self.parent))),
            ("screenReaderMode", JsValue::from(look.screen_reader)),
        ] {
            let _ = js_sys::Reflect::set(&options, &key.into(), &value);
        }
        self.fit.fit();
    }

    /// Rows and columns.
    pub fn size(&self) -> (u32, u32) {
        (self.terminal.get_rows(), self.terminal.get_cols())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.observer.disconnect();
        let listener = self.pasted.as_ref().unchecked_ref();
        // It can only fail for what was never added.
        let _ = self
            .parent
            .remove_event_listener_with_callback_and_bool("paste", listener, true);
        for disposable in &self.disposables {
            disposable.dispose();
        }
        self.fit.dispose();
        self.terminal.dispose();
    }
}

/// The terminal's colours from the page's tokens.
fn theme(parent: &HtmlElement) -> Theme {
    let token = |name: &str| {
        web_sys::window()
            .and_then(|window| window.get_computed_style(parent).ok().flatten())
            .and_then(|style| style.get_property_value(name).ok())
            .map(|value| value.trim().to_owned())
            .unwrap_or_default()
    };
    let theme = Theme::new();
    theme.set_background(&token("--term-bg"));
    theme.set_foreground(&token("--term-text"));
    theme.set_cursor(&token("--term-text"));
    theme.set_green(&token("--term-ok"));
    theme.set_yellow(&token("--term-warn"));
    theme.set_blue(&token("--term-key"));
    theme.set_selection(&token("--term-select"));
    // What xterm.js calls it since.
    let _ = js_sys::Reflect::set(
        &theme,
        &"selectionBackground".into(),
        &token("--term-select").into(),
    );
    theme
}

/// A terminal answers questions (where is the cursor, which colours, what are you) by typing. A guest could so make
/// every viewer's browser type into it, replayed history too: none of these questions is answered.
fn never_answer(parser: &Parser, silent: &Function) -> Result<(), JsValue> {
    for (prefix, intermediates, last) in [
        ("", "", "n"),
        ("?", "", "n"),
        ("", "", "c"),
        (">", "", "c"),
        ("=", "", "c"),
        ("", "$", "p"),
        ("?", "$", "p"),
        ("", "", "t"),
        (">", "", "q"),
    ] {
        parser.register_csi_handler(&function_id(prefix, intermediates, last)?, silent);
    }
    // Nor are links made of what it prints: their text may be anything.
    for colour_or_link_or_clipboard in [4, 8, 10, 11, 12, 52] {
        parser.register_osc_handler(colour_or_link_or_clipboard, silent);
    }
    parser.register_dcs_handler(&function_id("", "$", "q")?, silent);
    // Asked to tell of the focus, it says at once whether it has it.
    let tells_focus = Closure::<dyn Fn(js_sys::Array) -> bool>::new(|modes: js_sys::Array| {
        modes.includes(&JsValue::from_f64(FOCUS), 0)
    });
    let tells_focus = tells_focus.into_js_value();
    parser.register_csi_handler(&function_id("?", "", "h")?, tells_focus.unchecked_ref());
    Ok(())
}

/// The mode in which a terminal types when it gets or loses the focus.
const FOCUS: f64 = 1004.0;

fn function_id(prefix: &str, intermediates: &str, last: &str) -> Result<JsValue, JsValue> {
    let id = js_sys::Object::new();
    for (key, value) in [
        ("prefix", prefix),
        ("intermediates", intermediates),
        ("final", last),
    ] {
        if !value.is_empty() {
            js_sys::Reflect::set(&id, &key.into(), &value.into())?;
        }
    }
    Ok(id.into())
}
