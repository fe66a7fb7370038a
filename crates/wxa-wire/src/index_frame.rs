//! The binary frame of the index: the brief of every VM, or of those that changed, in columns (decision 0037).
//!
//! It travels as the reply of `index_get` and on the live socket of whoever said hello with [`crate::LiveForm::Index`].
//! Numbers are little endian; *n* is a number of 7 bits a byte, lowest first, the top bit saying that more follows; *text*
//! is *n* and so many bytes of UTF-8.
//!
//! Layout: version `u8` = 2; epoch `u64`; from `u64` (all ones: this is everything, replace what you have); to `u64`;
//! *n* and so many bytes of JSON, an array of [`Change`]s to everything that is not a brief; *n* VMs; then for these VMs,
//! column by column: id 16 bytes; names (*text*); host (*n* into a table that stands before: *n*, 16 bytes each); three bytes
//! of bits ([`bits`]); VCPUs (*n*); memory (*n*); memory at most, less memory, wrapping (*n*); and of those that have them:
//! start (*n*, ms); native id (*text*); path of the definition (*text*, empty while it can be read) and what is wrong with
//! it (*text*); tags, then tags of pools (each *n* and so many *n* into a table of *texts* that stands before both); addresses (*n* and so many *texts*);
//! refused acts (*n* and so many times the act's place in [`wxa_model::Action::ALL`] and *n* into the same table of texts); what the
//! console told (see [`told`]).
//!
//! VMs of a whole frame come in the order of their names, so that the browser need not sort ten thousand of them.
mod bits;
mod bytes;
mod told;

use bits::Bits;
use bytes::{Reader, Table, put_number, put_text};
use uuid::Uuid;
use wxa_model::{Action, Bytes, Change, GuestInfo, HostId, RefusedAction, UnixMillis, Vm, VmId};

/// The first byte of the frame: tells it from [`crate::sample_frame`].
pub const VERSION: u8 = 2;

/// What a frame is about, besides its contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// See [`crate::InventoryView::epoch`].
    pub epoch: u64,
    /// The revision to which it is a difference; none for everything.
    pub from: Option<u64>,
    /// The revision one has with it.
    pub to: u64,
}

/// A frame, read.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexFrame {
    /// What it is about.
    pub head: Head,
    /// Changes to sites, hosts, tasks and VMs in full, and what is gone.
    pub changes: Vec<Change>,
    /// Briefs of VMs ([`Vm::brief`]).
    pub vms: Vec<Vm>,
}

/// Writes a frame with the briefs of `vms`, which may have details.
pub fn encode(head: Head, changes: &[Change], vms: &[&Vm]) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 + vms.len() * 96);
    out.push(VERSION);
    for number in [head.epoch, head.from.unwrap_or(u64::MAX), head.to] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    // Model types are always JSON; were one not, the frame would say that nothing else changed.
    let json = serde_json::to_vec(changes).unwrap_or_else(|_| b"[]".to_vec());
    put_number(&mut out, json.len() as u64);
    out.extend_from_slice(&json);
    put_number(&mut out, vms.len() as u64);
    for vm in vms {
        out.extend_from_slice(vm.id.0.as_bytes());
    }
    for vm in vms {
        put_text(&mut out, &vm.name);
    }
    put_hosts(&mut out, vms);
    for vm in vms {
        out.extend_from_slice(&Bits::of(vm).write());
    }
    for vm in vms {
        put_number(&mut out, u64::from(vm.vcpus));
    }
    for vm in vms {
        put_number(&mut out, vm.memory.0);
    }
    for vm in vms {
        put_number(&mut out, vm.memory_max.0.wrapping_sub(vm.memory.0));
    }
    put_optional(&mut out, vms);
    out
}

fn put_hosts(out: &mut Vec<u8>, vms: &[&Vm]) {
    let mut hosts = Table::default();
    let places: Vec<usize> = vms.iter().map(|vm| hosts.place(vm.host)).collect();
    put_number(out, hosts.items().len() as u64);
    for host in hosts.items() {
        out.extend_from_slice(host.0.as_bytes());
    }
    for place in places {
        put_number(out, place as u64);
    }
}

/// The columns that not every VM has something in.
fn put_optional(out: &mut Vec<u8>, vms: &[&Vm]) {
    for at in vms.iter().filter_map(|vm| vm.started_at) {
        put_number(out, at.0);
    }
    for id in vms.iter().filter_map(|vm| vm.native_id.as_deref()) {
        put_text(out, id);
    }
    for path in vms.iter().filter_map(|vm| vm.brief_path()) {
        put_text(out, path);
    }
    for problem in vms.iter().filter_map(|vm| vm.config_problem.as_deref()) {
        put_text(out, problem);
    }
    let mut texts = Table::default();
    let mut places = Vec::new();
    let ours = vms.iter().map(|vm| &vm.tags);
    let pools = vms.iter().map(|vm| &vm.pool_tags);
    for tags in ours.chain(pools).filter(|tags| !tags.is_empty()) {
        put_number(&mut places, tags.len() as u64);
        for tag in tags {
            put_number(&mut places, texts.place(tag.as_str()) as u64);
        }
    }
    let mut refused = Vec::new();
    for vm in vms.iter().filter(|vm| !vm.refused.is_empty()) {
        put_number(&mut refused, vm.refused.len() as u64);
        for one in &vm.refused {
            let act = Action::ALL.iter().position(|act| *act == one.action);
            refused.push(act.and_then(|act| u8::try_from(act).ok()).unwrap_or(u8::MAX));
            put_number(&mut refused, texts.place(one.why.as_str()) as u64);
        }
    }
    put_number(out, texts.items().len() as u64);
    for text in texts.items() {
        put_text(out, text);
    }
    out.extend_from_slice(&places);
    for vm in vms.iter().filter(|vm| !vm.addresses().is_empty()) {
        put_number(out, vm.addresses().len() as u64);
        for address in vm.addresses() {
            put_text(out, address);
        }
    }
    out.extend_from_slice(&refused);
    for understood in vms.iter().filter_map(|vm| vm.understood) {
        told::put(out, understood);
    }
}

