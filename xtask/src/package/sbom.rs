//! The list of parts, in the form CycloneDX 1.5: what scanners for known faults read.

use serde_json::{Value, json};

use crate::build::source::Source;
use crate::components::Component;

const PRODUCT: &str = "webxenadmin";

/// The document.
pub fn cyclonedx(all: &[Component], source: &Source) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    let product = format!("pkg:generic/{PRODUCT}@{version}");
    let everything: Vec<String> = all.iter().map(Component::purl).collect();
    let mut dependencies = vec![json!({ "ref": product, "dependsOn": everything })];
    dependencies.extend(all.iter().map(|component| {
        let mut uses = component.uses.clone();
        uses.sort();
        uses.dedup();
        json!({ "ref": component.purl(), "dependsOn": uses })
    }));
    let mut document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": product,
                "name": PRODUCT,
                "version": version,
                "purl": product,
                "licenses": [{ "license": { "id": "Apache-2.0" } }],
            },
        },
        "components": all.iter().map(entry).collect::<Vec<_>>(),
        "dependencies": dependencies,
    });
    if !source.date.is_empty() {
        document["metadata"]["timestamp"] = json!(format!("{}T00:00:00Z", source.date));
    }
    document
}

fn entry(component: &Component) -> Value {
    let mut entry = json!({
        "type": "library",
        "bom-ref": component.purl(),
        "name": component.name,
        "version": component.version,
        "purl": component.purl(),
        "licenses": [{ "expression": component.license }],
    });
    if let Some((algorithm, digest)) = &component.digest {
        entry["hashes"] = json!([{ "alg": algorithm, "content": digest }]);
    }
    if let Some(repository) = &component.repository {
        entry["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::crates;
    use crate::project::Project;
    use std::collections::BTreeSet;

    /// What the format's schema demands, and that every reference leads somewhere.
    #[test]
    fn the_list_of_parts_is_what_the_format_demands() {
        let all = crates(&Project::find().unwrap()).unwrap();
        assert!(all.len() > 100, "{} crates", all.len());
        let source = Source {
            date: "2026-11-25".to_owned(),
            ..Source::default()
        };
        let document = cyclonedx(&all, &source);
        assert_eq!(document["bomFormat"], "CycloneDX");
        assert_eq!(document["specVersion"], "1.5");
        assert_eq!(document["metadata"]["timestamp"], "2026-11-25T00:00:00Z");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut known = BTreeSet::from([text(&document["metadata"]["component"]["bom-ref"])]);
        for component in document["components"].as_array().unwrap() {
            for field in ["type", "name", "version"] {
                assert!(!text(&component[field]).is_empty(), "{component}");
            }
            assert!(
                !text(&component["licenses"][0]["expression"]).contains('/'),
                "{component}"
            );
            let hash = &component["hashes"][0];
            assert_eq!(
                (text(&hash["alg"]), text(&hash["content"]).len()),
                ("SHA-256".into(), 64)
            );
            assert!(known.insert(text(&component["bom-ref"])), "twice: {component}");
        }
        for dependency in document["dependencies"].as_array().unwrap() {
            assert!(known.contains(&text(&dependency["ref"])), "{dependency}");
            for used in dependency["dependsOn"].as_array().unwrap() {
                assert!(known.contains(&text(used)), "{used} of {dependency}");
            }
        }
    }
}
