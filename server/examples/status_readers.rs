//! Counts how many readers of a status page one core serves: `cargo run --release -p server --example status_readers`.
//!
//! A whole application with a simulated host runs in this process; readers are another process with connections that stay
//! open, over loopback. Told are requests a second, and requests for each second of processor time that this process took,
//! which is what one core would serve, whatever else the machine did.
use std::{
    env, fs,
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use wxa_model::status::{Audience, Language, Members, Rule, Shown};
use wxa_sim::{GuestSpec, SimHostConfig};
use wxa_testkit::TestApp;
use wxa_wire::{
    ServiceParams, StatusLinkParams, StatusPageParams,
    operation::{NoId, StatusLinkCreate, StatusPageCreate},
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const READERS: usize = 16;
const SERVICES: usize = 12;
const SECONDS: u64 = 10;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = env::args().skip(1).collect();
    if let [role, address, path, etag] = args.as_slice()
        && role == "reader"
    {
        return say(&read_all(address.parse()?, path, etag)?.to_string()).map_err(Into::into);
    }
    // One worker for all of the server.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(measure())
}

async fn measure() -> Result<(), Failure> {
    let mut host = SimHostConfig::new("xen-1", 7);
    host.guests = (0..SERVICES)
        .map(|n| GuestSpec::new(format!("vm-{n:02}")))
        .collect();
    let app = TestApp::with_host(host).await;
    let admin = app.admin().await;
    let services = (0..SERVICES).map(|n| ServiceParams {
        id: None,
        name: format!("Service {n}"),
        about: String::new(),
        members: Members::Picked {
            vms: vec![app.vm_id(&format!("vm-{n:02}"))],
            hosts: Vec::new(),
        },
        rule: Rule::All,
        checks: Vec::new(),
    });
    let page = StatusPageParams {
        title: "Example Ltd".into(),
        about: String::new(),
        slug: "example".into(),
        audience: Audience::Links,
        shown: Shown::default(),
        language: Language::En,
        time_zone: "Europe/Vienna".into(),
        services: services.collect(),
    };
    let page = admin
        .call::<StatusPageCreate>(NoId, page)
        .await
        .map_err(told)?
        .page
        .id;
    let link = StatusLinkParams {
        label: "readers".into(),
        expires_at: None,
        password: None,
        addresses: Vec::new(),
        language: None,
        time_zone: None,
    };
    let made = admin.call::<StatusLinkCreate>(page, link).await.map_err(told)?;
    let path = format!("/s/{}", made.token.0);
    let first = app.anonymous().get(&path).await;
    say(&format!(
        "{SERVICES} services, {} bytes, {}",
        first.body.len(),
        first.status
    ))?;
    for (what, etag) in [
        ("the whole page, packed", ""),
        ("unchanged (304)", first.header("etag")),
    ] {
        let address = app.address;
        let (path, etag) = (path.clone(), etag.to_owned());
        let before = cpu_s()?;
        let begun = Instant::now();
        let read = tokio::task::spawn_blocking(move || readers(address, &path, &etag)).await??;
        let (took, cpu) = (begun.elapsed().as_secs_f64(), cpu_s()? - before);
        let (each, of_core) = (read as f64 / took, read as f64 / cpu);
        say(&format!(
            "{what}: {each:.0} readers/s, {of_core:.0} for each second of processor time"
        ))?;
    }
    Ok(())
}

fn told(failure: wxa_testkit::Failure) -> Failure {
    format!("{failure:?}").into()
}

fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}

/// Processor time that this process has taken, in seconds, by the kernel's hundred ticks a second.
fn cpu_s() -> Result<f64, Failure> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no process")?;
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks: Result<Vec<f64>, _> = ticks.map(str::parse).collect();
    Ok(ticks?.iter().sum::<f64>() / 100.0)
}

/// Runs the readers as a process of their own; how much they read.
fn readers(address: SocketAddr, path: &str, etag: &str) -> Result<u64, Failure> {
    let mut command = Command::new(env::current_exe()?);
    command.args(["reader", &address.to_string(), path, etag]);
    let output = command.stderr(Stdio::inherit()).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

fn read_all(address: SocketAddr, path: &str, etag: &str) -> Result<u64, Failure> {
    let known = if etag.is_empty() {
        String::new()
    } else {
        format!("if-none-match: {etag}\r\n")
    };
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\naccept-encoding: gzip\r\n{known}\r\n");
    let until = Instant::now() + Duration::from_secs(SECONDS);
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let request = request.clone();
            thread::spawn(move || read(address, &request, until))
        })
        .collect();
    let mut all = 0;
    for reader in readers {
        all += reader.join().map_err(|_| "a reader broke")??;
    }
    Ok(all)
}

fn read(address: SocketAddr, request: &str, until: Instant) -> Result<u64, Failure> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 256 << 10];
    let mut count = 0;
    while Instant::now() < until {
        stream.write_all(request.as_bytes())?;
        let mut have = 0;
        loop {
            let read = stream.read(buffer.get_mut(have..).unwrap_or_default())?;
            if read == 0 {
                return Err("the server hung up, or the page is too large".into());
            }
            have += read;
            if is_whole(buffer.get(..have).unwrap_or_default())? {
                break;
            }
        }
        count += 1;
    }
    Ok(count)
}

/// Whether a reply is all there; an error for one that is no page.
fn is_whole(reply: &[u8]) -> Result<bool, Failure> {
    let Some(end) = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
        return Ok(false);
    };
    let head = String::from_utf8_lossy(reply.get(..end).unwrap_or_default()).to_ascii_lowercase();
    if !head.starts_with("http/1.1 200") && !head.starts_with("http/1.1 304") {
        return Err(head.into());
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.unwrap_or("0").trim().parse()?;
    Ok(reply.len() >= end + 4 + length)
}
