//! What a container image is built from: the Containerfile and the release beside it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project::Project;

/// Puts both into a folder below `out`.
///
/// # Errors
/// When they can't be copied.
pub fn prepare(project: &Project, out: &Path, server: &Path) -> Result<PathBuf> {
    let folder = out.join("container");
    std::fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let recipe = project.path("packaging/container/Containerfile");
    for (from, name) in [(recipe.as_path(), "Containerfile"), (server, "webxenadmin")] {
        std::fs::copy(from, folder.join(name)).with_context(|| format!("copying {}", from.display()))?;
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use crate::project::Project;

    /// Lines that go on with a backslash are one instruction.
    fn instructions(text: &str) -> Vec<(String, String)> {
        let lines = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        let joined = lines.fold(String::new(), |text, line| match text.strip_suffix('\\') {
            Some(begun) => format!("{begun}{line}"),
            None => format!("{text}\n{line}"),
        });
        let split = |line: &str| {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            (word.to_owned(), rest.to_owned())
        };
        joined.trim().lines().map(split).collect()
    }

    #[test]
    fn the_container_runs_as_nobody_special_and_is_watched() {
        let path = Project::find().unwrap().path("packaging/container/Containerfile");
        let all = instructions(&std::fs::read_to_string(path).unwrap());
        let known = [
            "FROM",
            "RUN",
            "COPY",
            "USER",
            "ENV",
            "VOLUME",
            "EXPOSE",
            "HEALTHCHECK",
            "STOPSIGNAL",
            "ENTRYPOINT",
            "CMD",
        ];
        for (word, rest) in &all {
            assert!(known.contains(&word.as_str()), "{word}");
            // The exec form is JSON.
            let json = rest.find('[').map(|at| &rest[at..]);
            if matches!(word.as_str(), "ENTRYPOINT" | "CMD" | "HEALTHCHECK") {
                let words: Vec<String> = serde_json::from_str(json.unwrap()).unwrap();
                assert!(!words.is_empty(), "{rest}");
            }
        }
        let at = |word: &str| all.iter().position(|(found, _)| found == word);
        assert_eq!(at("FROM"), Some(0));
        assert!(at("USER") < at("ENTRYPOINT") && at("HEALTHCHECK").is_some());
        assert_eq!(all[at("USER").unwrap()].1, "webxenadmin");
    }
}
