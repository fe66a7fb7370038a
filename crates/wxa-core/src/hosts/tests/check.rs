//! What a host's record may hold.
use super::registry::new_host;
use crate::{
    Credential, Error, JumpHost, NewHost,
    core::test_core::{CERTIFICATE, KEY},
};
use wxa_model::Transport;

fn refused(change: impl FnOnce(&mut NewHost)) -> Option<&'static str> {
    let mut host = new_host();
    change(&mut host);
    match host.checked() {
        Ok(_) => None,
        Err(Error::Invalid { field, .. }) => Some(field),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn what_is_pasted_is_trimmed_and_what_is_empty_is_filled_in() {
    let host = NewHost {
        address: " xen.example\n".into(),
        config_dir: " ".into(),
        ..new_host()
    };
    let host = host.checked().unwrap();
    assert_eq!(
        (host.address.as_str(), host.config_dir.as_str()),
        ("xen.example", "/etc/xen")
    );
    let port_of = |transport| {
        let unsaid = NewHost {
            transport,
            port: 0,
            fingerprint: match transport {
                Transport::Xapi => CERTIFICATE.into(),
                Transport::Ssh | Transport::Local => KEY.into(),
            },
            ..new_host()
        };
        unsaid.checked().unwrap().port
    };
    assert_eq!((port_of(Transport::Ssh), port_of(Transport::Xapi)), (22, 443));
}

#[test]
fn a_pool_takes_a_password_and_a_certificates_fingerprint_and_nothing_of_ssh() {
    let refused = |change: fn(&mut NewHost)| {
        refused(|host| {
            (host.transport, host.fingerprint) = (Transport::Xapi, CERTIFICATE.to_lowercase());
            change(host);
        })
    };
    assert_eq!(refused(|_| {}), None);
    assert_eq!(refused(|host| host.fingerprint = KEY.into()), Some("fingerprint"));
    assert_eq!(
        refused(|host| host.fingerprint = host.fingerprint.replace(':', "")),
        Some("fingerprint")
    );
    assert_eq!(
        refused(|host| host.fingerprint = format!("{CERTIFICATE}:00")),
        Some("fingerprint")
    );
    assert_eq!(
        refused(|host| host.credential = Credential::Agent),
        Some("credential")
    );
    assert_eq!(
        refused(|host| {
            host.credential = Credential::Key {
                private_key: "key".into(),
                passphrase: None,
            }
        }),
        Some("credential")
    );
    assert_eq!(
        refused(|host| host.config_dir = "/etc/xen".into()),
        Some("config_dir")
    );
    assert_eq!(
        refused(|host| {
            host.jump = Some(JumpHost {
                address: "gate".into(),
                port: 22,
                user: "root".into(),
                credential: Credential::Agent,
                fingerprint: KEY.into(),
            })
        }),
        Some("jump")
    );
}

#[test]
fn what_cannot_be_right_is_refused_by_its_field() {
    for address in [
        "",
        "root@xen",
        "xen:22/x",
        "-oProxyCommand=x",
        "xen example",
        "xen;reboot",
        &"x".repeat(254),
    ] {
        assert_eq!(
            refused(|host| host.address = address.into()),
            Some("address"),
            "{address:?}"
        );
    }
    for address in ["xen.example", "192.0.2.1", "2001:db8::1", "fe80::1%eth0"] {
        assert_eq!(refused(|host| host.address = address.into()), None, "{address:?}");
    }
    for user in ["", "-l", "root reboot", "$(id)"] {
        assert_eq!(refused(|host| host.user = user.into()), Some("user"), "{user:?}");
    }
    for fingerprint in [
        "",
        "SHA256:",
        "MD5:00",
        "SHA256:short",
        "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ] {
        assert_eq!(
            refused(|host| host.fingerprint = fingerprint.into()),
            Some("fingerprint"),
            "{fingerprint:?}"
        );
    }
    for path in ["etc/xen", "/etc/../root", "/etc/xen\n/x", "~"] {
        assert_eq!(
            refused(|host| host.config_dir = path.into()),
            Some("config_dir"),
            "{path:?}"
        );
    }
    assert_eq!(refused(|host| host.name = "x".repeat(65)), Some("name"));
    assert_eq!(refused(|host| host.site = "a\u{7}b".into()), Some("site"));
}
