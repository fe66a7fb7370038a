//! The works of others that are in the product: crates of the server and of the browser's module, packages from npm.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::cmd::Cmd;
use crate::project::Project;

/// What ends up in the product: each of our crates that is one, with the platform that it is built for.
const PRODUCTS: [(&str, &str); 2] = [
    ("server", "x86_64-unknown-linux-gnu"),
    ("frontend", "wasm32-unknown-unknown"),
];

/// Where a work comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// crates.io.
    Cargo,
    /// npm.
    Npm,
}

/// One work.
#[derive(Clone, Debug)]
pub struct Component {
    /// Where it comes from.
    pub from: Origin,
    /// Its name there.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, as an SPDX expression where its authors wrote one.
    pub license: String,
    /// Who made it, as far as it says.
    pub authors: Vec<String>,
    /// Where it is developed.
    pub repository: Option<String>,
    /// `SHA-256` or `SHA-512` with the digest of its archive, in hexadecimal.
    pub digest: Option<(&'static str, String)>,
    /// Texts of its licences and notices; none where it has none with it.
    pub texts: Vec<String>,
    /// The references of what it is built on.
    pub uses: Vec<String>,
}

impl Component {
    /// Its package URL, which also identifies it here.
    pub fn purl(&self) -> String {
        match self.from {
            Origin::Cargo => format!("pkg:cargo/{}@{}", self.name, self.version),
            Origin::Npm => format!("pkg:npm/{}@{}", self.name.replace('@', "%40"), self.version),
        }
    }
}

/// All of them, by name. `shipped` is the list that bundling left.
///
/// # Errors
/// When cargo can't tell, or a list can't be read.
pub fn list(project: &Project) -> Result<Vec<Component>> {
    let mut all = crates(project)?;
    all.extend(packages(project)?);
    all.sort_by(|a, b| (a.from, &a.name, &a.version).cmp(&(b.from, &b.name, &b.version)));
    Ok(all)
}

/// The crates among them.
///
/// # Errors
/// When cargo can't tell.
pub fn crates(project: &Project) -> Result<Vec<Component>> {
    let checksums = checksums(&std::fs::read_to_string(project.path("Cargo.lock"))?)?;
    let mut found = BTreeMap::new();
    for (product, platform) in PRODUCTS {
        let metadata = Cmd::new("cargo")
            .args([
                "metadata",
                "--format-version=1",
                "--locked",
                "--filter-platform",
                platform,
            ])
            .dir(&project.root)
            .output()?;
        let metadata: Value = serde_json::from_str(&metadata).context("reading `cargo metadata`")?;
        let packages: BTreeMap<&str, &Value> = array(&metadata["packages"])
            .map(|package| (text(&package["id"]), package))
            .collect();
        for (id, uses) in closure(&metadata, product) {
            let Some(package) = packages.get(id) else { continue };
            // What has no source is ours.
            if package["source"].is_null() || found.contains_key(id) {
                continue;
            }
            let purls = uses.iter().filter_map(|id| packages.get(id));
            let mut component = of_crate(package, &checksums);
            component.uses = purls
                .filter(|package| !package["source"].is_null())
                .map(|package| of_crate(package, &checksums).purl())
                .collect();
            component.texts = texts(package)?;
            found.insert(id.to_owned(), component);
        }
    }
    Ok(found.into_values().collect())
}

/// What `product` is built on, itself included, each with what it uses in turn; not what only builds or tests it.
fn closure<'a>(metadata: &'a Value, product: &str) -> BTreeMap<&'a str, Vec<&'a str>> {
    let nodes: BTreeMap<&str, &Value> = array(&metadata["resolve"]["nodes"])
        .map(|node| (text(&node["id"]), node))
        .collect();
    let mut left: Vec<&str> = array(&metadata["packages"])
        .filter(|package| package["name"] == product)
        .map(|package| text(&package["id"]))
        .collect();
    let mut found = BTreeMap::new();
    while let Some(id) = left.pop() {
        if found.contains_key(id) {
            continue;
        }
        let used = nodes.get(id).into_iter().flat_map(|node| array(&node["deps"]));
        let uses: Vec<&str> = used
            .filter(|dep| array(&dep["dep_kinds"]).any(|kind| kind["kind"].is_null()))
            .map(|dep| text(&dep["pkg"]))
            .collect();
        left.extend(&uses);
        found.insert(id, uses);
    }
    found
}

fn of_crate(package: &Value, checksums: &BTreeMap<(String, String), String>) -> Component {
    let (name, version) = (
        text(&package["name"]).to_owned(),
        text(&package["version"]).to_owned(),
    );
    let digest = checksums.get(&(name.clone(), version.clone()));
    Component {
        from: Origin::Cargo,
        // Older manifests write a choice with a slash.
        license: text(&package["license"]).replace('/', " OR "),
        authors: array(&package["authors"])
            .map(|author| text(author).to_owned())
            .collect(),
        repository: package["repository"].as_str().map(str::to_owned),
        digest: digest.map(|digest| ("SHA-256", digest.clone())),
        texts: Vec::new(),
        uses: Vec::new(),
        name,
        version,
    }
}

