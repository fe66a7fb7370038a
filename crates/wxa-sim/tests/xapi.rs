//! A simulated pool as its clients see it: on real sockets, in XAPI's words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/xapi.rs"]
mod client;

use std::time::Duration;

use client::{Client, call, http};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use wxa_sim::sentinels;
use wxa_sim::xapi::{PoolConfig, SimPool};

/// Long enough for anything these tests wait for; only a failure takes it all.
const DEADLINE: Duration = Duration::from_secs(20);

async fn pool(seed: u64) -> SimPool {
    let mut config = PoolConfig::new("lab", seed);
    config.named_vms = [
        sentinels::REFUSES_START,
        sentinels::TOO_BIG,
        sentinels::SLOW_START,
        sentinels::CRASHES,
    ]
    .map(str::to_owned)
    .into();
    SimPool::start(config).await.expect("a pool")
}

/// A running VM of a kind.
async fn running(root: &Client, kind: &str) -> (String, Value) {
    let all = root.ok("VM.get_all_records", json!([])).await;
    let found = all.as_object().unwrap().iter().find(|(_, vm)| {
        vm["power_state"] == "Running" && vm["domain_type"] == kind && vm["is_control_domain"] == false
    });
    let (vm, record) = found.unwrap_or_else(|| panic!("no running {kind} VM"));
    (vm.clone(), record.clone())
}

#[tokio::test]
async fn a_vm_starts_and_its_task_tells() {
    let pool = pool(7).await;
    let root = Client::root(&pool).await;
    let vm = root
        .ok(
            "VM.get_all_records_where",
            json!([r#"field "power_state" = "Halted" and field "is_a_template" = "false""#]),
        )
        .await;
    let vm = vm
        .as_object()
        .unwrap()
        .iter()
        .find(|(_, vm)| !vm["name_label"].as_str().unwrap().starts_with("vm-"));
    let vm = vm.expect("a halted VM").0.clone();
    let task = root.ok("Async.VM.start", json!([vm, false, false])).await;
    let task = root.ended(task.as_str().unwrap()).await;
    if task["status"] != "success" {
        panic!("{task}");
    }
    assert_eq!(
        (task["name_label"].as_str(), task["result"].as_str()),
        (Some("Async.VM.start"), Some(""))
    );
    let record = root.ok("VM.get_record", json!([vm])).await;
    assert_eq!(record["power_state"], "Running");
    assert_ne!(record["resident_on"], "OpaqueRef:NULL");
    assert_eq!(record["current_operations"], json!({}));
    let allowed = record["allowed_operations"].as_array().unwrap();
    assert!(allowed.contains(&json!("hard_shutdown")) && !allowed.contains(&json!("start")));
    let again = root
        .call("VM.start", json!([vm, false, false]))
        .await
        .unwrap_err();
    assert_eq!(again, ["VM_BAD_POWER_STATE", &vm, "halted", "running"]);
    pool.stop().await;
}

#[tokio::test]
async fn a_start_that_cannot_be_is_refused_in_xapis_words() {
    let pool = pool(7).await;
    let root = Client::root(&pool).await;
    for (name, code) in [
        (sentinels::REFUSES_START, "SR_BACKEND_FAILURE_46"),
        (sentinels::TOO_BIG, "NO_HOSTS_AVAILABLE"),
    ] {
        let vm = root.vm(name).await;
        let failure = root
            .call("VM.start", json!([vm, false, false]))
            .await
            .unwrap_err();
        assert_eq!(failure.first().map(String::as_str), Some(code), "{failure:?}");
        assert_eq!(root.ok("VM.get_power_state", json!([vm])).await, "Halted");
    }
    pool.stop().await;
}

#[tokio::test]
async fn a_task_can_be_cancelled() {
    let pool = pool(7).await;
    let root = Client::root(&pool).await;
    let vm = root.vm(sentinels::SLOW_START).await;
    let task = root.ok("Async.VM.start", json!([vm, false, false])).await;
    let task = task.as_str().unwrap();
    let busy = root.ok("VM.get_current_operations", json!([vm])).await;
    assert_eq!(busy, json!({task: "start"}));
    root.ok("task.cancel", json!([task])).await;
    let ended = root.ended(task).await;
    assert_eq!(ended["status"], "cancelled");
    assert_eq!(ended["error_info"], json!(["TASK_CANCELLED", task]));
    assert_eq!(root.ok("VM.get_power_state", json!([vm])).await, "Halted");
    pool.stop().await;
}

#[tokio::test]
async fn events_tell_each_object_once_as_it_is_now() {
    let pool = pool(7).await;
    let root = Client::root(&pool).await;
    let first = root.ok("event.from", json!([["vm", "message"], "", 5.001])).await;
    let dump = first["events"].as_array().unwrap();
    assert!(
        dump.iter()
            .all(|event| event["operation"] == "add" && event["snapshot"].is_object())
    );
    assert!(dump.iter().any(|event| event["class"] == "vm"));
    let token = first["token"].as_str().unwrap();
    assert!(token.len() == 41 && token.as_bytes()[20] == b',', "{token}");
    assert!(first["valid_ref_counts"]["vm"].as_u64().unwrap() > 8);

    let vm = root.vm(sentinels::CRASHES).await;
    root.ok("VM.set_name_description", json!([vm, "one"])).await;
    root.ok("VM.set_name_description", json!([vm, "two"])).await;
    let next = root.ok("event.from", json!([["*"], token, 5.0])).await;
    let told: Vec<_> = next["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["ref"] == vm.as_str())
        .collect();
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0]["operation"], &told[0]["snapshot"]["name_description"]),
        (&json!("mod"), &json!("two"))
    );

    // Nothing happens: the answer is empty when the time is over.
    let token = next["token"].clone();
    let idle = root
        .ok("event.from", json!([["VM_appliance"], token, "0.2"]))
        .await;
    assert_eq!(idle["events"], json!([]));
    let injected = root.ok("event.inject", json!(["VM", vm])).await;
    let forced = root
        .ok("event.from", json!([[format!("vm/{vm}")], injected, 5.0]))
        .await;
    assert_eq!(forced["events"][0]["operation"], "mod");
    assert_eq!(
        root.call("event.from", json!([["*"], "x", 1.0]))
            .await
            .unwrap_err()[0],
        "EVENT_FROM_TOKEN_PARSE_FAILURE"
    );
    pool.stop().await;
}

