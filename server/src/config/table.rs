//! Every setting there is. File keys, `WXA_*` variables, flags, `check-config`, the man page, `docs/configuration.md` and the
//! package's configuration file all come from this table: a new setting is a row here and a line in [`Config::from_layers`].
//!
//! [`Config::from_layers`]: super::Config::from_layers

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// In the configuration file.
    pub key: &'static str,
    /// In the environment: the key in capitals after `WXA_`.
    pub variable: &'static str,
    /// On the command line: the key with dashes, without the leading ones.
    pub flag: &'static str,
    /// What stands for its value in help texts.
    pub value: &'static str,
    /// What holds when nothing is said, in words.
    pub default: &'static str,
    /// One sentence without a full stop: what it is for.
    pub help: &'static str,
    /// More sentences for manuals; may be empty.
    pub more: &'static str,
    /// A value as it is written in the configuration file.
    pub example: &'static str,
    /// What the Debian package sets it to, written likewise; empty where it leaves the default.
    pub packaged: &'static str,
}

/// All settings, in the order in which they are explained.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "listen",
        variable: "WXA_LISTEN",
        flag: "listen",
        value: "ADDRESS:PORT",
        default: "127.0.0.1:8006",
        help: "Address and port to listen on",
        more: "Only this machine reaches the default. 0.0.0.0:8006 listens on all IPv4 addresses, [::]:8006 on IPv6 too.",
        example: "\"127.0.0.1:8006\"",
        packaged: "",
    },
    Setting {
        key: "tls",
        variable: "WXA_TLS",
        flag: "tls",
        value: "off|self-signed|files",
        default: "files with tls_cert and tls_key, else off",
        help: "TLS of its own",
        more: "self-signed makes a certificate in the data folder, renewed before it ends; its SHA-256 fingerprint is printed at the start and by `webxenadmin tls`. files is what tls_cert and tls_key say by themselves.",
        example: "\"files\"",
        packaged: "",
    },
    Setting {
        key: "tls_cert",
        variable: "WXA_TLS_CERT",
        flag: "tls-cert",
        value: "FILE",
        default: "none",
        help: "Certificate to show, with those that signed it (PEM)",
        more: "Read anew when it changes, and on SIGHUP; a broken one is logged and the one from before stays. Open connections go on.",
        example: "\"/etc/webxenadmin/cert.pem\"",
        packaged: "",
    },
    Setting {
        key: "tls_key",
        variable: "WXA_TLS_KEY",
        flag: "tls-key",
        value: "FILE",
        default: "none",
        help: "The private key of tls_cert (PEM)",
        more: "Unencrypted; nobody but the server's account should be able to read it.",
        example: "\"/etc/webxenadmin/key.pem\"",
        packaged: "",
    },
    Setting {
        key: "data_dir",
        variable: "WXA_DATA_DIR",
        flag: "data-dir",
        value: "FOLDER",
        default: "$XDG_DATA_HOME/webxenadmin, else ~/.local/share/webxenadmin",
        help: "Where database and sealing key live",
        more: "The folder is made when it is not there, for the server's account only. `webxenadmin backup` copies what is in it.",
        example: "\"/var/lib/webxenadmin\"",
        packaged: "\"/var/lib/webxenadmin\"",
    },
    Setting {
        key: "public_url",
        variable: "WXA_PUBLIC_URL",
        flag: "public-url",
        value: "URL",
        default: "the address of listen",
        help: "The address under which browsers reach the server",
        more: "Scheme, name and port, without a path. Needed behind a reverse proxy: requests from pages of any other origin are refused.",
        example: "\"https://console.example\"",
        packaged: "",
    },
    Setting {
        key: "trusted_proxies",
        variable: "WXA_TRUSTED_PROXIES",
        flag: "trusted-proxies",
        value: "ADDRESS,…",
        default: "none",
        help: "Reverse proxies that are believed about who asks, and how",
        more: "IP addresses, or networks such as 10.0.0.0/8. Without them the audit log has the proxy's address in place of the browser's.",
        example: "[\"127.0.0.1\", \"::1\"]",
        packaged: "",
    },
    Setting {
        key: "proxy_headers",
        variable: "WXA_PROXY_HEADERS",
        flag: "proxy-headers",
        value: "x-forwarded|forwarded",
        default: "x-forwarded",
        help: "What trusted proxies say who asks with",
        more: "x-forwarded is X-Forwarded-For and X-Forwarded-Proto, forwarded is the header of RFC 7239. The other one is ignored: it may come from anybody, through the proxy.",
        example: "\"x-forwarded\"",
        packaged: "",
    },
    Setting {
        key: "socket_ping_s",
        variable: "WXA_SOCKET_PING_S",
        flag: "socket-ping-s",
        value: "SECONDS",
        default: "20",
        help: "Seconds between two pings on a WebSocket, 1 to 600",
        more: "Keep it below the idle time-out of a proxy in front, which would cut the socket.",
        example: "\"20\"",
        packaged: "",
    },
    Setting {
        key: "log",
        variable: "WXA_LOG",
        flag: "log",
        value: "FILTER",
        default: "info",
        help: "What to log, e.g. info or debug,russh=warn",
        more: "A level (error, warn, info, debug, trace), or levels by module. Logs go to standard error; secrets are never in them.",
        example: "\"info\"",
        packaged: "",
    },
    Setting {
        key: "log_format",
        variable: "WXA_LOG_FORMAT",
        flag: "log-format",
        value: "FORMAT",
        default: "human",
        help: "How log lines look: human or json",
        more: "json is one object per line, for programs that collect logs.",
        example: "\"json\"",
        packaged: "",
    },
    Setting {
        key: "site_dir",
        variable: "WXA_SITE_DIR",
        flag: "site-dir",
        value: "FOLDER",
        default: "what is inside the program; in a build without it target/site, or site beside the program",
        help: "Serve the pages' files from this folder",
        more: "For working on the pages. A release has them inside.",
        example: "\"target/site\"",
        packaged: "",
    },
];

/// The setting of that key.
pub fn setting(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

#[cfg(test)]
mod tests {
    use super::SETTINGS;

    #[test]
    fn variables_and_flags_follow_from_the_keys() {
        for setting in SETTINGS {
            assert_eq!(setting.variable, format!("WXA_{}", setting.key.to_uppercase()));
            assert_eq!(setting.flag, setting.key.replace('_', "-"));
        }
    }

    #[test]
    fn examples_can_be_used_as_they_stand() {
        let file: String = SETTINGS
            .iter()
            .map(|setting| format!("{} = {}\n", setting.key, setting.example))
            .collect();
        let layer = crate::config::Layer::from_toml("examples.toml", &file);
        crate::Config::from_layers(&[layer]).expect("good settings");
    }
}