/// The texts that lie beside a crate's manifest. Where there is a choice of licences, the short one that leaves the most is taken.
fn texts(package: &Value) -> Result<Vec<String>> {
    let manifest = PathBuf::from(text(&package["manifest_path"]));
    let dir = manifest.parent().context("a manifest is in a folder")?;
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(dir).with_context(|| format!("reading {}", dir.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let legal = [
            "LICENSE",
            "LICENCE",
            "COPYING",
            "NOTICE",
            "COPYRIGHT",
            "UNLICENSE",
        ];
        if entry.path().is_file() && legal.iter().any(|start| name.to_uppercase().starts_with(start)) {
            names.insert(name);
        }
    }
    let choice = text(&package["license"]).contains(" OR ") || text(&package["license"]).contains('/');
    let mit = names.iter().any(|name| is_mit(name));
    if choice && mit {
        names.retain(|name| is_mit(name) || name.to_uppercase().starts_with("NOTICE"));
    }
    let read = |name: &String| {
        let path = dir.join(name);
        let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        Ok(String::from_utf8_lossy(&bytes)
            .replace('\r', "")
            .trim()
            .to_owned())
    };
    names.iter().map(read).collect()
}

fn is_mit(name: &str) -> bool {
    name.to_uppercase().contains("MIT")
}

/// Name and version → the archive's SHA-256.
fn checksums(lock: &str) -> Result<BTreeMap<(String, String), String>> {
    let lock: toml::Table = lock.parse().context("reading Cargo.lock")?;
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let known = packages.into_iter().flatten().filter_map(|package| {
        let text = |key: &str| Some(package.get(key)?.as_str()?.to_owned());
        Some(((text("name")?, text("version")?), text("checksum")?))
    });
    Ok(known.collect())
}

fn packages(project: &Project) -> Result<Vec<Component>> {
    let shipped = read(&project.work("vendor/shipped.json"))?;
    let lock = read(&project.path("frontend/package-lock.json"))?;
    Ok(array(&shipped)
        .map(|package| of_package(package, &lock))
        .collect())
}

fn of_package(package: &Value, lock: &Value) -> Component {
    let name = text(&package["name"]).to_owned();
    let integrity = text(&lock["packages"][format!("node_modules/{name}")]["integrity"]);
    Component {
        from: Origin::Npm,
        version: text(&package["version"]).to_owned(),
        license: text(&package["license"]).to_owned(),
        authors: Vec::new(),
        repository: None,
        digest: integrity
            .strip_prefix("sha512-")
            .and_then(hex_of_base64)
            .map(|digest| ("SHA-512", digest)),
        texts: vec![text(&package["text"]).to_owned()],
        uses: Vec::new(),
        name,
    }
}

/// Digests are written in base64 by npm, in hexadecimal by everybody else.
fn hex_of_base64(digest: &str) -> Option<String> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut hex = String::new();
    let (mut bits, mut held) = (0u32, 0u32);
    for byte in digest.trim_end_matches('=').bytes() {
        let value = alphabet.iter().position(|letter| *letter == byte)?;
        held = (held << 6) | u32::try_from(value).ok()?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            hex += &format!("{:02x}", (held >> bits) & 0xff);
            held &= (1 << bits) - 1;
        }
    }
    Some(hex)
}

fn read(path: &std::path::Path) -> Result<Value> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("reading {}\n  what to do: `cargo xtask build`", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_only_builds_or_tests_the_product_is_not_in_it() {
        let dep = |pkg: &str, kind: Value| json!({ "pkg": pkg, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [{ "name": "server", "id": "s" }],
            "resolve": { "nodes": [
                { "id": "s", "deps": [dep("a", Value::Null), dep("b", json!("dev")), dep("c", json!("build"))] },
                { "id": "a", "deps": [dep("d", Value::Null)] },
                { "id": "b", "deps": [] }, { "id": "c", "deps": [] }, { "id": "d", "deps": [] },
            ]},
        });
        let found: Vec<&str> = closure(&metadata, "server").into_keys().collect();
        assert_eq!(found, ["a", "d", "s"]);
    }

    #[test]
    fn packages_carry_their_digest_and_a_valid_address() {
        let lock = json!({ "packages": { "node_modules/@xterm/xterm": { "integrity": "sha512-AAEC/w==" } } });
        let package = json!({ "name": "@xterm/xterm", "version": "6.0.0", "license": "MIT", "text": "…" });
        let component = of_package(&package, &lock);
        assert_eq!(component.purl(), "pkg:npm/%40xterm/xterm@6.0.0");
        assert_eq!(component.digest, Some(("SHA-512", "000102ff".to_owned())));
    }
}