#[tokio::test]
async fn what_is_not_there_has_no_events_and_only_a_bad_form_is_refused() {
    let pool = pool(7).await;
    let root = Client::root(&pool).await;
    let wanted = [
        "vusb",
        "Cluster",
        "cluster/OpaqueRef:1",
        "vm/OpaqueRef:gone",
        "task/DummyRef:|1|VM.start",
    ];
    let answer = root.ok("event.from", json!([wanted, "", 0.1])).await;
    assert_eq!(answer["events"], json!([]));
    for wrong in ["", "/", "vm/", "a vm", "*/OpaqueRef:1"] {
        assert_eq!(
            root.call("event.from", json!([[wrong], "", 0.1]))
                .await
                .unwrap_err()[0],
            "EVENT_SUBSCRIPTION_PARSE_FAILURE",
            "{wrong:?}"
        );
    }
    pool.stop().await;
}

#[tokio::test]
async fn a_waiting_call_ends_with_its_session() {
    let pool = pool(7).await;
    let root = Client::root(&pool).await;
    let token = root.ok("event.from", json!([["pool"], "", 1.0])).await["token"].clone();
    let other = Client {
        address: root.address,
        session: root.session.clone(),
    };
    let waiting = other.call("event.from", json!([["pool"], token, 60.0]));
    let both = async { tokio::join!(waiting, root.ok("session.logout", json!([]))) };
    let (ended, _) = timeout(DEADLINE, both).await.expect("in time");
    assert_eq!(ended.unwrap_err()[0], "SESSION_INVALID");
    pool.stop().await;
}

