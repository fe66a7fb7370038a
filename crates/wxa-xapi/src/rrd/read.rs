//! Reading an answer of `rrd_updates`: of its columns only those that are used are kept, as 32-bit floats, so that a year of a
//! member with hundreds of VMs takes a few megabytes.
use super::{Legend, MOST_COLUMNS, MOST_ROWS, Row, Updates, number::Number};
use crate::loose;
use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::fmt;

impl<'de> Deserialize<'de> for Updates {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Whole)
    }
}

struct Whole;

impl<'de> Visitor<'de> for Whole {
    type Value = Updates;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("measurements")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Updates, A::Error> {
        let (mut meta, mut rows) = (None, None);
        // XAPI says first what the columns are; where it does not, all are kept until it does.
        let mut all = false;
        while let Some(member) = members.next_key::<String>()? {
            match member.as_str() {
                "meta" => meta = Some(members.next_value::<Meta>()?),
                "data" => {
                    all = meta.is_none();
                    let used = meta.as_ref().map(|meta| meta.legend.used.as_slice());
                    rows = Some(members.next_value_seed(Rows(used))?);
                }
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        let meta = meta.ok_or_else(|| de::Error::missing_field("meta"))?;
        let mut rows: Vec<Row> = rows.ok_or_else(|| de::Error::missing_field("data"))?;
        if all {
            for row in &mut rows {
                let used = row.values.iter().zip(&meta.legend.used);
                row.values = used.filter(|(_, used)| **used).map(|(value, _)| *value).collect();
            }
        }
        Ok(Updates {
            step: meta.step,
            legend: meta.legend.names,
            rows,
        })
    }
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default, deserialize_with = "loose::int")]
    step: i64,
    legend: Columns,
}

/// Which columns are used, and their names.
#[derive(Default)]
struct Columns {
    used: Vec<bool>,
    names: Vec<String>,
}

impl<'de> Deserialize<'de> for Columns {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Columns;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("names of columns")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Columns, A::Error> {
                let mut columns = Columns::default();
                while let Some(name) = items.next_element::<String>()? {
                    let used = Legend::uses(&name);
                    columns.used.push(used);
                    if used {
                        columns.names.push(name);
                    }
                    if columns.used.len() > MOST_COLUMNS {
                        return Err(de::Error::custom("a member measures more than there can be"));
                    }
                }
                Ok(columns)
            }
        }
        from.deserialize_seq(Names)
    }
}

/// Rows, of which the columns are kept that are used; all of them where that is not known yet.
#[derive(Clone, Copy)]
struct Rows<'a>(Option<&'a [bool]>);

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = Vec<Row>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Vec<Row>, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = Vec<Row>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<Row>, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = items.next_element_seed(OneRow(self.0))? {
            rows.push(row);
            if rows.len() > MOST_ROWS {
                return Err(de::Error::custom("a member keeps more than there can be"));
            }
        }
        Ok(rows)
    }
}

struct OneRow<'a>(Option<&'a [bool]>);

impl<'de> DeserializeSeed<'de> for OneRow<'_> {
    type Value = Row;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Row, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneRow<'_> {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Row, A::Error> {
        let (mut t, mut values) = (None, None);
        while let Some(member) = members.next_key::<String>()? {
            match member.as_str() {
                "t" => t = Some(members.next_value()?),
                "values" => values = Some(members.next_value_seed(RowValues(self.0))?),
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Row {
            t: t.ok_or_else(|| de::Error::missing_field("t"))?,
            values: values.ok_or_else(|| de::Error::missing_field("values"))?,
        })
    }
}

struct RowValues<'a>(Option<&'a [bool]>);

impl<'de> DeserializeSeed<'de> for RowValues<'_> {
    type Value = Box<[f32]>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Box<[f32]>, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for RowValues<'_> {
    type Value = Box<[f32]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Box<[f32]>, A::Error> {
        let kept = |used: &[bool]| used.iter().filter(|used| **used).count();
        let mut values = Vec::with_capacity(self.0.map_or(0, kept));
        // The last turn finds the end of a row of the greatest length.
        for column in 0..=MOST_COLUMNS {
            let used = self
                .0
                .is_none_or(|used| used.get(column).is_some_and(|used| *used));
            let more = match used {
                true => items
                    .next_element()?
                    .map(|Number(value)| values.push(value))
                    .is_some(),
                false => items.next_element::<IgnoredAny>()?.is_some(),
            };
            if !more {
                return Ok(values.into());
            }
        }
        Err(de::Error::custom("a row is longer than it can be"))
    }
}
