//! The live socket's text frames. Measurements travel as binary frames, see [`crate::sample_frame`]; so does the index, see
//! [`crate::index_frame`]: the first byte tells them apart.
use serde::{Deserialize, Serialize};
use wxa_model::{Change, HostId, Object, UnixMillis, VmId};

/// Browser to server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LiveRequest {
    /// The first frame: what the browser already has. The server answers with `Welcome`, then a `Delta` when it can
    /// still tell the difference, else a `Snapshot`.
    Hello {
        /// Epoch of what it has; 0 for nothing.
        epoch: u64,
        /// Revision of what it has; 0 for nothing.
        revision: u64,
        /// How it is to be told.
        #[serde(default)]
        form: LiveForm,
    },
    /// Which measurements to send from now on.
    Samples {
        /// The wish; replaces the one before.
        wish: SampleWish,
    },
    /// Which VMs (at most 500) to tell in full from now on, where the form is [`LiveForm::Index`]; replaces the ones before.
    /// Those that are new are told at once.
    Watch {
        /// The VMs.
        vms: Vec<VmId>,
    },
}

/// How the inventory is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveForm {
    /// Every object in full, as JSON: simple, and good for scripts.
    #[default]
    Objects,
    /// VMs as briefs, in frames of [`crate::index_frame`]; in full, as [`LiveFrame::Delta`], those that are watched.
    Index,
}

/// Which measurements a tab shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleWish {
    /// None.
    #[default]
    Nothing,
    /// Of these VMs (at most 500) and of all hosts.
    Vms(Vec<VmId>),
    /// What a page shows. Of many VMs each is sent every other second at most, so that a viewer costs the same however many
    /// there are.
    Shown {
        /// These VMs (at most 500).
        vms: Vec<VmId>,
        /// These hosts, as they are measured; all others every 10 s.
        #[serde(default)]
        hosts: Vec<HostId>,
        /// One number of every VM every 5 s, as [`crate::rank_frame`]: a list is in its order.
        #[serde(default)]
        rank: Option<Measure>,
    },
}

/// What a list can be in the order of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// CPUs used.
    Cpu,
    /// Bytes per second read and written.
    Disk,
    /// Bytes per second received and sent.
    Net,
}

/// Server to browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveFrame {
    /// The answer to `Hello`.
    Welcome {
        /// The build the server serves: another one than the page's means "reload to get the new version".
        build: String,
        /// The server's clock.
        now: UnixMillis,
    },
    /// Everything: replaces what the browser has.
    Snapshot {
        /// See [`crate::InventoryView::epoch`].
        epoch: u64,
        /// The revision it is current at.
        revision: u64,
        /// All objects the caller may see.
        objects: Vec<Object>,
    },
    /// What changed since `from`.
    Delta {
        /// The revision the browser has.
        from: u64,
        /// The revision it has after applying.
        to: u64,
        /// In any order; one per object.
        changes: Vec<Change>,
    },
    /// Sent every 5 s: the connection lives, and what the server's clock says.
    Tick {
        /// The server's clock.
        now: UnixMillis,
    },
}
