//! A server process with an administrator signed in and a simulated host.
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};
use wxa_sim::{SimHost, xapi::SimPool};

use super::http::{Reply, exchange};

/// How long anything may take on a loaded machine.
const DEADLINE: Duration = Duration::from_secs(60);

pub fn webxenadmin(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webxenadmin"));
    command.env("WXA_DATA_DIR", data);
    command
}

/// Runs a command to its end, with `typed` on its standard input.
pub fn run(data: &Path, args: &[&str], typed: &str) -> Output {
    let mut child = webxenadmin(data)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a standard input");
    // One that ends without reading is looked at by its output.
    let _ = stdin.write_all(typed.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Makes the data: an administrator and a host.
pub fn prepare(data: &Path, host: &SimHost) {
    said(&run(
        data,
        &["user", "add", "anna", "--role", "admin"],
        "correct horse battery\n",
    ));
    let (port, key) = (host.address().port().to_string(), host.fingerprint());
    let add = ["host", "add", "127.0.0.1", "--port", &port, "--fingerprint", &key];
    said(&run(data, &add, "xen\n"));
}

/// The same with a pool.
pub fn prepare_pool(data: &Path, pool: &SimPool) {
    said(&run(
        data,
        &["user", "add", "anna", "--role", "admin"],
        "correct horse battery\n",
    ));
    let address = pool.tls_address(0).expect("a member");
    let (ip, port) = (address.ip().to_string(), address.port().to_string());
    let add = [
        "host",
        "add",
        &ip,
        "--xapi",
        "--port",
        &port,
        "--fingerprint",
        pool.fingerprint(),
    ];
    said(&run(data, &add, "xen\n"));
}

/// A running server; killed with its handle.
pub struct Served {
    child: Child,
    pub address: String,
    cookie: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Served {
    /// Starts it and waits until it serves. `cookie` is a session from before.
    pub fn start(data: &Path, cookie: &str) -> Self {
        // Ignored signals stay ignored: a write beyond the limit on file sizes fails, rather than ending the process.
        let mut child = Command::new("sh")
            .args([
                "-c",
                "trap '' XFSZ; exec \"$0\" serve --listen 127.0.0.1:0 --log info --log-format json",
            ])
            .arg(env!("CARGO_BIN_EXE_webxenadmin"))
            .env("WXA_DATA_DIR", data)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut log = BufReader::new(child.stderr.take().expect("a log")).lines();
        let mut seen = Vec::new();
        let address = loop {
            let Some(Ok(line)) = log.next() else {
                panic!("it ended: {seen:#?}")
            };
            let row: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(url) = row.get("url").and_then(Value::as_str) {
                break url.trim_start_matches("http://").to_owned();
            }
            seen.push(line);
        };
        // The pipe must not fill up.
        std::thread::spawn(move || log.for_each(drop));
        Self {
            child,
            address,
            cookie: cookie.to_owned(),
        }
    }

    /// Signs the administrator in.
    pub fn sign_in(&mut self) {
        let form = "name=anna&password=correct+horse+battery";
        let reply = self.form("/login", form);
        let cookie = reply.header("set-cookie").split(';').next().unwrap_or_default();
        assert!(cookie.starts_with("__Host-wxa="), "{reply:?}");
        self.cookie = cookie.to_owned();
    }

    /// The session, for the next run.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    pub fn pid(&self) -> String {
        self.child.id().to_string()
    }

    /// SIGKILL: no chance to say or write anything.
    pub fn kill(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, "", "")
    }

    pub fn post(&self, path: &str) -> Reply {
        self.send("POST", path, "", "")
    }

    pub fn form(&self, path: &str, body: &str) -> Reply {
        self.send(
            "POST",
            path,
            "content-type: application/x-www-form-urlencoded\r\n",
            body,
        )
    }

    fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Reply {
        let headers = format!("cookie: {}\r\n{headers}", self.cookie);
        exchange(&self.address, method, path, &headers, body).expect("a reply")
    }

    /// The VM of that name, as the inventory has it.
    pub fn vm(&self, name: &str) -> Option<Value> {
        let inventory = self.get("/api/v1/inventory").json();
        let objects = inventory.get("objects")?.as_array()?.clone();
        objects.into_iter().find_map(|object| {
            object
                .get("vm")
                .filter(|vm| vm.get("name") == Some(&name.into()))
                .cloned()
        })
    }

    /// Its id, once it is listed.
    pub fn vm_id(&self, name: &str) -> String {
        wait_for(&format!("{name} is listed"), || {
            self.vm(name)
                .and_then(|vm| vm.get("id")?.as_str().map(str::to_owned))
                .ok_or_else(|| self.get("/api/v1/inventory").body)
        })
    }

    /// Waits until the VM is in that state.
    pub fn wait_power(&self, name: &str, power: &str) {
        wait_for(&format!("{name} is {power}"), || match self.vm(name) {
            Some(vm) if vm.get("power") == Some(&power.into()) => Ok(()),
            other => Err(other),
        });
    }

    /// The newest audit row about `what`.
    pub fn audited(&self, what: &str) -> Value {
        let rows = self.get("/api/v1/audit?limit=100").json();
        let rows = rows
            .pointer("/rows")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let row = rows.into_iter().find(|row| row.get("what") == Some(&what.into()));
        row.unwrap_or_default()
    }
}

/// Asks until `look` answers; panics with what was seen last when the deadline has passed.
pub fn wait_for<T, S: std::fmt::Debug>(what: &str, mut look: impl FnMut() -> Result<T, S>) -> T {
    let begun = Instant::now();
    loop {
        match look() {
            Ok(value) => return value,
            Err(seen) => {
                assert!(
                    begun.elapsed() < DEADLINE,
                    "waited in vain for: {what}; last: {seen:?}"
                );
                std::thread::park_timeout(Duration::from_millis(50));
            }
        }
    }
}
