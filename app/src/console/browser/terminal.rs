//! xterm.js through `xterm-js-rs`, plus the few methods its 2020 interface does not have.
use js_sys::{Function, Promise, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, KeyboardEvent};
use xterm_js_rs::{Disposable, Terminal, TerminalOptions, Theme, addons::fit::FitAddon};

// `xterm` is the import map's name of our `lazy.mjs`: its `load()` fetches the real xterm.js with the first console.
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
pub(super) struct Handlers {
    /// Bytes for the guest.
    pub typed: Box<dyn Fn(String)>,
    /// A key pressed with Control and Shift; true when it was meant for us and not for the guest.
    pub chord: Box<dyn Fn(&KeyboardEvent) -> bool>,
    /// The terminal's new size in rows and columns.
    pub resized: Box<dyn Fn(u32, u32)>,
}

/// What the reader chose for consoles.
#[derive(Clone, Copy)]
pub(in crate::console) struct Look {
    /// Size of the letters, in CSS pixels.
    pub font_px: u8,
    /// Lines remembered above the screen.
    pub scrollback: u32,
    /// The least contrast between letters and what is behind them, as WCAG counts it: guests' colours are made lighter
    /// where they fall short.
    pub contrast: u32,
}

/// A terminal in the page. Dropping it removes it.
pub(super) struct Screen {
    terminal: Rc<ModernTerminal>,
    fit: Rc<FitAddon>,
    disposables: Vec<Disposable>,
    // xterm.js calls these as long as it lives: they are kept beside it.
    _typed: Closure<dyn Fn(String)>,
    _chord: Closure<dyn Fn(KeyboardEvent) -> bool>,
    _silent: Closure<dyn Fn() -> bool>,
    _resized: Closure<dyn Fn()>,
    observer: web_sys::ResizeObserver,
}

/// Fetches xterm.js, once for the page.
pub(super) async fn load() -> Result<(), JsValue> {
    JsFuture::from(load_xterm()?).await.map(|_| ())
}

impl Screen {
    /// Puts a terminal into `parent`. [`load`] has finished.
    pub fn open(parent: &HtmlElement, look: Look, handlers: Handlers) -> Result<Self, JsValue> {
        let options = TerminalOptions::new();
        options
            .with_cursor_blink(true)
            .with_font_size(look.font_px.into())
            .with_font_family("\"JetBrains Mono\", ui-monospace, Consolas, monospace")
            .with_scrollback(look.scrollback)
            .with_mac_option_is_meta(true)
            .with_minimum_contrast_ratio(look.contrast)
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

    /// Types `text` as a paste, bracketed where the guest asked for that.
    pub fn paste(&self, text: &str) {
        self.terminal.paste(text);
    }

    /// Gives the keyboard to the guest.
    pub fn focus(&self) {
        self.terminal.focus();
    }

    /// Rows and columns.
    pub fn size(&self) -> (u32, u32) {
        (self.terminal.get_rows(), self.terminal.get_cols())
    }

    /// Switches the accessible copy of the screen on or off.
    pub fn toggle_screen_reader(&self) {
        let options = self.terminal.options();
        let key = JsValue::from_str("screenReaderMode");
        let on = js_sys::Reflect::get(&options, &key)
            .ok()
            .and_then(|value| value.as_bool())
            .unwrap_or(false);
        // A missing option only means an older xterm.js: nothing to switch.
        let _ = js_sys::Reflect::set(&options, &key, &JsValue::from_bool(!on));
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.observer.disconnect();
        for disposable in &self.disposables {
            disposable.dispose();
        }
        self.fit.dispose();
        self.terminal.dispose();
    }
}

/// The terminal's colours from the page's tokens: terminals are dark in every theme.
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
    for colour_or_clipboard in [4, 10, 11, 12, 52] {
        parser.register_osc_handler(colour_or_clipboard, silent);
    }
    parser.register_dcs_handler(&function_id("", "$", "q")?, silent);
    Ok(())
}

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