/// Whether `frame` says that it is one of these.
pub fn is_one(frame: &[u8]) -> bool {
    frame.first() == Some(&VERSION)
}

/// Reads a frame; none when it is not one.
pub fn decode(frame: &[u8]) -> Option<IndexFrame> {
    let mut from = Reader::new(frame);
    if from.byte()? != VERSION {
        return None;
    }
    let head = Head {
        epoch: from.fixed()?,
        from: Some(from.fixed()?).filter(|from| *from != u64::MAX),
        to: from.fixed()?,
    };
    let length = from.count(1)?;
    // From text, as everything else that the browser reads: reading bytes would be all of that code once more.
    let changes = serde_json::from_str(std::str::from_utf8(from.take(length)?).ok()?).ok()?;
    // Each has an id at least, so a count that is too large is found out before anything is made room for.
    let count = from.count(16)?;
    let mut vms = Vec::with_capacity(count);
    for _ in 0..count {
        vms.push(blank(VmId(from.uuid()?)));
    }
    for vm in &mut vms {
        vm.name = from.text()?.to_owned();
    }
    let mut hosts = Vec::new();
    for _ in 0..from.count(16)? {
        hosts.push(HostId(from.uuid()?));
    }
    for vm in &mut vms {
        vm.host = *hosts.get(from.size()?)?;
    }
    let mut bits = Vec::with_capacity(count);
    for vm in &mut vms {
        let its = Bits::read([from.byte()?, from.byte()?, from.byte()?])?;
        its.give(vm);
        bits.push(its);
    }
    for vm in &mut vms {
        vm.vcpus = u32::try_from(from.number()?).ok()?;
    }
    for vm in &mut vms {
        vm.memory = Bytes(from.number()?);
    }
    for vm in &mut vms {
        vm.memory_max = Bytes(vm.memory.0.wrapping_add(from.number()?));
    }
    optional(&mut from, &mut vms, &bits)?;
    from.is_empty().then_some(IndexFrame { head, changes, vms })
}

fn optional(from: &mut Reader<'_>, vms: &mut [Vm], bits: &[Bits]) -> Option<()> {
    for (vm, _) in vms.iter_mut().zip(bits).filter(|(_, its)| its.started) {
        vm.started_at = Some(UnixMillis(from.number()?));
    }
    for (vm, _) in vms.iter_mut().zip(bits).filter(|(_, its)| its.native) {
        vm.native_id = Some(from.text()?.to_owned());
    }
    for (vm, its) in vms.iter_mut().zip(bits).filter(|(_, its)| its.path) {
        let path = from.text()?;
        if !its.problem && !path.is_empty() {
            return None;
        }
        vm.config_path = Some(path.to_owned());
    }
    for (vm, _) in vms.iter_mut().zip(bits).filter(|(_, its)| its.problem) {
        vm.config_problem = Some(from.text()?.to_owned());
    }
    let mut texts = Vec::new();
    for _ in 0..from.count(1)? {
        texts.push(from.text()?);
    }
    for (vm, _) in vms.iter_mut().zip(bits).filter(|(_, its)| its.tags) {
        vm.tags = tags(from, &texts)?;
    }
    for (vm, _) in vms.iter_mut().zip(bits).filter(|(_, its)| its.pool_tags) {
        vm.pool_tags = tags(from, &texts)?;
    }
    for (vm, _) in vms.iter_mut().zip(bits).filter(|(_, its)| its.addresses) {
        let mut addresses = Vec::new();
        for _ in 0..from.count(1)? {
            addresses.push(from.text()?.to_owned());
        }
        if addresses.is_empty() {
            return None;
        }
        vm.guest = Some(GuestInfo {
            addresses,
            ..GuestInfo::default()
        });
    }
    for (vm, _) in vms.iter_mut().zip(bits).filter(|(_, its)| its.refused) {
        for _ in 0..from.count(2)? {
            let action = *Action::ALL.get(usize::from(from.byte()?))?;
            let why = (*texts.get(from.size()?)?).to_owned();
            vm.refused.push(RefusedAction { action, why });
        }
    }
    for (vm, _) in vms.iter_mut().zip(bits).filter(|(_, its)| its.understood) {
        vm.understood = Some(told::read(from)?);
    }
    Some(())
}

fn tags(from: &mut Reader<'_>, texts: &[&str]) -> Option<Vec<String>> {
    let count = from.count(1)?;
    let mut tags = Vec::with_capacity(count);
    for _ in 0..count {
        tags.push((*texts.get(from.size()?)?).to_owned());
    }
    Some(tags)
}

/// What the columns are put into.
fn blank(id: VmId) -> Vm {
    Vm {
        id,
        host: HostId(Uuid::nil()),
        name: String::new(),
        role: wxa_model::VmRole::Guest,
        power: wxa_model::PowerState::Halted,
        guest_type: None,
        vcpus: 0,
        memory: Bytes(0),
        memory_max: Bytes(0),
        xen_uuid: None,
        native_id: None,
        config_path: None,
        config_problem: None,
        autostart: false,
        started_at: None,
        disks: Vec::new(),
        nics: Vec::new(),
        consoles: Vec::new(),
        no_console: None,
        understood: None,
        guest: None,
        refused: Vec::new(),
        tags: Vec::new(),
        pool_tags: Vec::new(),
        notes: String::new(),
    }
}

#[cfg(test)]
mod tests;
