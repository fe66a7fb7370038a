//! Pools by command.
use super::{demo, run, said, told};
use serde_json::Value;

#[test]
fn a_pool_is_added_by_its_certificates_fingerprint_and_nothing_of_ssh() {
    let data = tempfile::tempdir().expect("a folder");
    let (_demo, json) = demo(data.path());
    let member = json
        .pointer("/sparePool/members/0")
        .expect("a member of a spare pool");
    let text = |name: &str| match member.get(name) {
        Some(Value::String(text)) => text.clone(),
        other => other.map(Value::to_string).unwrap_or_default(),
    };
    let (address, port, fingerprint) = (text("address"), text("port"), text("fingerprint"));
    let other = tempfile::tempdir().expect("a folder");
    let other = other.path();
    let with = |words: &[&'static str], more: &[&str]| -> Vec<String> {
        let place = [address.as_str(), "--xapi", "--port", port.as_str()];
        let all = words.iter().chain(&place).chain(more);
        all.map(|word| (*word).to_owned()).collect()
    };
    let run = |args: Vec<String>, typed: &str| {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        run(other, &args, typed)
    };
    let probe = said(&run(with(&["host", "probe"], &[]), ""));
    assert_eq!(probe.trim(), format!("{fingerprint} x509"));
    let unconfirmed = run(with(&["host", "add"], &[]), "xen\n");
    assert!(!unconfirmed.status.success(), "{unconfirmed:?}");
    let agent = run(with(&["host", "add"], &["--agent"]), "");
    assert!(!agent.status.success(), "{agent:?}");

    let lower = fingerprint.to_lowercase();
    let added = said(&run(with(&["host", "add"], &["--fingerprint", &lower]), "xen\n"));
    assert!(added.contains("XCP-ng"), "{added}");
    let list = said(&run(vec!["host".into(), "list".into()], ""));
    assert!(list.contains(&fingerprint) && list.contains("spare"), "{list}");

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, wxa_sim::xapi::authority(5).expect("an authority")).expect("written");
    let file = file.to_str().expect("a path");
    let both = run(
        with(&["host", "add"], &["--ca", file, "--fingerprint", &lower]),
        "",
    );
    assert!(told(&both).contains("cannot be used with"), "{both:?}");
    let another = run(with(&["host", "add"], &["--ca", file, "--site", "Lab"]), "xen\n");
    assert!(
        told(&another).contains("not from the authority that was given"),
        "{another:?}"
    );
    let missing = run(with(&["host", "add"], &["--ca", "/nowhere.pem"]), "xen\n");
    assert!(told(&missing).contains("reading /nowhere.pem"), "{missing:?}");
}

#[test]
fn a_pools_hosts_are_reached_over_ssh_by_the_keys_that_were_confirmed() {
    let data = tempfile::tempdir().expect("a folder");
    let (_server, demo) = demo(data.path());
    let members = &demo["pools"][0]["members"];
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (address, port) = (word(&members[0]["address"]), word(&members[0]["port"]));
    let (certificate, key) = (
        word(&members[0]["fingerprint"]),
        word(&members[0]["ssh"]["fingerprint"]),
    );
    let ssh_port = word(&members[0]["ssh"]["port"]);
    let other = tempfile::tempdir().expect("a folder");
    let run = |args: &[&str], typed: &str| run(other.path(), args, typed);
    let add = [
        "host", "add", &address, "--xapi", "--port", &port, "--name", "lab",
    ];
    let add = [&add[..], &["--fingerprint", &certificate]].concat();
    said(&run(&add, "xen\n"));
    let before = said(&run(&["host", "ssh", "lab"], ""));
    assert!(before.contains("not reached over SSH"), "{before}");

    let set = ["host", "ssh-set", "lab", "--port", &ssh_port];
    let unconfirmed = run(&set, "xen\n");
    assert!(!unconfirmed.status.success(), "{unconfirmed:?}");
    let confirmed = [&set[..], &["--fingerprint", &key]].concat();
    let wrong = run(&confirmed, "guess\n");
    assert!(!wrong.status.success(), "{wrong:?}");
    said(&run(&confirmed, "xen\n"));
    let now = said(&run(&["host", "ssh", "lab"], ""));
    assert!(
        now.contains(&key) && now.contains("answers, and lets us in") && now.contains("key not confirmed"),
        "{now}"
    );
    said(&run(&["host", "ssh-remove", "lab"], ""));
    let after = said(&run(&["host", "ssh", "lab"], ""));
    assert!(after.contains("not reached over SSH"), "{after}");
}
