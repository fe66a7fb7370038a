//! Values of the simulated pool's database: small, and cheap to copy, since ten thousand VMs have millions of them.

use std::sync::Arc;

use uuid::Uuid;

use super::schema::Type;
use crate::clock::civil;

/// A reference to an object; the null reference points nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Ref(pub(super) [u8; 16]);

impl Ref {
    pub(super) const NULL: Self = Self([0; 16]);

    pub(super) fn is_null(self) -> bool {
        self == Self::NULL
    }

    /// Reads `OpaqueRef:…`; an empty text and `OpaqueRef:NULL` are the null reference.
    pub(super) fn read(text: &str) -> Option<Self> {
        match text {
            "" | "OpaqueRef:NULL" => Some(Self::NULL),
            _ => {
                let uuid = Uuid::try_parse(text.strip_prefix("OpaqueRef:")?).ok()?;
                Some(Self(uuid.into_bytes()))
            }
        }
    }
}

impl std::fmt::Display for Ref {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.is_null() {
            true => f.write_str("OpaqueRef:NULL"),
            false => write!(f, "OpaqueRef:{}", Uuid::from_bytes(self.0)),
        }
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(Arc<str>),
    Int(i64),
    /// A number that XML-RPC writes with its type, as xapi does in `valid_ref_counts` only.
    Count(i64),
    Float(f64),
    Bool(bool),
    /// Seconds since 1970.
    Date(i64),
    Ref(Ref),
    Set(Arc<Vec<Value>>),
    /// In the order of the keys, which are always text on the wire.
    Map(Arc<Vec<(Arc<str>, Value)>>),
    Void,
}

impl Value {
    /// What a field holds before anybody said anything.
    pub(super) fn zero(ty: &Type) -> Self {
        match ty {
            Type::Text => Self::Text("".into()),
            Type::Int => Self::Int(0),
            Type::Float => Self::Float(0.0),
            Type::Bool => Self::Bool(false),
            Type::Date => Self::Date(0),
            Type::Ref(_) => Self::Ref(Ref::NULL),
            Type::Set(_) => Self::Set(Arc::default()),
            Type::Map(..) | Type::Record => Self::Map(Arc::default()),
            Type::Void => Self::Void,
        }
    }

    /// A default as the table writes it.
    pub(super) fn written(ty: &Type, text: &str) -> Self {
        match ty {
            Type::Int => Self::Int(text.parse().unwrap_or_default()),
            Type::Float => Self::Float(text.parse().unwrap_or_default()),
            Type::Bool => Self::Bool(text == "true"),
            Type::Text => Self::Text(text.into()),
            _ => Self::zero(ty),
        }
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    pub(super) fn int(&self) -> i64 {
        match self {
            Self::Int(number) | Self::Count(number) => *number,
            _ => 0,
        }
    }

    pub(super) fn float(&self) -> f64 {
        match self {
            Self::Float(number) => *number,
            Self::Int(number) => *number as f64,
            _ => 0.0,
        }
    }

    pub(super) fn is_true(&self) -> bool {
        matches!(self, Self::Bool(true))
    }

    pub(super) fn reference(&self) -> Ref {
        match self {
            Self::Ref(reference) => *reference,
            _ => Ref::NULL,
        }
    }

    pub(super) fn items(&self) -> &[Value] {
        match self {
            Self::Set(items) => items,
            _ => &[],
        }
    }

    pub(super) fn entries(&self) -> &[(Arc<str>, Value)] {
        match self {
            Self::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The entry of a map.
    pub(super) fn entry(&self, key: &str) -> Option<&Value> {
        self.entries()
            .iter()
            .find(|(at, _)| &**at == key)
            .map(|(_, value)| value)
    }

    pub(super) fn refs(&self) -> impl Iterator<Item = Ref> + '_ {
        self.items().iter().map(Value::reference)
    }

    pub(super) fn texts<'a>(items: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Set(Arc::new(items.into_iter().map(Value::from).collect()))
    }

    pub(super) fn of_refs(items: impl IntoIterator<Item = Ref>) -> Self {
        Self::Set(Arc::new(items.into_iter().map(Value::Ref).collect()))
    }

    /// A map; of equal keys the last one counts.
    pub(super) fn map<K: Into<Arc<str>>, V: Into<Value>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut sorted: Vec<(Arc<str>, Value)> = entries
            .into_iter()
            .map(|(key, value)| (key.into(), value.into()))
            .collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        sorted.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        Self::Map(Arc::new(sorted))
    }

    /// The map with one entry more, or another value for it.
    pub(super) fn with(&self, key: &str, value: Value) -> Self {
        let kept = self.entries().iter().filter(|(at, _)| &**at != key).cloned();
        Self::map(kept.chain([(Arc::from(key), value)]))
    }

    /// The map without an entry.
    pub(super) fn without(&self, key: &str) -> Self {
        Self::map(self.entries().iter().filter(|(at, _)| &**at != key).cloned())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Arc<str>> for Value {
    fn from(text: Arc<str>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<Ref> for Value {
    fn from(reference: Ref) -> Self {
        Self::Ref(reference)
    }
}

/// `20240102T03:04:05Z`.
pub(super) fn date_text(seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    format!(
        "{year:04}{month:02}{day:02}T{:02}:{:02}:{:02}Z",
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60
    )
}

/// Reads both forms that clients write, `20240102T03:04:05Z` and `2024-01-02T03:04:05Z`; without a zone it is UTC.
pub(super) fn read_date(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let digits: String = date.chars().filter(|c| *c != '-').collect();
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let time = time.trim_end_matches('Z').split('.').next()?;
    let mut parts = time.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days since 1970, counted from 1 March as in `civil`.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_they_are_written() {
        for seconds in [0, 951_782_400, 1_795_418_017, 4_102_444_800] {
            assert_eq!(read_date(&date_text(seconds)), Some(seconds));
        }
        assert_eq!(read_date("2024-01-02T03:04:05Z"), Some(1_704_164_645));
        assert_eq!(date_text(1_704_164_645), "20240102T03:04:05Z");
        assert_eq!(read_date("never"), None);
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let map = Value::map([("b", "1"), ("a", "2"), ("b", "3")]);
        assert_eq!(map.entry("b"), Some(&Value::from("3")));
        assert_eq!(map.entries().len(), 2);
    }
}
