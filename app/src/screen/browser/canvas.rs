//! The class `Screen` of `frontend/js/screen.mjs`, fetched with the first screen that a page shows.
use crate::screen::{combos::Combo, layout::Plan};
use js_sys::{Array, ArrayBuffer, Function, Object, Promise, Reflect, Uint8Array, Uint32Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

// `screen` is a name of the import map: what stands there fetches the real thing with `loadScreen()`.
#[wasm_bindgen(module = "screen")]
extern "C" {
    #[wasm_bindgen(js_name = "loadScreen", catch)]
    fn load_screen() -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_name = "Screen")]
    type JsScreen;

    #[wasm_bindgen(constructor, catch, js_class = "Screen")]
    fn new(root: &HtmlElement, hooks: &Object) -> Result<JsScreen, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn begin(this: &JsScreen, view_only: bool) -> Result<(), JsValue>;

    #[wasm_bindgen(method)]
    fn receive(this: &JsScreen, bytes: &ArrayBuffer);

    #[wasm_bindgen(method, js_name = "takesText")]
    fn takes_text(this: &JsScreen) -> bool;

    #[wasm_bindgen(method, js_name = "copyIn")]
    fn copy_in(this: &JsScreen, text: &str);

    #[wasm_bindgen(method)]
    fn scale(this: &JsScreen, fits: bool);

    #[wasm_bindgen(method)]
    fn press(this: &JsScreen, keysyms: &Uint32Array, codes: &Array);

    #[wasm_bindgen(method, js_name = "type")]
    fn type_(
        this: &JsScreen,
        keysyms: &Uint32Array,
        codes: &Array,
        levels: &Uint8Array,
        pause: u32,
        told: &Function,
    ) -> Promise;

    #[wasm_bindgen(method)]
    fn stop(this: &JsScreen);

    #[wasm_bindgen(method)]
    fn save(this: &JsScreen, name: &str);

    #[wasm_bindgen(method)]
    fn focus(this: &JsScreen);

    #[wasm_bindgen(method)]
    fn remove(this: &JsScreen);
}

/// Fetches noVNC, once for the page.
pub(super) async fn load() -> Result<(), JsValue> {
    JsFuture::from(load_screen()?).await.map(|_| ())
}

/// What a screen tells.
pub(super) struct Hooks {
    /// Bytes for the guest.
    pub send: Box<dyn Fn(Uint8Array)>,
    /// There is a picture, or one of another size: width and height.
    pub began: Box<dyn Fn(u32, u32)>,
    /// What came cannot be shown.
    pub failed: Box<dyn Fn(String)>,
    /// What the guest copied.
    pub clipboard: Box<dyn Fn(String)>,
    /// The keyboard goes back to the page.
    pub leave: Box<dyn Fn()>,
    /// So many keys were typed; -1 when it is over.
    pub typed: Box<dyn Fn(i32)>,
}

/// A screen in the page. Dropping it removes it.
pub(super) struct Canvas {
    screen: JsScreen,
    // Called for as long as the screen lives: they are kept beside it.
    _send: Closure<dyn Fn(Uint8Array)>,
    _began: Closure<dyn Fn(u32, u32)>,
    _failed: Closure<dyn Fn(String)>,
    _clipboard: Closure<dyn Fn(String)>,
    _leave: Closure<dyn Fn()>,
    typed: Closure<dyn Fn(i32)>,
}

impl Canvas {
    /// Puts a screen into `root`. [`load`] has finished.
    pub fn open(root: &HtmlElement, hooks: Hooks) -> Result<Self, JsValue> {
        let (send, began) = (Closure::new(hooks.send), Closure::new(hooks.began));
        let (failed, clipboard) = (Closure::new(hooks.failed), Closure::new(hooks.clipboard));
        let (leave, typed) = (Closure::new(hooks.leave), Closure::new(hooks.typed));
        let given = Object::new();
        let set = |key: &str, value: &JsValue| Reflect::set(&given, &key.into(), value);
        set("send", send.as_ref())?;
        set("began", began.as_ref())?;
        set("failed", failed.as_ref())?;
        set("clipboard", clipboard.as_ref())?;
        set("leave", leave.as_ref())?;
        Ok(Self {
            screen: JsScreen::new(root, &given)?,
            _send: send,
            _began: began,
            _failed: failed,
            _clipboard: clipboard,
            _leave: leave,
            typed,
        })
    }

    /// A new session of RFB; what a viewer who only looks does is not even sent.
    pub fn begin(&self, acts: bool) -> Result<(), JsValue> {
        self.screen.begin(!acts)
    }

    pub fn receive(&self, bytes: &ArrayBuffer) {
        self.screen.receive(bytes);
    }

    pub fn takes_text(&self) -> bool {
        self.screen.takes_text()
    }

    pub fn copy_in(&self, text: &str) {
        self.screen.copy_in(text);
    }

    pub fn scale(&self, fits: bool) {
        self.screen.scale(fits);
    }

    pub fn press(&self, combo: &Combo) {
        let keysyms: Vec<u32> = combo.keys.iter().map(|(keysym, _)| *keysym).collect();
        let codes = combo
            .keys
            .iter()
            .map(|(_, code)| JsValue::from_str(code))
            .collect();
        self.screen.press(&Uint32Array::from(&keysyms[..]), &codes);
    }

    /// Types; the hook `typed` hears how far it is.
    pub fn type_out(&self, plan: &Plan, pause: u32) {
        let keysyms: Vec<u32> = plan.strokes.iter().map(|stroke| stroke.keysym).collect();
        let codes = plan
            .strokes
            .iter()
            .map(|stroke| JsValue::from_str(stroke.code))
            .collect();
        let levels: Vec<u8> = plan.strokes.iter().map(|stroke| stroke.level.number()).collect();
        // It tells its end by the hook.
        let _ = self.screen.type_(
            &Uint32Array::from(&keysyms[..]),
            &codes,
            &Uint8Array::from(&levels[..]),
            pause,
            self.typed.as_ref().unchecked_ref(),
        );
    }

    pub fn stop(&self) {
        self.screen.stop();
    }

    pub fn save(&self, name: &str) {
        self.screen.save(name);
    }

    pub fn focus(&self) {
        self.screen.focus();
    }
}

impl Drop for Canvas {
    fn drop(&mut self) {
        self.screen.remove();
    }
}
