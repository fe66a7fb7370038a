//! Where a pool's hosts listen: the same ports on the address of each.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;

use super::PoolHandle;
use crate::config::{ConsoleLogs, SimHostConfig};
use crate::host::SimHost;
use crate::xapi::config::{MemberSsh, PoolConfig, Ports};
use crate::xapi::member::MemberFace;
use crate::xapi::value::Ref;

/// How often free ports are looked for on all addresses.
const TRIES: usize = 50;

pub(super) type Listeners = (Vec<TcpListener>, Vec<TcpListener>);

/// For TLS and in the clear, each at one port of all addresses.
///
/// # Errors
/// When no port is free on all of them.
pub(super) async fn listen(addresses: &[Ipv4Addr], ports: Ports) -> io::Result<Listeners> {
    if ports == Ports::Standard
        && let (Ok(tls), Ok(plain)) = (listen_at(addresses, 443).await, listen_at(addresses, 80).await)
    {
        return Ok((tls, plain));
    }
    Ok((listen_free(addresses).await?, listen_free(addresses).await?))
}

/// One free port on all addresses.
async fn listen_free(addresses: &[Ipv4Addr]) -> io::Result<Vec<TcpListener>> {
    let (first, others) = addresses.split_first().ok_or(io::ErrorKind::AddrNotAvailable)?;
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..TRIES {
        let one = TcpListener::bind((*first, 0)).await?;
        match listen_at(others, one.local_addr()?.port()).await {
            Ok(rest) => return Ok([one].into_iter().chain(rest).collect()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn listen_at(addresses: &[Ipv4Addr], port: u16) -> io::Result<Vec<TcpListener>> {
    let mut listeners = Vec::new();
    for address in addresses {
        listeners.push(TcpListener::bind((*address, port)).await?);
    }
    Ok(listeners)
}

/// The members' SSH servers, all at the same port.
///
/// # Errors
/// When they cannot listen.
pub(super) async fn shells(
    config: &PoolConfig,
    pool: &PoolHandle,
    hosts: &[(Ref, Ipv4Addr)],
) -> io::Result<Vec<SimHost>> {
    let MemberSsh::Port(wanted) = config.ssh else {
        return Ok(Vec::new());
    };
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..TRIES {
        match shells_at(config, pool, hosts, wanted).await {
            Ok(shells) => return Ok(shells),
            Err(error) if wanted == 0 => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

async fn shells_at(
    config: &PoolConfig,
    pool: &PoolHandle,
    hosts: &[(Ref, Ipv4Addr)],
    wanted: u16,
) -> io::Result<Vec<SimHost>> {
    let (mut shells, mut port): (Vec<SimHost>, u16) = (Vec::new(), wanted);
    for (host, address) in hosts {
        let name = pool.with(|world| world.db.text("host", *host, "name_label").to_owned());
        let mut shell = SimHostConfig::new(name, config.seed);
        shell.listen = SocketAddr::from((*address, port));
        (shell.pace, shell.console_logs) = (config.pace, ConsoleLogs::Off);
        let face = MemberFace::new(pool.clone(), *host);
        let shell = SimHost::start_in(shell, Some(face)).await?;
        port = shell.address().port();
        shells.push(shell);
    }
    Ok(shells)
}
