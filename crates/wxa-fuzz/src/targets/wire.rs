//! What travels between browser and server: frames, control messages, parameters.
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;
use wxa_wire::{
    AuditQuery, ConsoleFrame, ConsoleQuery, ConsoleWord, CredentialParams, ErrorBody, HostAddParams,
    HostProbeParams, HostTrustParams, LiveFrame, LiveRequest, LoginParams, ScreenFrame, ScreenWord,
    SetupParams, console::links::ConsoleLinkParams, index_frame, rank_frame, sample_frame,
};

use crate::{Target, seeds};

pub const TARGETS: &[Target] = &[
    Target {
        name: "samples",
        reads: "binary frames of the live socket",
        run: samples,
        seeds: seeds::SAMPLES,
    },
    Target {
        name: "control",
        reads: "text frames of the sockets",
        run: control,
        seeds: seeds::CONTROL,
    },
    Target {
        name: "params",
        reads: "JSON bodies of operations and problems",
        run: params,
        seeds: seeds::PARAMS,
    },
];

fn samples(bytes: &[u8]) {
    if let Some(frame) = index_frame::decode(bytes) {
        // Briefs are read again as they were written, in however many bytes.
        let vms: Vec<_> = frame.vms.iter().collect();
        let again = index_frame::decode(&index_frame::encode(frame.head, &frame.changes, &vms));
        assert_eq!(again, Some(frame));
    }
    let _ = rank_frame::decode(bytes);
    if let Some((at, rows)) = sample_frame::decode(bytes) {
        let encoded = sample_frame::encode(at, &rows);
        assert_eq!(encoded.len(), bytes.len());
        assert_eq!(sample_frame::decode(&encoded), Some((at, rows)));
    }
}

fn control(bytes: &[u8]) {
    stays_the_same::<LiveRequest>(bytes);
    stays_the_same::<LiveFrame>(bytes);
    stays_the_same::<ConsoleFrame>(bytes);
    stays_the_same::<ConsoleQuery>(bytes);
    stays_the_same::<ScreenFrame>(bytes);
    stays_the_same::<ScreenWord>(bytes);
    stays_the_same::<ConsoleWord>(bytes);
}

fn params(bytes: &[u8]) {
    stays_the_same::<ErrorBody>(bytes);
    stays_the_same::<AuditQuery>(bytes);
    stays_the_same::<ConsoleLinkParams>(bytes);
    reads::<LoginParams>(bytes);
    reads::<SetupParams>(bytes);
    reads::<HostProbeParams>(bytes);
    reads::<HostAddParams>(bytes);
    reads::<HostTrustParams>(bytes);
    reads::<CredentialParams>(bytes);
}

/// What is read and written again is read as the same.
fn stays_the_same<T: DeserializeOwned + Serialize + PartialEq + Debug>(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(bytes) else {
        return;
    };
    let text = serde_json::to_string(&value).unwrap_or_else(|error| panic!("not written: {error}"));
    let again: T =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("not read again: {error}: {text}"));
    assert_eq!(again, value);
}

/// What is read shows no secret in a log.
fn reads<T: DeserializeOwned + Debug>(bytes: &[u8]) {
    if let Ok(value) = serde_json::from_slice::<T>(bytes) {
        let _shown = format!("{value:?}");
    }
}
