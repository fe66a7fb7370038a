//! What tools say when something goes wrong, and what kind of error that is.
use wxa_driver::{Error, ErrorKind};

/// How much of a tool's words goes into an error.
const KEPT: usize = 1200;

/// Whether words on stderr mean failure although the exit status is 0 (`xl pause 4242` does that).
pub fn tells_failure(stderr: &str) -> bool {
    stderr.lines().any(|line| {
        line.contains(": error:")
            || line.contains("is an invalid domain identifier")
            || line.contains("No such process")
    })
}

/// Makes an error of a command that failed.
pub fn to_error(what: &str, status: Option<u32>, stderr: &str) -> Error {
    let said = tidy(stderr);
    let has = |words: &str| said.contains(words);
    let code = status.map_or_else(|| "signal".to_owned(), |status| status.to_string());
    let main = main_line(&said);
    let sudo = said
        .lines()
        .find(|line| line.starts_with("sudo:") && line.contains("command not found"));
    if status == Some(127) || (status == Some(126) && has("ermission denied")) || sudo.is_some() {
        return Error::new(
            ErrorKind::NotSupported { action: None },
            format!(
                "The host does not have the tool, or the account's PATH does not lead to it: {}",
                sudo.unwrap_or(&main)
            ),
        );
    }
    if let Some(line) = said.lines().find(|line| sudo_refuses(line)) {
        return Error::new(
            ErrorKind::PermissionDenied,
            format!("The account may not do this through sudo -n on the host: {line}"),
        );
    }
    if has("connect to xenstore") || has("xs_open") && !has("ermission denied") {
        return Error::new(
            ErrorKind::Refused {
                code: "xenstored".to_owned(),
            },
            format!(
                "xenstored does not answer on the host: nothing can be listed or done until it runs again (see `systemctl \
                 status xenstored` there; usually the host has to be restarted). {main}"
            ),
        );
    }
    if has("must be root")
        || has("Permission denied") && has("/proc/xen")
        || has("Could not open control interface")
        || has("cannot init xl context")
    {
        return Error::new(
            ErrorKind::PermissionDenied,
            format!(
                "Xen's tools cannot be used by this account on the host (or the host does not run Xen): {main}"
            ),
        );
    }
    if has("is an invalid domain identifier")
        || has("No such process")
        || has("maybe this domain does not exist")
    {
        return Error::new(
            ErrorKind::NotFound,
            format!("{what}: the host does not know it. {main}"),
        );
    }
    if has("Could not lock") {
        return Error::new(ErrorKind::Busy, main);
    }
    let advice = advice(&said);
    let mut message = format!("{what} was refused: {}", advice.unwrap_or(&main));
    if !said.is_empty() && said != main {
        message.push_str("\n\nThe host said:\n");
        message.push_str(&said);
    } else if advice.is_some() {
        message.push_str(&format!(" ({main})"));
    }
    Error::new(ErrorKind::Refused { code }, message)
}

/// Whether sudo itself says no. It says other things too, such as that the host's name cannot be resolved.
fn sudo_refuses(line: &str) -> bool {
    let said = [
        "password",
        "not allowed",
        "sudoers",
        "terminal",
        "tty",
        "authenticat",
    ];
    let from_sudo = line.starts_with("sudo:") || line.starts_with("Sorry, user ");
    from_sudo && said.iter().any(|words| line.contains(words)) || line.contains("is not in the sudoers file")
}

/// In our words, for the failures that people meet most.
fn advice(said: &str) -> Option<&'static str> {
    let has = |words: &str| said.contains(words);
    if has("Out of memory")
        || has("Cannot allocate memory")
        || has("not enough memory")
        || has("not enough free memory")
        || has("failed to free memory")
    {
        Some("the host has not enough free memory.")
    } else if has("already exists") {
        Some("a domain of that name exists already.")
    } else if has("Could not find bridge") {
        Some("a network bridge that the definition names does not exist on the host.")
    } else if has("failed to stat") || has("xc_dom_kernel_file failed") {
        Some("a file or disk that the definition names does not exist on the host.")
    } else if has("Failed to read config file") {
        Some("the definition file is no longer there.")
    } else if has("config parsing error") || has("Failed to parse config") {
        Some("the definition cannot be read.")
    } else if has("PV control interface not available") {
        Some("the guest has no drivers that could hear it. Power it off if it must stop.")
    } else if has("didn't acknowledge control request") {
        Some("the guest did not answer. Power it off if it must stop.")
    } else {
        None
    }
}

/// The line that says most: the first error, without the place in libxl's source.
fn main_line(said: &str) -> String {
    let line = said
        .lines()
        .find(|line| line.contains("error"))
        .or_else(|| {
            let prelude = ["Parsing config", "sudo: unable to resolve host"];
            let tells = |line: &&str| !prelude.iter().any(|words| line.starts_with(words));
            said.lines().find(tells)
        })
        .unwrap_or("the host said nothing about why.");
    // "libxl: error: libxl_dom.c:586:libxl__build_dom: what happened"
    match line
        .strip_prefix("libxl: error: ")
        .and_then(|rest| rest.split_once(": "))
    {
        Some((place, rest)) if place.contains(".c:") => rest,
        Some((place, rest)) if place.contains(".c") => rest,
        _ => line.strip_prefix("xc: error: ").unwrap_or(line),
    }
    .to_owned()
}