#[tokio::test]
async fn a_member_sends_to_the_coordinator_and_another_can_lead() {
    let pool = pool(7).await;
    let (first, second) = (pool.http_address(0).unwrap(), pool.http_address(1).unwrap());
    let login = json!(["root", "xen"]);
    let refused = call(second, "session.login_with_password", login.clone())
        .await
        .unwrap_err();
    assert_eq!(refused, ["HOST_IS_SLAVE", "127.0.0.1"]);
    pool.promote(1);
    let refused = call(first, "session.login_with_password", login.clone())
        .await
        .unwrap_err();
    assert_eq!(refused, ["HOST_IS_SLAVE", "127.0.0.2"]);
    let root = Client::of(second, "root").await;
    assert!(
        root.ok("pool.get_all_records", json!([]))
            .await
            .as_object()
            .unwrap()
            .len()
            == 1
    );
    pool.stop().await;
}

#[tokio::test]
async fn the_pool_knows_its_hosts_certificates_and_a_member_introduces_the_coordinator() {
    let pool = pool(7).await;
    let root = Client::root(&pool).await;
    let (first, second) = (pool.fingerprint_of(0).unwrap(), pool.fingerprint_of(1).unwrap());
    assert_ne!(first, second);
    let all = root.ok("Certificate.get_all_records", json!([])).await;
    for (n, print) in [(0, first), (1, second)] {
        let certificate = all
            .as_object()
            .unwrap()
            .values()
            .find(|one| one["fingerprint_sha256"] == print);
        let host = &certificate.expect("a certificate")["host"];
        let address = root.ok("host.get_address", json!([host])).await;
        assert_eq!(address, pool.addresses().nth(n).unwrap().to_string());
    }
    let login = json!({"jsonrpc": "2.0", "id": 1, "method": "session.login_with_password", "params": ["root", "xen"]}).to_string();
    let asks = "x-xenapi-request-host-certificate-thumbprint: sha-256:master\r\n";
    let member = pool.http_address(1).unwrap();
    let answer = http(member, "POST", "/jsonrpc", asks, &login).await;
    assert_eq!(
        answer.header("x-xenapi-response-host-certificate-thumbprint"),
        first
    );
    let unasked = http(member, "POST", "/jsonrpc", "", &login).await;
    assert_eq!(
        unasked.header("x-xenapi-response-host-certificate-thumbprint"),
        ""
    );
    pool.stop().await;
}

#[tokio::test]
async fn a_dead_coordinator_leaves_members_that_cannot_help() {
    let pool = pool(7).await;
    pool.cut_host(0);
    let member = pool.http_address(1).unwrap();
    let refused = call(member, "session.login_with_password", json!(["root", "xen"]))
        .await
        .unwrap_err();
    assert_eq!(refused[0], "HOST_MASTER_CANNOT_TALK_BACK");
    let mut stream = TcpStream::connect(pool.http_address(0).unwrap()).await.unwrap();
    let mut nothing = Vec::new();
    let _ = stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await;
    assert_eq!(stream.read_to_end(&mut nothing).await.unwrap_or(0), 0);
    pool.stop().await;
}

#[tokio::test]
async fn xml_rpc_is_answered_with_a_status() {
    let pool = pool(7).await;
    let address = pool.http_address(0).unwrap();
    let login = "<methodCall><methodName>session.login_with_password</methodName><params><param><value>root</value></param><param><value><string>xen</string></value></param></params></methodCall>";
    for path in ["/", "/RPC2", "/xmlrpc"] {
        let answer = http(address, "POST", path, "Content-Type: text/xml\r\n", login).await;
        assert_eq!(answer.header("content-type"), "text/xml");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(
            answer.body.contains("<name>Status</name><value>Success</value>"),
            "{}",
            answer.body
        );
    }
    let methods = "<methodCall><methodName>system.listMethods</methodName><params/></methodCall>";
    let answer = http(address, "POST", "/RPC2", "", methods).await;
    assert!(answer.body.contains("<value>VM.start</value>") && !answer.body.contains("Status"));
    let broken = http(address, "POST", "/RPC2", "", "<methodCall>").await;
    assert!(broken.status.contains("500") && broken.header("content-type") == "text/html");
    let preflight = http(
        address,
        "OPTIONS",
        "/jsonrpc",
        "Access-Control-Request-Headers: content-type\r\n",
        "",
    )
    .await;
    assert_eq!(
        preflight.header("access-control-allow-headers"),
        "content-type, X-Requested-With"
    );
    pool.stop().await;
}

