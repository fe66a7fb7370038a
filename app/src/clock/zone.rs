//! Time zones, asked of the browser: it has the rules of all of them, so that the module need not.
use super::Moment;
use js_sys::{Array, Date, Intl::DateTimeFormat, Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wxa_model::UnixMillis;

thread_local! {
    /// The formatter of the zone that was asked for last: making one takes longer than using it.
    static LAST: RefCell<Option<(String, DateTimeFormat)>> = const { RefCell::new(None) };
}

/// The same for parts of pages that place moments themselves.
pub fn at(at: UnixMillis, zone: &str) -> Moment {
    moment(at, zone)
}

/// What a wall clock and a calendar show at `at`: in `zone`, or in the browser's own where that is empty or unknown to it.
pub(super) fn moment(at: UnixMillis, zone: &str) -> Moment {
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    let zoned = (!zone.is_empty()).then(|| in_zone(&date, zone)).flatten();
    zoned.unwrap_or_else(|| Moment {
        year: date.get_full_year(),
        month: date.get_month() + 1,
        day: date.get_date(),
        hour: date.get_hours(),
        minute: date.get_minutes(),
    })
}

fn in_zone(date: &Date, zone: &str) -> Option<Moment> {
    let formatter = LAST.with_borrow_mut(|last| {
        if last.as_ref().is_none_or(|(name, _)| name != zone) {
            *last = Some((zone.to_owned(), formatter(zone)?));
        }
        last.as_ref().map(|(_, formatter)| formatter.clone())
    })?;
    let parts = formatter.format_to_parts(date);
    let part = |kind: &str| {
        let found = parts
            .iter()
            .find(|part| text(part, "type").as_deref() == Some(kind))?;
        text(&found, "value")?.parse::<u32>().ok()
    };
    Some(Moment {
        year: part("year")?,
        month: part("month")?,
        day: part("day")?,
        hour: part("hour")?,
        minute: part("minute")?,
    })
}

/// A zone that the browser does not know is an exception there and none here.
fn formatter(zone: &str) -> Option<DateTimeFormat> {
    let options = Object::new();
    for (key, value) in [
        ("timeZone", zone),
        ("hourCycle", "h23"),
        ("year", "numeric"),
        ("month", "numeric"),
        ("day", "numeric"),
        ("hour", "numeric"),
        ("minute", "numeric"),
    ] {
        Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    let maker: js_sys::Function = intl("DateTimeFormat")?.dyn_into().ok()?;
    let made = Reflect::construct(&maker, &Array::of2(&"en".into(), &options)).ok()?;
    Some(made.unchecked_into())
}

/// The browser's own zone.
pub fn own() -> Option<String> {
    let options = DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    text(&options, "timeZone")
}

/// All zones that the browser knows.
pub fn all() -> Vec<String> {
    let names = || {
        let list: js_sys::Function = intl("supportedValuesOf")?.dyn_into().ok()?;
        list.call1(&JsValue::UNDEFINED, &"timeZone".into()).ok()
    };
    names()
        .map(|names| {
            Array::from(&names)
                .iter()
                .filter_map(|name| name.as_string())
                .collect()
        })
        .unwrap_or_default()
}

fn intl(name: &str) -> Option<JsValue> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    Reflect::get(&intl, &name.into()).ok()
}

fn text(of: &JsValue, key: &str) -> Option<String> {
    Reflect::get(of, &key.into()).ok()?.as_string()
}
