//! Layers, defaults, and all problems at once.
use super::{Config, Layer, LogFormat, PublicUrl};
use expect_test::expect;

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
    let flags = Layer::from_flags([("listen", Some("127.0.0.1:3".into())), ("site_dir", None)]);
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
    let flags = Layer::from_flags([("listen", Some("8006".into()))]);
    let problems = Config::from_layers(&[file, env, flags]).expect_err("bad settings");
    expect![[r#"
        the settings cannot be used:
          a.toml: there is no setting "listne"; there are listen, data_dir, site_dir, public_url, trusted_proxies, log_format, log
          a.toml: log must be a text or a list of texts
          --listen: "8006" is not an address and port such as 127.0.0.1:8006
          a.toml: public_url: "https://a.example/sub" is not an address such as https://console.example, without a path
          a.toml: trusted_proxies: "10.0.0.1,proxy" are not IP addresses
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
    for bad in ["console.example", "ftp://a", "https://a/b", "https://u:p@a", ""] {
        assert_eq!(origin(bad), Err(()), "{bad}");
    }
}