#[tokio::test]
async fn the_text_console_of_a_pv_guest_is_typed_at_through_connect() {
    let pool = pool(7).await;
    let root = Client::root(&pool).await;
    let (_, record) = running(&root, "pv").await;
    let mut consoles = Vec::new();
    for console in record["consoles"].as_array().unwrap() {
        consoles.push(root.ok("console.get_record", json!([console])).await);
    }
    let text = consoles
        .iter()
        .find(|console| console["protocol"] == "vt100")
        .expect("vt100");
    let uuid = text["uuid"].as_str().unwrap();
    let home = root.ok("host.get_address", json!([record["resident_on"]])).await;
    let port = root.address.port();
    let at = format!("{}:{port}", home.as_str().unwrap());
    let mut stream = TcpStream::connect(&at).await.unwrap();
    let request = format!(
        "CONNECT /console?uuid={uuid} HTTP/1.0\r\nHost: x\r\nCookie: session_id={}\r\n\r\n",
        root.session
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut seen = until(&mut stream, "login: ").await;
    assert!(
        seen.starts_with("HTTP/1.1 200 OK\r\nConnection: keep-alive"),
        "{seen}"
    );
    stream.write_all(b"root\r").await.unwrap();
    seen = until(&mut stream, "Password:").await;
    assert!(seen.contains("root"));

    // At another host there is no such console, and without a session there is none at all.
    let elsewhere = if at.starts_with("127.0.0.1:") {
        "127.0.0.2"
    } else {
        "127.0.0.1"
    };
    let other = format!("{elsewhere}:{port}").parse().unwrap();
    let cookie = format!("Cookie: session_id={}\r\n", root.session);
    let target = format!("/console?uuid={uuid}");
    assert!(
        http(other, "GET", &target, &cookie, "")
            .await
            .status
            .contains("500")
    );
    assert!(
        http(at.parse().unwrap(), "GET", &target, "", "")
            .await
            .status
            .contains("401")
    );
    pool.stop().await;
}

#[tokio::test]
async fn the_screen_of_an_hvm_guest_is_rfb() {
    let pool = pool(7).await;
    let root = Client::root(&pool).await;
    let (_, record) = running(&root, "hvm").await;
    let console = root
        .ok("console.get_record", json!([record["consoles"][0]]))
        .await;
    assert_eq!(console["protocol"], "rfb");
    let location = console["location"].as_str().unwrap();
    let home = root.ok("host.get_address", json!([record["resident_on"]])).await;
    let home = home.as_str().unwrap();
    assert!(location.starts_with(&format!("https://{home}:")), "{location}");
    let mut stream = TcpStream::connect((home, root.address.port())).await.unwrap();
    let target = location.split_once("/console").unwrap().1;
    let request = format!(
        "CONNECT /console{target}&session_id={} HTTP/1.0\r\n\r\n",
        root.session
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    until(&mut stream, "RFB 003.008\n").await;
    stream.write_all(b"RFB 003.003\n").await.unwrap();
    let mut security = [0; 4];
    stream.read_exact(&mut security).await.unwrap();
    assert_eq!(security, [0, 0, 0, 1]);
    stream.write_all(&[1]).await.unwrap();
    let mut init = [0; 24];
    stream.read_exact(&mut init).await.unwrap();
    assert_eq!(init[..4], [0x02, 0x80, 0x01, 0x90]);
    let mut name = vec![0; usize::from(init[23])];
    stream.read_exact(&mut name).await.unwrap();
    assert_eq!(
        String::from_utf8(name).unwrap(),
        record["name_label"].as_str().unwrap()
    );
    stream
        .write_all(&[3, 0, 0, 0, 0, 0, 2, 128, 1, 144])
        .await
        .unwrap();
    let mut update = vec![0; 16 + 640 * 400 * 4];
    timeout(DEADLINE, stream.read_exact(&mut update))
        .await
        .expect("in time")
        .unwrap();
    assert_eq!(update[..4], [0, 0, 0, 1]);
    pool.stop().await;
}

#[tokio::test]
async fn measurements_of_a_host_name_what_runs_there() {
    let pool = pool(7).await;
    let root = Client::root(&pool).await;
    let target = format!(
        "/rrd_updates?start=-60&interval=5&host=true&json=true&session_id={}",
        root.session
    );
    let answer = http(root.address, "GET", &target, "", "").await;
    assert_eq!(answer.header("content-type"), "application/json");
    let updates: Value = serde_json::from_str(&answer.body).unwrap();
    let legend = updates["meta"]["legend"].as_array().unwrap();
    let named = |part: &str| legend.iter().any(|entry| entry.as_str().unwrap().contains(part));
    assert!(named(":cpu0") && named("AVERAGE:host:") && named(":vbd_xvda_read"));
    assert!(
        http(root.address, "GET", "/rrd_updates?start=0", "", "")
            .await
            .status
            .contains("401")
    );
    let basic = "Authorization: Basic cm9vdDp4ZW4=\r\n";
    assert!(
        http(root.address, "GET", "/host_rrd", basic, "")
            .await
            .body
            .contains("<rra>")
    );
    let answer = http(root.address, "GET", "/host_rrd?json=true", basic, "").await;
    assert_eq!(answer.header("content-type"), "application/json");
    let archive: Value = serde_json::from_str(&answer.body).unwrap();
    let sources = archive["ds"].as_array().unwrap();
    assert!(sources.iter().any(|source| source["name"] == "loadavg"));
    let rows: Vec<(&Value, usize)> = archive["rra"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["pdp_per_row"], one["database"].as_array().unwrap().len()))
        .collect();
    assert_eq!(
        rows,
        [
            (&json!("1"), 120),
            (&json!("12"), 120),
            (&json!("720"), 168),
            (&json!("17280"), 366)
        ]
    );
    let newest = &archive["rra"][0]["database"][119];
    assert_eq!(newest.as_array().unwrap().len(), sources.len());
    assert!(newest[0].is_string());
    pool.stop().await;
}

#[tokio::test]
async fn a_vm_is_made_from_a_template_snapshotted_and_reverted() {
    let pool = pool(7).await;
    let root = Client::root(&pool).await;
    let template = root.vm("Debian Bookworm 12").await;
    assert_eq!(
        root.call("VM.start", json!([template, false, false]))
            .await
            .unwrap_err()[0],
        "VM_IS_TEMPLATE"
    );
    let vm = root.ok("VM.clone", json!([template, "fresh"])).await;
    root.ok("VM.provision", json!([vm])).await;
    let record = root.ok("VM.get_record", json!([vm])).await;
    assert_eq!(
        (
            record["is_a_template"].as_bool(),
            record["VBDs"].as_array().map(Vec::len)
        ),
        (Some(false), Some(1))
    );
    let snapshot = root.ok("VM.snapshot", json!([vm, "before"])).await;
    root.ok("VM.set_memory", json!([vm, 1 << 30])).await;
    let taken = root.ok("VM.get_record", json!([snapshot])).await;
    assert_eq!(
        (&taken["is_a_snapshot"], &taken["snapshot_of"]),
        (&json!(true), &vm)
    );
    assert_eq!(root.ok("VM.get_snapshots", json!([vm])).await, json!([snapshot]));
    root.ok("VM.revert", json!([snapshot])).await;
    assert_ne!(
        root.ok("VM.get_memory_static_max", json!([vm])).await,
        json!(1 << 30)
    );
    root.ok("VM.destroy", json!([vm])).await;
    assert_eq!(
        root.call("VM.get_record", json!([vm])).await.unwrap_err()[0],
        "HANDLE_INVALID"
    );
    pool.stop().await;
}

async fn until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut seen = Vec::new();
    let reading = async {
        loop {
            let mut byte = [0; 1024];
            let read = stream.read(&mut byte).await.unwrap();
            seen.extend_from_slice(&byte[..read]);
            if read == 0 || String::from_utf8_lossy(&seen).contains(wanted) {
                break;
            }
        }
    };
    timeout(DEADLINE, reading).await.unwrap_or(());
    let text = String::from_utf8_lossy(&seen).into_owned();
    assert!(text.contains(wanted), "waited for {wanted:?}, saw {text:?}");
    text
}
