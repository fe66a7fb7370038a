//! Layers, defaults, and all problems at once.
use super::{Config, Layer, LogFormat, PublicUrl, Tls};
use expect_test::expect;
use proptest::prelude::*;
use std::ffi::OsString;

#[test]
fn flags_win_over_environment_and_environment_over_the_file() {
    let file = Layer::from_toml(
        "a.toml",
        "listen = \"127.0.0.1:1\"\ndata_dir = \"/file\"\nlog_format = \"json\"",
    );
    let env = Layer::from_env(|name| match name {
        "WXA_LISTEN" => Some("127.0.0.1:2".into()),
        "WXA_DATA_DIR" => Some("/env".into()),
        _ => None,
    });
    let flags = Layer::from_flags([("listen", "127.0.0.1:3".into())]);
    let config = Config::from_layers(&[file, env, flags]).expect("good settings");
    assert_eq!(config.listen.port(), 3);
    assert_eq!(config.data_dir.to_str(), Some("/env"));
    assert_eq!(config.log_format, LogFormat::Json);
}

#[test]
fn all_problems_are_told_at_once() {
    let file = Layer::from_toml(
        "a.toml",
        "listne = \"x\"\ntrusted_proxies = [\"10.0.0.1\", \"proxy\"]\nlog = 5\npublic_url = \"https://a.example/sub\"",
    );
    let env = Layer::from_env(|name| (name == "WXA_LOG_FORMAT").then(|| "xml".into()));
    let flags = Layer::from_flags([("listen", "8006".into())]);
    let problems = Config::from_layers(&[file, env, flags]).expect_err("bad settings");
    expect![[r#"
        the settings cannot be used:
          a.toml: there is no setting "listne"; there are listen, tls, tls_cert, tls_key, data_dir, public_url, trusted_proxies, proxy_headers, socket_ping_s, log, log_format, site_dir
          a.toml: log must be a text or a list of texts
          --listen: "8006" is not an address and port such as 127.0.0.1:8006
          a.toml: public_url: "https://a.example/sub" is not an address such as https://console.example, without a path
          a.toml: trusted_proxies: "10.0.0.1,proxy" are not IP addresses or networks such as 10.0.0.0/8
          WXA_LOG_FORMAT: "xml" is not human or json"#]]
    .assert_eq(&problems.to_string());
}

#[test]
fn a_public_url_is_written_as_an_origin() {
    let origin = |text: &str| text.parse::<PublicUrl>().map(|url| url.origin().to_owned());
    assert_eq!(
        origin("https://Console.Example:443/"),
        Ok("https://console.example".into())
    );
    assert_eq!(
        origin("http://127.0.0.1:8006"),
        Ok("http://127.0.0.1:8006".into())
    );
    for bad in [
        "console.example",
        "ftp://a",
        "https://a/b",
        "https://u:p@a",
        "http://:#",
        "http://a:x",
        "",
    ] {
        assert_eq!(origin(bad), Err(()), "{bad}");
    }
}

#[test]
fn the_settings_of_tls_must_agree() {
    let read = |text: &str| Config::from_layers(&[Layer::from_toml("a.toml", text)]);
    let tls = |text: &str| read(text).map(|config| config.tls).expect("good settings");
    assert_eq!(tls(""), Tls::Off);
    assert_eq!(tls("tls = \"self-signed\""), Tls::SelfSigned);
    let files = Tls::Files {
        cert: "/c.pem".into(),
        key: "/k.pem".into(),
    };
    assert_eq!(tls("tls_cert = \"/c.pem\"\ntls_key = \"/k.pem\""), files);
    for (text, place) in [
        ("tls_cert = \"/c.pem\"", "tls_cert"),
        ("tls_key = \"/k.pem\"", "tls_key"),
        ("tls = \"files\"", "tls"),
        ("tls = \"on\"", "tls"),
        (
            "tls = \"self-signed\"\ntls_cert = \"/c.pem\"\ntls_key = \"/k.pem\"",
            "tls",
        ),
    ] {
        let problems = read(text).expect_err("they do not agree");
        assert!(
            problems
                .0
                .iter()
                .any(|problem| problem.starts_with(&format!("a.toml: {place}: "))),
            "{problems}"
        );
    }
}

#[test]
fn a_file_that_cannot_be_read_is_one_problem_among_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let latin1 = folder.path().join("latin1.toml");
    std::fs::write(&latin1, b"log = \"gr\xfcn\"").expect("a file");
    let flags = Layer::from_flags([("listen", "8006".into())]);
    for (path, why) in [
        (folder.path().join("nothing.toml"), "No such file"),
        (folder.path().to_owned(), "directory"),
        (latin1, "UTF-8"),
    ] {
        let problems =
            Config::from_layers(&[Layer::from_file(&path), flags.clone()]).expect_err("bad settings");
        let [file, listen] = problems.0.as_slice() else {
            panic!("{problems}")
        };
        assert!(file.contains("cannot be read") && file.contains(why), "{file}");
        assert!(file.starts_with(&path.display().to_string()), "{file}");
        assert!(listen.starts_with("--listen"), "{listen}");
    }
}

#[test]
fn a_broken_file_is_told_with_its_line_and_the_rest_with_it() {
    let file = Layer::from_toml(
        "a.toml",
        "listen = \"127.0.0.1:1\"\nlog = \"debug\nsite_dir = 1\n",
    );
    let flags = Layer::from_flags([("log_format", "xml".into())]);
    let problems = Config::from_layers(&[file, flags]).expect_err("bad settings");
    let [file, format] = problems.0.as_slice() else {
        panic!("{problems}")
    };
    assert!(file.starts_with("a.toml: ") && file.contains("line 2"), "{file}");
    assert!(format.starts_with("--log-format"), "{format}");
}

#[test]
fn a_variable_that_is_no_text_is_told_by_its_name() {
    use std::os::unix::ffi::OsStringExt as _;
    let env = Layer::from_env(|name| (name == "WXA_DATA_DIR").then(|| OsString::from_vec(vec![b'/', 0xff])));
    let problems = Config::from_layers(&[env]).expect_err("bad settings");
    assert_eq!(problems.0, ["WXA_DATA_DIR is not UTF-8 text"]);
}

#[test]
fn an_empty_variable_says_nothing() {
    let file = Layer::from_toml("a.toml", "listen = \"127.0.0.1:1\"");
    let env = Layer::from_env(|name| (name == "WXA_LISTEN").then(OsString::new));
    let config = Config::from_layers(&[file, env]).expect("good settings");
    assert_eq!(config.listen.port(), 1);
}

proptest! {
    #[test]
    fn no_file_makes_it_panic_and_every_problem_names_the_file(
        text in "((listen|log|data_dir|trusted_proxies|public_url|[a-z]{1,4}) ?= ?(\"[^\n]{0,12}\"|[0-9]{1,3}|\\[.{0,8}\\])\n|.{0,20}\n){0,6}",
    ) {
        if let Err(problems) = Config::from_layers(&[Layer::from_toml("a.toml", &text)]) {
            prop_assert!(!problems.0.is_empty());
            for problem in &problems.0 {
                prop_assert!(problem.starts_with("a.toml"), "{}", problem);
            }
        }
    }

    #[test]
    fn a_public_url_is_an_origin_or_nothing(text in "(https?|ftp|HTTP)?(://)?[a-zA-Z0-9.:@\\[\\]/?#-]{0,30}") {
        if let Ok(url) = text.parse::<PublicUrl>() {
            let origin = url.origin().to_owned();
            prop_assert_eq!(origin.parse::<PublicUrl>(), Ok(url), "written once, it stays");
            let (scheme, rest) = origin.split_once("://").expect("a scheme");
            prop_assert!(scheme == "http" || scheme == "https");
            prop_assert!(!rest.is_empty() && !rest.contains(['/', '?', '#', '@']), "{}", origin);
        }
    }
}
