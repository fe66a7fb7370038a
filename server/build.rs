//! Puts the site into the program when `WXA_EMBED_SITE` names its folder, as `cargo xtask build --release` does. Without it the
//! program reads a folder at run time, so that plain `cargo build` and the tests need no site.
#![allow(
    clippy::expect_used,
    reason = "a build script that cannot go on must stop the build"
)]
use std::{env, fmt::Write as _, fs, path::Path};

const FOLDER: &str = "WXA_EMBED_SITE";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed={FOLDER}");
    let mut files = Vec::new();
    if let Some(folder) = env::var_os(FOLDER).filter(|folder| !folder.is_empty()) {
        let folder = Path::new(&folder);
        // It names every file with its content's digest: it changes whenever any of them does.
        println!(
            "cargo:rerun-if-changed={}",
            folder.join("manifest.json").display()
        );
        collect(folder, "", &mut files);
        files.sort();
    }
    let mut code = String::from("pub(super) static FILES: &[(&str, &[u8])] = &[\n");
    for (address, path) in &files {
        // A gzip variant stands in for the plain one.
        if !files.iter().any(|(other, _)| *other == format!("{address}.gz")) {
            writeln!(code, "    ({address:?}, include_bytes!({path:?})),").expect("a text");
        }
    }
    code += "];\n";
    let out = env::var_os("OUT_DIR").expect("cargo's folder for results");
    fs::write(Path::new(&out).join("embedded_site.rs"), code).expect("the list of the site's files");
}

fn collect(folder: &Path, prefix: &str, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the site's folder") {
        let path = entry.expect("a file of the site").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a plain name");
        let address = format!("{prefix}/{name}");
        if path.is_dir() {
            collect(&path, &address, into);
        } else {
            into.push((address, path.to_str().expect("a plain path").to_owned()));
        }
    }
}
