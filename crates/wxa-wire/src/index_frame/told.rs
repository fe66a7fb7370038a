//! What a VM's console told: a byte (the phase's place in [`GuestPhase::ALL`] in 4 bits, the console's in [`CONSOLES`] in 2, whether it
//! was slow in 1); since when (*n*, ms); offset (*n*); when the guest began (*n*: 0, or one more than the ms).
use super::bytes::{Reader, put_number};
use wxa_model::{
    UnixMillis,
    console::{GuestPhase, Understood},
    vm_brief::CONSOLES,
};

pub(super) fn put(out: &mut Vec<u8>, told: Understood) {
    let place = |at: Option<usize>| at.and_then(|at| u8::try_from(at).ok()).unwrap_or(0);
    let phase = place(GuestPhase::ALL.iter().position(|phase| *phase == told.phase));
    let kind = place(CONSOLES.iter().position(|kind| *kind == told.kind));
    out.push(phase | kind << 4 | u8::from(told.slow) << 6);
    put_number(out, told.since.0);
    put_number(out, told.offset);
    put_number(out, told.began.map_or(0, |began| began.0.saturating_add(1)));
}

pub(super) fn read(from: &mut Reader<'_>) -> Option<Understood> {
    let first = from.byte()?;
    if first >> 7 == 1 {
        return None;
    }
    Some(Understood {
        phase: *GuestPhase::ALL.get(usize::from(first & 15))?,
        kind: *CONSOLES.get(usize::from(first >> 4 & 3))?,
        slow: first >> 6 & 1 == 1,
        since: UnixMillis(from.number()?),
        offset: from.number()?,
        began: from.number()?.checked_sub(1).map(UnixMillis),
    })
}
