//! The parts of the measurements, each with the servers and hosts that it needs. Simulated hosts live in this process, so that the
//! server is alone in its.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use tokio::time::sleep;
use wxa_sim::SimHost;

use crate::browser::{self, Script, Visit};
use crate::browser_sums::BrowserPage;
use crate::console::{self, Console};
use crate::control::Control;
use crate::flood::{self, Flood};
use crate::options::Effort;
use crate::pool::{FILTER, Pool};
use crate::report::{Fleet, Hosts, Real, Report};
use crate::server::{Built, Cores, PASSWORD, Server, USER};
use crate::target::{self, Target};
use crate::websockify::Program;
use crate::{events, first_page, machine, page, say, scale, viewers};

/// The page in a browser, on a server with a pool of so many VMs.
///
/// # Errors
/// When the pool can't be added or the page not be used.
pub async fn page(built: &Built, script: &Script, vms: usize, effort: Effort) -> Result<BrowserPage> {
    say(&format!("the page with {vms} VMs"));
    let pool = Arc::new(Pool::start(vms).await?);
    let control = Control::start(Arc::clone(&pool)).await?;
    let (server, _) = scale::server_with(built, Cores::All, &pool).await?;
    sleep(effort.rest()).await;
    let visit = Visit {
        base: &format!("http://{}", server.address),
        user: USER,
        password: PASSWORD,
        control: Some(&format!("http://{}", control.address)),
        filter: FILTER,
    };
    let raw = browser::measure(script, &visit, effort).await?;
    server.stop().await?;
    Ok(BrowserPage::of(raw))
}

/// How many viewers look at how many VMs: few at the largest size, since one idle stream tells; all counts at 2,000.
pub fn audiences(sizes: &[usize]) -> Vec<(usize, usize)> {
    let many = if sizes.contains(&2_000) {
        Some(2_000)
    } else {
        sizes.iter().copied().max()
    };
    let all = many
        .into_iter()
        .flat_map(|vms| viewers::COUNTS.map(|count| (vms, count)));
    let largest = sizes
        .iter()
        .copied()
        .max()
        .filter(|largest| Some(*largest) != many);
    all.chain(largest.into_iter().flat_map(|vms| [(vms, 1), (vms, 100)]))
        .collect()
}

/// Plain hosts: the first page, rendered pages, events.
///
/// # Errors
/// When a host can't be added.
pub async fn hosts(built: &Built, script: &Path, effort: Effort, report: &mut Report) -> Result<Hosts> {
    say("a server with 2 simulated hosts and 42 VMs");
    let simulated = target::fleet(2, 40).await?;
    let server = Server::with_hosts(built, simulated.iter().map(target::added).collect()).await?;
    sleep(effort.rest()).await;
    let at_rest = machine::memory(server.pid()?)?;
    let page = page::measure(&server, effort.rounds(), 40).await?;
    say("the first page in a browser");
    let first_page = first_page::measure(&server, script, effort.rounds()).await;
    let first_page = report.take("the first page", first_page);
    say("events");
    let target = Target::simulated(&simulated).await?;
    let events = events::measure(&server, &target, effort.rounds(), effort.pick(2, 8)).await?;
    let demo = Fleet {
        page,
        at_rest,
        after_work: machine::memory(server.pid()?)?,
    };
    stop(server, simulated).await?;

    say("a server with 4 simulated hosts and 1,000 VMs");
    let simulated = target::fleet(4, 998).await?;
    let server = Server::with_hosts(built, simulated.iter().map(target::added).collect()).await?;
    sleep(effort.rest()).await;
    let at_rest = machine::memory(server.pid()?)?;
    let page = page::measure(&server, effort.rounds(), 40).await?;
    let large = Fleet {
        page,
        at_rest,
        after_work: machine::memory(server.pid()?)?,
    };
    stop(server, simulated).await?;
    Ok(Hosts {
        demo,
        first_page,
        events,
        large,
    })
}

/// Echoes through the product and through SSH.
///
/// # Errors
/// When a console can't be opened.
pub async fn console(built: &Built, effort: Effort) -> Result<Console> {
    say("echoes on consoles");
    let simulated = target::fleet(2, 40).await?;
    let server = Server::with_hosts(built, simulated.iter().map(target::added).collect()).await?;
    let target = Target::simulated(&simulated).await?;
    let console = console::measure(&server, &target, effort.rounds(), effort.pick(100, 400)).await?;
    stop(server, simulated).await?;
    Ok(console)
}

/// A flood through each way. On a host of its own: floods would be in the way of echoes.
///
/// # Errors
/// When a console can't be opened.
pub async fn flood(built: &Built, effort: Effort, websockify: &Program) -> Result<Flood> {
    say("floods on consoles");
    let simulated = target::for_consoles().await?;
    let server = Server::with_hosts(built, simulated.iter().map(target::added).collect()).await?;
    let target = Target::simulated(&simulated).await?;
    let flood = flood::measure(&server, &target, effort.rounds(), websockify).await?;
    stop(server, simulated).await?;
    Ok(flood)
}

/// Console and events on real Xen: few of each, it runs in emulation.
///
/// # Errors
/// When the bed is down, or too slow.
pub async fn real(built: &Built, status: &str) -> Result<Real> {
    say("the real-Xen bed");
    let rounds = Effort::Full.rounds();
    let target = Target::bed(status).await?;
    let measured = async {
        let server = Server::with_hosts(built, vec![target.host.clone()]).await?;
        target.start_guests().await?;
        say("echoes on consoles of the bed");
        let console = console::measure(&server, &target, rounds, 80).await?;
        say("events of the bed");
        let events = events::measure(&server, &target, rounds, 4).await?;
        server.stop().await?;
        Ok(Real { console, events })
    };
    let measured = measured.await;
    // However it went, the guests go: somebody else comes next.
    target.clear().await?;
    measured
}

async fn stop(server: Server, hosts: Vec<SimHost>) -> Result<()> {
    server.stop().await?;
    for host in hosts {
        host.stop().await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_look_at_two_thousand_and_a_few_at_the_largest() {
        let wanted = [
            (2_000, 1),
            (2_000, 100),
            (2_000, 1_000),
            (10_000, 1),
            (10_000, 100),
        ];
        assert_eq!(audiences(&[100, 1_000, 2_000, 10_000]), wanted);
        assert_eq!(audiences(&[100]), [(100, 1), (100, 100), (100, 1_000)]);
    }
}
