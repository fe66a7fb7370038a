//! Whether and how much of consoles is kept.
use wxa_core::{
    Error, HostRecordingFacts, RecordingSettings as CoreSettings, RecordingWay, VmRecording, VmRecordingFacts,
};
use wxa_driver::Switch;
use wxa_wire::{
    HostRecordingView, HostRecordingWay, RecordingSettings, RecordingView, VmRecordingParams,
    VmRecordingView, operation as op,
};

use super::Call;

pub(super) async fn recording_get(call: Call<op::RecordingGet>) -> Result<RecordingView, Error> {
    let (settings, facts) = call.app.core.recording_get(&call.ctx).await?;
    Ok(RecordingView {
        settings: settings_view(settings),
        consoles: facts.tapes,
        bytes: facts.bytes,
    })
}

pub(super) async fn recording_set(call: Call<op::RecordingSet>) -> Result<(), Error> {
    let RecordingSettings {
        on,
        off_tags,
        boot_bytes,
        window_bytes,
        days,
        total_bytes,
    } = call.params;
    let settings = CoreSettings {
        on,
        off_tags,
        boot_bytes,
        window_bytes,
        days,
        total_bytes,
    };
    call.app.core.recording_set(&call.ctx, settings).await
}

pub(super) async fn vm_recording_get(call: Call<op::VmRecordingGet>) -> Result<VmRecordingView, Error> {
    let facts = call.app.core.vm_recording_get(&call.ctx, call.id).await?;
    Ok(vm_view(facts))
}

pub(super) async fn vm_recording_set(call: Call<op::VmRecordingSet>) -> Result<(), Error> {
    let VmRecordingParams {
        on,
        boot_bytes,
        window_bytes,
        days,
    } = call.params;
    let own = VmRecording {
        on,
        boot_bytes,
        window_bytes,
        days,
    };
    call.app.core.vm_recording_set(&call.ctx, call.id, own).await
}

pub(super) async fn host_recording_get(call: Call<op::HostRecordingGet>) -> Result<HostRecordingView, Error> {
    let facts = call.app.core.host_recording_get(&call.ctx, call.id).await?;
    Ok(host_view(facts))
}

pub(super) async fn host_recording_set(call: Call<op::HostRecordingSet>) -> Result<(), Error> {
    let way = match call.params.way {
        HostRecordingWay::Logs => RecordingWay::Logs,
        HostRecordingWay::Attached => RecordingWay::Attached,
        HostRecordingWay::Off => RecordingWay::Off,
    };
    call.app.core.host_recording_set(&call.ctx, call.id, way).await
}

pub(super) async fn host_logging_set(call: Call<op::HostLoggingSet>) -> Result<(), Error> {
    let switch = if call.params.on { Switch::On } else { Switch::Off };
    call.app.core.host_logging_set(&call.ctx, call.id, switch).await
}

fn settings_view(settings: CoreSettings) -> RecordingSettings {
    RecordingSettings {
        on: settings.on,
        off_tags: settings.off_tags,
        boot_bytes: settings.boot_bytes,
        window_bytes: settings.window_bytes,
        days: settings.days,
        total_bytes: settings.total_bytes,
    }
}

fn vm_view(facts: VmRecordingFacts) -> VmRecordingView {
    VmRecordingView {
        own: VmRecordingParams {
            on: facts.own.on,
            boot_bytes: facts.own.boot_bytes,
            window_bytes: facts.own.window_bytes,
            days: facts.own.days,
        },
        common: settings_view(facts.common),
        not_recorded: facts.not_recorded,
        bytes: facts.bytes,
        since: facts.since,
    }
}

fn host_view(facts: HostRecordingFacts) -> HostRecordingView {
    HostRecordingView {
        way: match facts.way {
            RecordingWay::Logs => HostRecordingWay::Logs,
            RecordingWay::Attached => HostRecordingWay::Attached,
            RecordingWay::Off => HostRecordingWay::Off,
        },
        logs: facts.logs,
        change: facts.change,
        recorded: facts.recorded,
        trouble: facts.trouble,
    }
}
