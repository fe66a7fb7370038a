//! What a browser calls itself, in words. Good for recognising one's own, never for deciding anything.

/// The longest part of an unknown program's name that is shown, in characters.
const MOST: usize = 40;

/// A browser and its system, such as `Firefox on Linux`; an unknown program by what it says.
pub fn words(agent: &str) -> String {
    let has = |part: &&(&str, &str)| agent.contains(part.0);
    let Some((_, browser)) = BROWSERS.iter().find(has) else {
        return match agent.trim() {
            "" => "Not told".into(),
            other => other.chars().take(MOST).collect(),
        };
    };
    match SYSTEMS.iter().find(has) {
        Some((_, system)) => format!("{browser} on {system}"),
        None => (*browser).to_owned(),
    }
}

// Browsers claim to be each other: the more special one comes first.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("HeadlessChrome/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart_though_they_claim_to_be_each_other() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(words(chrome), "Chrome on Windows");
        assert_eq!(words(&format!("{chrome} Edg/140.0")), "Edge on Windows");
        assert_eq!(
            words("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            "Firefox on Linux"
        );
        assert_eq!(
            words(
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1"
            ),
            "Safari on iPhone"
        );
        assert_eq!(words("curl/8.14.1"), "curl/8.14.1");
        assert_eq!(words(""), "Not told");
    }
}
