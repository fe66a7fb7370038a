//! `xenstore-watch`: which of its lines mean that something about domains may have changed.

/// Whether the line is a reason to look at the host again. A guest writes to its own subtree as fast as it likes
/// (`data`, `device`, `control/feature-…`): such lines are none.
pub fn is_news(line: &str) -> bool {
    let line = line.trim();
    if line == "@introduceDomain" || line == "@releaseDomain" {
        return true;
    }
    let Some(rest) = line.strip_prefix("/local/domain/") else {
        return false;
    };
    let (domid, path) = rest.split_once('/').unwrap_or((rest, ""));
    if domid.is_empty() || domid == "0" || !domid.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    matches!(
        path,
        "" | "name" | "memory/target" | "memory/static-max" | "console/tty"
    )
}

#[cfg(test)]
mod tests {
    use super::is_news;

    #[test]
    fn coming_going_renaming_and_memory_are_news() {
        for line in [
            "@introduceDomain",
            "@releaseDomain",
            "/local/domain/8",
            "/local/domain/8/name",
            "/local/domain/8/memory/target",
        ] {
            assert!(is_news(line), "{line}");
        }
    }

    #[test]
    fn what_a_guest_writes_itself_is_not() {
        for line in [
            "",
            "/local/domain",
            "/local/domain/8/data/flood",
            "/local/domain/8/data",
            "/local/domain/8/name/x",
            "/local/domain/x",
            "/local/domain/0/backend/vif/8/0/state",
        ] {
            assert!(!is_news(line), "{line}");
        }
    }
}
