//! The class `Chart` of `frontend/js/charts.mjs`, fetched with the first chart that a page shows.
use js_sys::{Array, Float32Array, Float64Array, Object, Promise, Reflect};
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

// `charts` is another name of our `lazy.mjs`, given when esbuild bundles it (`--alias`): its `loadCharts()` fetches the real thing.
#[wasm_bindgen(module = "charts")]
extern "C" {
    #[wasm_bindgen(js_name = "loadCharts", catch)]
    fn load_charts() -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_name = "saveText")]
    fn js_save_text(name: &str, kind: &str, text: &str);

    type Chart;

    #[wasm_bindgen(constructor, catch)]
    fn new(root: &HtmlElement, hooks: &Object) -> Result<Chart, JsValue>;

    #[wasm_bindgen(method)]
    fn draw(
        this: &Chart,
        x: &Float64Array,
        columns: &Array,
        lines: &Float64Array,
        marks: &Float64Array,
        span: &Float64Array,
        binary: bool,
    );

    #[wasm_bindgen(method)]
    fn cursor(this: &Chart, at: f64);

    #[wasm_bindgen(method)]
    fn png(this: &Chart, name: &str, title: &str, notes: &str);

    #[wasm_bindgen(method)]
    fn remove(this: &Chart);
}

/// Fetches what draws charts, once for the page.
pub(super) async fn load() -> Result<(), JsValue> {
    JsFuture::from(load_charts()?).await.map(|_| ())
}

/// Saves a text as a file. [`load`] has finished.
pub(super) fn save_text(name: &str, kind: &str, text: &str) {
    js_save_text(name, kind, text);
}

/// What a chart draws, in columns.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    /// Begins of the steps, in milliseconds.
    pub x: Vec<f64>,
    /// Three for each line: mean, least, largest.
    pub columns: Vec<Vec<f32>>,
    /// Three for each line: colour, dash, whether it has a band.
    pub lines: Vec<f64>,
    /// Moments of events.
    pub marks: Vec<f64>,
    /// From, to, and the top of the scale or 0.
    pub span: [f64; 3],
    /// Whether the scale goes by powers of two.
    pub binary: bool,
}

/// What a chart asks and tells.
pub(super) struct Hooks {
    /// The reader's time zone; empty for the browser's own.
    pub zone: String,
    /// What stands under a moment, given how long the range is; both in milliseconds.
    pub label: Box<dyn Fn(f64, f64) -> String>,
    /// What stands beside a value.
    pub value: Box<dyn Fn(f64) -> String>,
    /// The pointer is at a moment, or left (not a number).
    pub moved: Box<dyn Fn(f64)>,
    /// A range was drawn with the pointer.
    pub zoomed: Box<dyn Fn(f64, f64)>,
    /// A double click.
    pub back: Box<dyn Fn()>,
}

/// A chart in the page. Dropping it removes it.
pub(super) struct Canvas {
    chart: Chart,
    // Called for as long as the chart lives: they are kept beside it.
    _label: Closure<dyn Fn(f64, f64) -> String>,
    _value: Closure<dyn Fn(f64) -> String>,
    _moved: Closure<dyn Fn(f64)>,
    _zoomed: Closure<dyn Fn(f64, f64)>,
    _back: Closure<dyn Fn()>,
}

impl Canvas {
    /// Puts a chart into `root`. [`load`] has finished.
    pub fn open(root: &HtmlElement, hooks: Hooks) -> Result<Self, JsValue> {
        let label = Closure::<dyn Fn(f64, f64) -> String>::new(hooks.label);
        let value = Closure::<dyn Fn(f64) -> String>::new(hooks.value);
        let moved = Closure::<dyn Fn(f64)>::new(hooks.moved);
        let zoomed = Closure::<dyn Fn(f64, f64)>::new(hooks.zoomed);
        let back = Closure::<dyn Fn()>::new(hooks.back);
        let object = Object::new();
        let pairs: [(&str, &JsValue); 6] = [
            ("zone", &JsValue::from_str(&hooks.zone)),
            ("label", label.as_ref()),
            ("value", value.as_ref()),
            ("moved", moved.as_ref()),
            ("zoomed", zoomed.as_ref()),
            ("back", back.as_ref()),
        ];
        for (key, value) in pairs {
            Reflect::set(&object, &key.into(), value)?;
        }
        Ok(Self {
            chart: Chart::new(root, &object)?,
            _label: label,
            _value: value,
            _moved: moved,
            _zoomed: zoomed,
            _back: back,
        })
    }

    /// Draws it with the next frame in which it can be seen.
    pub fn draw(&self, drawing: &Drawing) {
        let columns: Array = drawing
            .columns
            .iter()
            .map(|column| JsValue::from(Float32Array::from(column.as_slice())))
            .collect();
        self.chart.draw(
            &Float64Array::from(drawing.x.as_slice()),
            &columns,
            &Float64Array::from(drawing.lines.as_slice()),
            &Float64Array::from(drawing.marks.as_slice()),
            &Float64Array::from(drawing.span.as_slice()),
            drawing.binary,
        );
    }

    /// Puts the cross-hair at a moment; not a number takes it away.
    pub fn cursor(&self, at: f64) {
        self.chart.cursor(at);
    }

    /// Saves it as a picture.
    pub fn png(&self, name: &str, title: &str, notes: &str) {
        self.chart.png(name, title, notes);
    }
}

impl Drop for Canvas {
    fn drop(&mut self) {
        self.chart.remove();
    }
}
