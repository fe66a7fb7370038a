//! `vgs` and `lvs --reportformat json`: LVM's volume groups and volumes.
use super::printable;
use serde::Deserialize;
use std::collections::HashMap;
use wxa_model::{
    Bytes,
    host_details::{Volume, VolumeGroup, VolumeKind},
};

/// Rows that are kept at most.
const MOST: usize = 10_000;

#[derive(Deserialize)]
struct Report {
    report: Vec<HashMap<String, Vec<HashMap<String, serde_json::Value>>>>,
}

/// Parses what `vgs` printed; none when it is no report.
pub fn groups(text: &str) -> Option<Vec<VolumeGroup>> {
    let group = |row: &Row| {
        Some(VolumeGroup {
            name: row.text("vg_name")?,
            size: row.size("vg_size")?,
            free: row.size("vg_free")?,
            volumes: row.number("lv_count").unwrap_or(0),
            disks: row.number("pv_count").unwrap_or(0),
        })
    };
    Some(rows(text, "vg")?.iter().filter_map(group).collect())
}

/// The command that tells `columns` of what `program` (`vgs`, `lvs`) lists.
pub(crate) fn words<'a>(program: &'a str, columns: &'a str) -> [&'a str; 8] {
    [
        program,
        "--reportformat",
        "json",
        "--units",
        "b",
        "--nosuffix",
        "-o",
        columns,
    ]
}

/// Parses what `lvs` printed; none when it is no report.
pub fn volumes(text: &str) -> Option<Vec<Volume>> {
    let volume = |row: &Row| {
        let attributes = row.text("lv_attr").unwrap_or_default();
        let attribute = |n: usize| attributes.chars().nth(n).unwrap_or('-');
        Some(Volume {
            group: row.text("vg_name")?,
            name: row.text("lv_name")?,
            size: row.size("lv_size")?,
            kind: kind(attribute(0)),
            pool: row.text("pool_lv").unwrap_or_default(),
            origin: row.text("origin").unwrap_or_default(),
            used_percent: row.text("data_percent").and_then(|percent| percent.parse().ok()),
            open: attribute(5) == 'o',
        })
    };
    Some(rows(text, "lv")?.iter().filter_map(volume).collect())
}

fn kind(attribute: char) -> VolumeKind {
    match attribute {
        '-' | 'o' | 'O' => VolumeKind::Plain,
        't' => VolumeKind::ThinPool,
        'V' => VolumeKind::Thin,
        's' | 'S' => VolumeKind::Snapshot,
        _ => VolumeKind::Other,
    }
}

struct Row(HashMap<String, serde_json::Value>);

impl Row {
    /// Newer versions print some numbers as numbers.
    fn text(&self, key: &str) -> Option<String> {
        match self.0.get(key)? {
            serde_json::Value::String(text) => Some(printable(text.trim())),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    fn number(&self, key: &str) -> Option<u32> {
        self.text(key)?.parse().ok()
    }

    fn size(&self, key: &str) -> Option<Bytes> {
        size(&self.text(key)?)
    }
}

fn rows(text: &str, what: &str) -> Option<Vec<Row>> {
    let report: Report = serde_json::from_str(text).ok()?;
    let rows = report
        .report
        .into_iter()
        .filter_map(|mut part| part.remove(what))
        .flatten();
    Some(rows.take(MOST).map(Row).collect())
}

/// `4290772992`, `4290772992B`, `256.00m` or `<4.00g`.
fn size(text: &str) -> Option<Bytes> {
    let text = text.trim_start_matches('<');
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor: u64 = match text.get(digits.len()..)?.to_ascii_lowercase().as_str() {
        "" | "b" => return digits.split('.').next()?.parse().ok().map(Bytes),
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        "t" => 1 << 40,
        "p" => 1 << 50,
        _ => return None,
    };
    let number: f64 = digits.parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(Bytes((number * factor as f64) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn real_reports_are_read() {
        let groups = groups(include_str!("../../tests/captures/vgs.txt")).unwrap();
        let group = VolumeGroup {
            name: "vg0".into(),
            size: Bytes(4 << 30),
            free: Bytes(3840 << 20),
            volumes: 1,
            disks: 1,
        };
        assert_eq!(groups, [group]);
        let volumes = volumes(include_str!("../../tests/captures/lvs.txt")).unwrap();
        let volume = Volume {
            group: "vg0".into(),
            name: "lvm-disk".into(),
            size: Bytes(256 << 20),
            kind: VolumeKind::Plain,
            pool: String::new(),
            origin: String::new(),
            used_percent: None,
            open: true,
        };
        assert_eq!(volumes, [volume]);
    }

    #[test]
    fn pools_and_snapshots_are_told_apart() {
        let text = r#"{"report":[{"lv":[
            {"lv_name":"thin","vg_name":"vg0","lv_attr":"twi-aotz--","lv_size":"107374182400","data_percent":"63.12"},
            {"lv_name":"a","vg_name":"vg0","lv_attr":"Vwi-aotz--","lv_size":"1073741824B","pool_lv":"thin","data_percent":"10.00"},
            {"lv_name":"s","vg_name":"vg0","lv_attr":"swi-a-s---","lv_size":"1.00g","origin":"b","data_percent":"0.01"},
            {"lv_name":"broken","vg_name":"vg0"}]}]}"#;
        let seen: Vec<_> = volumes(text)
            .unwrap()
            .into_iter()
            .map(|one| (one.name, one.kind, one.size.0, one.used_percent, one.open))
            .collect();
        assert_eq!(
            seen,
            [
                (
                    "thin".into(),
                    VolumeKind::ThinPool,
                    107_374_182_400,
                    Some(63.12),
                    true
                ),
                ("a".into(), VolumeKind::Thin, 1 << 30, Some(10.0), true),
                ("s".into(), VolumeKind::Snapshot, 1 << 30, Some(0.01), false),
            ]
        );
    }

    #[test]
    fn a_host_without_volumes_has_none_and_nonsense_is_no_report() {
        assert_eq!(groups(r#"{"report":[{"vg":[]}]}"#), Some(vec![]));
        assert_eq!(groups("  No volume groups found"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(value in "[<0-9.a-zA-Zé-]{0,12}", text in ".{0,80}") {
            size(&value);
            volumes(&text);
            volumes(&format!(r#"{{"report":[{{"lv":[{{"lv_name":"x","vg_name":"y","lv_size":"{value}","lv_attr":"{value}"}}]}}]}}"#));
        }
    }
}
