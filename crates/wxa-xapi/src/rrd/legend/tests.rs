//! Whole rows.
use super::*;
use crate::rrd::Updates;
use uuid::Uuid;
use wxa_driver::Error;
use wxa_model::Metric;

fn batch(legend: &[&str], values: &[&str]) -> Result<SampleBatch, Error> {
    let text =
        serde_json::json!({"meta": {"legend": legend}, "data": [{"t": 5, "values": values}]}).to_string();
    let updates = Updates::read(text.as_bytes())?;
    let vm = |uuid: &str| (uuid == "v").then_some(VmId(Uuid::nil()));
    let legend = Legend::new(&updates.legend, "h", vm).with_stores(|short| Some(format!("{short}-whole")));
    let rows = updates.after(None);
    Ok(rows.first().map(|row| legend.batch(row, 2)).unwrap_or_default())
}

fn only(batch: &SampleBatch) -> VmSample {
    batch.vms.first().map(|(_, sample)| *sample).unwrap_or_default()
}

#[test]
fn columns_are_added_up_by_what_they_mean() -> Result<(), Error> {
    let text = r#"{"meta":{"legend":["AVERAGE:host:h:cpu0","AVERAGE:host:h:cpu1","AVERAGE:host:h:cpu0-C1","AVERAGE:host:h:memory_total_kib",
        "AVERAGE:host:h:memory_free_kib","AVERAGE:vm:v:cpu0","AVERAGE:vm:v:cpu_usage","AVERAGE:vm:v:memory","AVERAGE:vm:v:vbd_xvda_read",
        "AVERAGE:vm:v:vbd_xvdb_read","AVERAGE:vm:v:vbd_xvda_iops_read","AVERAGE:vm:v:vif_0_tx","AVERAGE:vm:stranger:cpu0","MAX:vm:v:cpu0",
        "odd"]},
        "data":[{"t":5,"values":["0.5","0.25","9","100","40","0.125","9","2048","10","5","9","7","9","9","9"]}]}"#;
    let updates = Updates::read(text.as_bytes())?;
    let id = VmId(Uuid::nil());
    let legend = Legend::new(&updates.legend, "h", |uuid| (uuid == "v").then_some(id));
    let rows = updates.after(None);
    let batch = rows.first().map(|row| legend.batch(row, 2)).unwrap_or_default();
    assert_eq!(batch.host.cpu, Some(0.75));
    assert_eq!(batch.host.memory_used, Some(Bytes::kib(60)));
    let expected = VmSample {
        cpu: Some(0.125),
        memory: Some(Bytes(2048)),
        disk_read: Some(15.0),
        disk_write: None,
        disk_read_ops: Some(9.0),
        net_rx: None,
        net_tx: Some(7.0),
        ..VmSample::default()
    };
    assert_eq!(batch.vms, [(id, expected)]);
    Ok(())
}

#[test]
fn what_a_guest_uses_is_what_its_agent_leaves_over() -> Result<(), Error> {
    let legend = ["AVERAGE:vm:v:memory", "AVERAGE:vm:v:memory_internal_free"];
    let told = |free: &str| batch(&legend, &["1048576", free]).map(|batch| only(&batch).memory_used);
    assert_eq!(told("256")?, Some(Bytes(1_048_576 - 262_144)));
    assert_eq!(told("NaN")?, None, "its agent says nothing");
    assert_eq!(told("4096")?, None, "more than there is");
    assert_eq!(
        only(&batch(&legend[..1], &["1048576"])?).memory_used,
        None,
        "it has no agent"
    );
    Ok(())
}

#[test]
fn parts_are_told_by_their_owners_names() -> Result<(), Error> {
    let batch = batch(
        &[
            "AVERAGE:host:h:cpu1",
            "AVERAGE:host:h:loadavg",
            "AVERAGE:host:h:pif_aggr_rx",
            "AVERAGE:host:h:pif_eth0_rx",
            "AVERAGE:host:h:pif_eth1_rx",
            "AVERAGE:host:h:pif_bond0_rx",
            "AVERAGE:host:h:io_throughput_read_1b2c3d4e",
            "AVERAGE:host:h:iops_read_1b2c3d4e",
            "AVERAGE:host:h:iops_write_1b2c3d4e",
            "AVERAGE:host:h:iowait_1b2c3d4e",
            "AVERAGE:host:h:read_latency_1b2c3d4e",
            "AVERAGE:vm:v:vbd_xvda_iops_read",
            "AVERAGE:vm:v:vbd_xvda_iops_write",
            "AVERAGE:vm:v:vbd_xvda_read_latency",
            "AVERAGE:vm:v:vbd_xvda_write_latency",
        ],
        &[
            "0.5", "0.25", "600", "100", "200", "300", "2", "30", "10", "0.2", "99999", "3", "1", "2000",
            "6000",
        ],
    )?;
    let id = Some(VmId(Uuid::nil()));
    let seen: Vec<_> = batch.parts.iter().map(|one| (one.vm, one.part.clone())).collect();
    assert_eq!(
        seen,
        [
            (None, Part::Cpu(1)),
            (None, Part::Nic("eth0".into())),
            (None, Part::Nic("eth1".into())),
            (None, Part::Nic("bond0".into())),
            (None, Part::Storage("1b2c3d4e-whole".into())),
            (id, Part::Disk("xvda".into())),
        ]
    );
    assert_eq!(
        batch.host.net_rx,
        Some(300.0),
        "a bond is its interfaces once more"
    );
    assert_eq!(
        (batch.host.disk_read, batch.host.load),
        (Some(2_097_152.0), Some(0.25))
    );
    let store = batch
        .parts
        .iter()
        .find(|one| matches!(one.part, Part::Storage(_)));
    assert!(store.is_some_and(|store| store.values.contains(&(Metric::DiskLatency, 0.005))));
    assert_eq!(only(&batch).disk_latency, Some(0.003));
    Ok(())
}

#[test]
fn without_its_interfaces_a_member_tells_all_together() -> Result<(), Error> {
    let batch = batch(&["AVERAGE:host:h:pif_aggr_tx"], &["600"])?;
    assert_eq!((batch.host.net_tx, batch.host.net_rx), (Some(600.0), None));
    Ok(())
}

#[test]
fn a_member_has_no_more_parts_than_there_can_be() -> Result<(), Error> {
    let names: Vec<String> = (0..MOST_PARTS + 100)
        .map(|n| format!("AVERAGE:host:h:cpu{n}"))
        .collect();
    let legend: Vec<&str> = names.iter().map(String::as_str).collect();
    let batch = batch(&legend, &vec!["0.5"; legend.len()])?;
    assert_eq!(batch.parts.len(), MOST_PARTS);
    Ok(())
}
