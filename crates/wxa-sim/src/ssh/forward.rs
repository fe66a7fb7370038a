//! A simulated host as a jump host: it connects to where it is asked to, and carries bytes both ways. The screens of its guests are
//! there too, at ports of its own that nobody but itself can reach.

use std::net::IpAddr;
use std::time::Duration;

use russh::server::{ChannelOpenHandle, Msg};
use russh::{Channel, ChannelOpenFailure};
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::actor::WorldHandle;
use crate::rfb;

/// How long reaching the other host may take.
const CONNECT: Duration = Duration::from_secs(5);

/// Connects, answers, and carries until either side ends.
pub(super) async fn serve(
    channel: Channel<Msg>,
    reply: ChannelOpenHandle,
    address: String,
    port: u32,
    world: WorldHandle,
) {
    let port = u16::try_from(port).unwrap_or_default();
    let is_own = address.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    if is_own && let Ok(Some(shown)) = world.ask(move |world| world.shown_at(port)).await {
        reply.accept().await;
        let domid = shown.domid;
        tokio::select! {
            () = rfb::serve(channel.into_stream(), &[], &shown.name, &shown.password) => {}
            // Its emulator ends with the domain.
            _ = world.wait_for(move |world| (!world.domains.contains_key(&domid)).then_some(())) => {}
        }
        return;
    }
    let connecting = TcpStream::connect((address.as_str(), port));
    let Ok(Ok(mut stream)) = timeout(CONNECT, connecting).await else {
        reply.reject(ChannelOpenFailure::ConnectFailed).await;
        return;
    };
    let _ = stream.set_nodelay(true);
    reply.accept().await;
    // Either end may go away at any time; both are let go then.
    let _ = copy_bidirectional(&mut stream, &mut channel.into_stream()).await;
}
