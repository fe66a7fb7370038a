//! Lines as OpenSSH writes them (`ssh-keygen -H` made the hashed ones), lines that people write, and any bytes at all.
use super::*;
use proptest::prelude::*;

const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8UxF8DJB4nkjWT926P9Ml6ddI42voF8Mt/R32RyFPe";
const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBAH33gTitGG30OCV1LFegbvqx9z5vVBcbEw/Eizn9kCqn3E63ey9lXbM2VmBZ5Th2ptjq+tTdq0SZIVdgVww0fI=";
const HASHED: &str = "|1|vmwTrzhTvfch0DISjoHp7pNkQDM=|dztFmhs5gUV/EWGgzxjHNIOUkNg= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8UxF8DJB4nkjWT926P9Ml6ddI42voF8Mt/R32RyFPe
|1|RI4qz20G3IeoyI3E0sKguVuGvOQ=|NskZd1O2ETsAAYtlho3e7m/xyz4= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8UxF8DJB4nkjWT926P9Ml6ddI42voF8Mt/R32RyFPe
|1|kpzY/3BIImP9xiYFGQfhb/z1I2o=|wIKJPd3iJfAhnWP+CSNm7fd0+Uw= ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBAH33gTitGG30OCV1LFegbvqx9z5vVBcbEw/Eizn9kCqn3E63ey9lXbM2VmBZ5Th2ptjq+tTdq0SZIVdgVww0fI=
";

fn ed25519() -> HostKey {
    HostKey {
        fingerprint: "SHA256:S+M87O3nXleK31NTOggFC0FVIXhQiAGmaiYGZW7AkQ0".into(),
        algorithm: "ssh-ed25519".into(),
        valid_until: None,
    }
}

fn ecdsa() -> HostKey {
    HostKey {
        fingerprint: "SHA256:uTI+onJdzBBS0tQvh+XNx7OUeum3KydpE5c9ybD/upU".into(),
        algorithm: "ecdsa-sha2-nistp256".into(),
        valid_until: None,
    }
}

fn says(text: &str, address: &str, port: u16) -> KnownHost {
    look_up(text, address, port, &ed25519())
}

#[test]
fn hashed_names_are_found_with_and_without_a_port() {
    assert_eq!(says(HASHED, "xen-1.example", 22), KnownHost::Listed { line: 1 });
    assert_eq!(says(HASHED, "XEN-1.example", 22), KnownHost::Listed { line: 1 });
    assert_eq!(says(HASHED, "192.0.2.10", 22), KnownHost::Listed { line: 2 });
    assert_eq!(
        look_up(HASHED, "gate.example", 2222, &ecdsa()),
        KnownHost::Listed { line: 3 }
    );
    assert_eq!(
        says(HASHED, "gate.example", 22),
        KnownHost::Missing { unreadable: None },
        "another port is another server"
    );
}

#[test]
fn names_are_patterns_and_some_exclude() {
    let text = format!("# ours\n\n*.example,!bad.example,[10.0.0.?]:2222 {ED25519} a comment\n");
    assert_eq!(says(&text, "a.example", 22), KnownHost::Listed { line: 3 });
    assert_eq!(says(&text, "10.0.0.7", 2222), KnownHost::Listed { line: 3 });
    for (address, port) in [
        ("bad.example", 22),
        ("example", 22),
        ("10.0.0.77", 2222),
        ("10.0.0.7", 22),
    ] {
        assert_eq!(
            says(&text, address, port),
            KnownHost::Missing { unreadable: None },
            "{address}"
        );
    }
}

#[test]
fn another_key_is_told_apart_from_another_type() {
    let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let differs = says(&format!("xen {other}"), "xen", 22);
    assert!(
        matches!(differs, KnownHost::Differs { line: 1, .. }),
        "{differs:?}"
    );
    assert_eq!(
        says(&format!("xen {ECDSA}"), "xen", 22),
        KnownHost::OtherTypes {
            types: vec!["ecdsa-sha2-nistp256".into()]
        }
    );
    let both = format!("xen {other}\nxen {ECDSA}\nxen {ED25519}");
    assert_eq!(says(&both, "xen", 22), KnownHost::Listed { line: 3 });
}

#[test]
fn a_revoked_key_is_never_confirmed() {
    let text = format!("xen {ED25519}\n@revoked * {ED25519}");
    let said = says(&text, "xen", 22);
    assert_eq!(said, KnownHost::Revoked { line: 2 });
    assert!(said.forbids() && !said.is_confirmed());
    let of_others = format!("xen {ED25519}\n@revoked other {ED25519}\n@revoked * {ECDSA}");
    assert_eq!(says(&of_others, "xen", 22), KnownHost::Listed { line: 1 });
}

#[test]
fn an_authority_is_refused_with_a_clear_word() {
    let text = format!("@cert-authority *.example {ED25519}");
    let said = says(&text, "xen.example", 22);
    assert_eq!(
        said,
        KnownHost::Authority { line: 1 },
        "not even its own key counts"
    );
    assert!(said.sentence().contains("@cert-authority"), "{}", said.sentence());
}

#[test]
fn what_cannot_be_read_is_passed_over_and_told() {
    let text = format!(
        "xen\nxen ssh-ed25519 not-base64\nxen ssh-rsa {}\n@other xen {ED25519}\nother {ED25519}",
        ED25519.trim_start_matches("ssh-ed25519 ")
    );
    assert_eq!(says(&text, "xen", 22), KnownHost::Missing { unreadable: Some(1) });
    assert_eq!(
        says(&format!("{text}\nxen {ED25519}"), "xen", 22),
        KnownHost::Listed { line: 6 }
    );
}

proptest! {
    #[test]
    fn no_text_confirms_a_key_that_is_not_in_it(text in "(?s).{0,400}", address in "[a-z0-9.:-]{1,20}", port: u16) {
        let said = look_up(&text, &address, port, &ed25519());
        prop_assert!(!said.is_confirmed());
    }

    #[test]
    fn a_listed_host_is_found_among_anything(
        before in "[ -~\n]{0,200}",
        address in "[a-z0-9][a-z0-9.-]{0,20}",
        port in 1u16..,
    ) {
        prop_assume!(!before.contains("@revoked"));
        let name = lookup_name(&address, port);
        let text = format!("{before}\n{name} {ED25519}\n");
        prop_assert!(look_up(&text, &address, port, &ed25519()).is_confirmed());
    }

    #[test]
    fn wildcards_agree_with_their_meaning(pattern in "[ab*?]{0,8}", name in "[ab]{0,8}") {
        fn plainly(pattern: &[u8], name: &[u8]) -> bool {
            match (pattern.split_first(), name.split_first()) {
                (None, None) => true,
                (Some((b'*', rest)), _) => {
                    (0..=name.len()).any(|skipped| plainly(rest, &name[skipped..]))
                }
                (Some((b'?', rest)), Some((_, left))) => plainly(rest, left),
                (Some((one, rest)), Some((two, left))) => one == two && plainly(rest, left),
                _ => false,
            }
        }
        prop_assert_eq!(wildcard(&pattern, &name), plainly(pattern.as_bytes(), name.as_bytes()));
    }
}
