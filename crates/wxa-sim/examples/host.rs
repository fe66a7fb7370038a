//! Starts one simulated host with a few guests and the sentinels, to be tried with any SSH client; ends with Control-C.
#![allow(clippy::print_stdout)]

use wxa_sim::{SimHost, demo_fleet};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let Some(mut config) = demo_fleet(1, 8, 7).pop() else {
        return Ok(());
    };
    if let Some(port) = std::env::args().nth(1).and_then(|port| port.parse().ok()) {
        config.listen.set_port(port);
    }
    let host = SimHost::start(config).await?;
    println!(
        "ssh -p {} root@127.0.0.1 xl list    # password: xen, key {}",
        host.address().port(),
        host.fingerprint()
    );
    tokio::signal::ctrl_c().await?;
    host.stop().await;
    Ok(())
}