/// Bounded, one line per line, nothing that could play with a terminal.
pub fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut bytes = 0;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if bytes + line.len() > KEPT {
            lines.push("…".to_owned());
            break;
        }
        bytes += line.len();
        lines.push(super::printable(line));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use proptest::prelude::*;

    fn first_line(what: &str, status: u32, stderr: &str) -> String {
        let error = to_error(what, Some(status), stderr);
        format!(
            "{:?}: {}",
            error.kind,
            error.message.lines().next().unwrap_or_default()
        )
    }

    #[test]
    fn real_refusals_are_explained() {
        let seen = [
            first_line(
                "Starting toobig",
                3,
                include_str!("../../tests/captures/err-create-toobig.err"),
            ),
            first_line(
                "Starting tiny",
                3,
                include_str!("../../tests/captures/err-create-dup.err"),
            ),
            first_line(
                "Starting nb",
                3,
                include_str!("../../tests/captures/err-create-nobridge.err"),
            ),
            first_line(
                "Starting nd",
                3,
                include_str!("../../tests/captures/err-create-nodisk.err"),
            ),
            first_line(
                "Starting nk",
                3,
                include_str!("../../tests/captures/err-create-nokernel.err"),
            ),
            first_line(
                "Starting gone",
                1,
                include_str!("../../tests/captures/err-create-nofile.err"),
            ),
            first_line(
                "Starting bad",
                1,
                include_str!("../../tests/captures/err-create-syntax.err"),
            ),
            first_line(
                "Pausing x",
                0,
                include_str!("../../tests/captures/err-pause-unknown.err"),
            ),
            first_line(
                "Powering off x",
                1,
                include_str!("../../tests/captures/err-destroy-unknown.err"),
            ),
            first_line(
                "Powering off Domain-0",
                1,
                include_str!("../../tests/captures/err-dom0-destroy.err"),
            ),
            first_line("Listing", 1, "sudo: a password is required\n"),
            first_line("Listing", 127, "sh: 1: xl: not found\n"),
            first_line("Listing", 1, "sudo: xl: command not found\n"),
            first_line(
                "Listing",
                1,
                "Sorry, user ops is not allowed to execute '/usr/sbin/xl list' as root on xen-1.\n",
            ),
            first_line(
                "Pausing web",
                1,
                "sudo: unable to resolve host xen-1: Name or service not known\nnosuch is an invalid domain identifier (rc=-6)\n",
            ),
            first_line(
                "Listing",
                1,
                "libxl: error: libxl.c:110:libxl_ctx_alloc: cannot connect to xenstore: Connection refused\ncannot init xl context\n",
            ),
            first_line("x", 1, "\u{1b}[31mred\u{7}"),
            first_line("x", 1, ""),
        ];
        expect![[r#"
            Refused { code: "3" }: Starting toobig was refused: the host has not enough free memory.
            Refused { code: "3" }: Starting tiny was refused: a domain of that name exists already.
            Refused { code: "3" }: Starting nb was refused: a network bridge that the definition names does not exist on the host.
            Refused { code: "3" }: Starting nd was refused: a file or disk that the definition names does not exist on the host.
            Refused { code: "3" }: Starting nk was refused: a file or disk that the definition names does not exist on the host.
            Refused { code: "1" }: Starting gone was refused: the definition file is no longer there. (Failed to read config file: /nope.cfg: No such file or directory)
            Refused { code: "1" }: Starting bad was refused: the definition cannot be read.
            NotFound: Pausing x: the host does not know it. Domain 4242:Pausing domain: No such process
            NotFound: Powering off x: the host does not know it. nosuch is an invalid domain identifier (rc=-6)
            Refused { code: "1" }: Powering off Domain-0 was refused: Not destroying domain 0; use -f to force.
            PermissionDenied: The account may not do this through sudo -n on the host: sudo: a password is required
            NotSupported { action: None }: The host does not have the tool, or the account's PATH does not lead to it: sh: 1: xl: not found
            NotSupported { action: None }: The host does not have the tool, or the account's PATH does not lead to it: sudo: xl: command not found
            PermissionDenied: The account may not do this through sudo -n on the host: Sorry, user ops is not allowed to execute '/usr/sbin/xl list' as root on xen-1.
            NotFound: Pausing web: the host does not know it. nosuch is an invalid domain identifier (rc=-6)
            Refused { code: "xenstored" }: xenstored does not answer on the host: nothing can be listed or done until it runs again (see `systemctl status xenstored` there; usually the host has to be restarted). cannot connect to xenstore: Connection refused
            Refused { code: "1" }: x was refused: �[31mred�
            Refused { code: "1" }: x was refused: the host said nothing about why."#]].assert_eq(&seen.join("\n"));
    }

    #[test]
    fn a_zero_exit_status_is_not_trusted() {
        assert!(tells_failure(include_str!(
            "../../tests/captures/err-pause-unknown.err"
        )));
        assert!(!tells_failure("Parsing config from /etc/xen/tiny.cfg\n"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(libxl: error: |xc: error: |a.c:1: |.|\n){0,200}") {
            let error = to_error("x", Some(1), &text);
            prop_assert!(error.message.len() < 4 * KEPT + 400);
        }
    }
}
