//! The echo of a guest's console comes at once: latency of the console path is measured through it.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::{Duration, Instant};

use common::{Ssh, read_until};
use russh::ChannelMsg;
use wxa_sim::{GuestSpec, SimHost, SimHostConfig};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_echo_takes_no_noticeable_time() {
    let mut config = SimHostConfig::new("xen-1", 3);
    config.guests.push(GuestSpec::new("web-01"));
    let host = SimHost::start(config).await.unwrap();
    let ssh = Ssh::login(&host, "root", "xen").await;
    let mut console = ssh.handle.channel_open_session().await.unwrap();
    console
        .request_pty(true, "xterm", 80, 24, 0, 0, &[])
        .await
        .unwrap();
    console.exec(true, "xl console web-01").await.unwrap();
    let mut seen = String::new();
    read_until(&mut console, &mut seen, "web-01 login: ").await;
    let mut times = Vec::new();
    for _ in 0..200 {
        let start = Instant::now();
        console.data_bytes("x".as_bytes()).await.unwrap();
        while let Some(message) = console.wait().await {
            if matches!(message, ChannelMsg::Data { .. }) {
                break;
            }
        }
        times.push(start.elapsed());
    }
    times.sort_unstable();
    // Half of them within 10 ms even on a busy machine; usually well under one.
    println!("echo p50 {:?}, p99 {:?}", times[100], times[198]);
    assert!(times[100] < Duration::from_millis(10), "{:?}", times[100]);
}
