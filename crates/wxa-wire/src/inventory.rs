//! Everything at a moment.
use serde::{Deserialize, Serialize};
use wxa_model::{Object, UnixMillis};

/// What the caller may see, as one consistent picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InventoryView {
    /// Names the server's run: revisions of two epochs cannot be compared.
    pub epoch: u64,
    /// The picture's revision; the live socket can go on from here.
    pub revision: u64,
    /// The server's clock when it was taken.
    pub now: UnixMillis,
    /// Sites, hosts, VMs and tasks.
    pub objects: Vec<Object>,
}
