//! Tags and notes on hosts and VMs.
use wxa_core::{Error, NotesChange, TagChange};
use wxa_wire::{NotesParams, TagsParams, operation as op};

use super::Call;

pub(super) async fn host_set_tags(call: Call<op::HostSetTags>) -> Result<(), Error> {
    let core = &call.app.core;
    core.host_set_tags(&call.ctx, call.id, tags(call.params)).await
}

pub(super) async fn host_set_notes(call: Call<op::HostSetNotes>) -> Result<(), Error> {
    let core = &call.app.core;
    core.host_set_notes(&call.ctx, call.id, notes(call.params)).await
}

pub(super) async fn vm_set_tags(call: Call<op::VmSetTags>) -> Result<(), Error> {
    let core = &call.app.core;
    core.vm_set_tags(&call.ctx, call.id, tags(call.params)).await
}

pub(super) async fn vm_set_notes(call: Call<op::VmSetNotes>) -> Result<(), Error> {
    let core = &call.app.core;
    core.vm_set_notes(&call.ctx, call.id, notes(call.params)).await
}

fn tags(params: TagsParams) -> TagChange {
    TagChange {
        add: params.add,
        remove: params.remove,
    }
}

fn notes(params: NotesParams) -> NotesChange {
    NotesChange {
        notes: params.notes,
        was: params.was,
    }
}
