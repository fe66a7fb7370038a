//! What the targets begin with: captures of real hosts, and what browsers send.

macro_rules! captured {
    ($($name:literal),+ $(,)?) => {
        &[$(include_bytes!(concat!("../../wxa-xl/tests/captures/", $name))),+]
    };
}

pub const XL_LIST: &[&[u8]] = captured!("xl-list.txt", "xl-list-early.txt", "xl-list-empty.txt");
pub const XL_LIST_LONG: &[&[u8]] = captured!("xl-list-long.txt", "xl-list-l-empty.txt");
pub const XL_INFO: &[&[u8]] = captured!("xl-info.txt");
pub const XL_UPTIME: &[&[u8]] = captured!("xl-uptime.txt");
pub const XENTOP: &[&[u8]] = captured!("xentop-b-f.txt", "xentop-b-i2.txt", "xentop-b-vnx.txt");
pub const VCPUS: &[&[u8]] = captured!("xl-vcpu-list.txt");
pub const COUNTERS: &[&[u8]] = captured!("find-devices.txt", "head-counters.txt");
pub const XL_VM_LIST: &[&[u8]] =
    &[b"UUID                                  ID    name\n00000000-0000-0000-0000-000000000001  7    web\n"];
pub const STDERR: &[&[u8]] = captured!(
    "err-create-dup.err",
    "err-create-nobridge.err",
    "err-create-nodisk.err",
    "err-create-nofile.err",
    "err-create-nokernel.err",
    "err-create-syntax.err",
    "err-create-toobig.err",
    "err-destroy-unknown.err",
    "err-pause-unknown.err",
    "xl-shutdown-unknown.err",
);
pub const WATCH: &[&[u8]] =
    &[b"@introduceDomain\n/local/domain/8\n/local/domain/8/name\n/local/domain/8/data/x\n@releaseDomain\n"];
pub const FILES: &[&[u8]] = &[
    b"800:12 17.5 f 210 /etc/xen/web 1.cfg\x00800:13 17.5 f 300 /etc/xen/db.cfg\x00800:12 17.5 f 210 /etc/xen/auto/10-web\x00",
    b"==> /etc/xen/a.cfg <==\nname='a'\n\n==> /etc/xen/b.cfg <==\nname='b'\n",
];
pub const CFG: &[&[u8]] = &[
    b"# a guest\nname = \"web 1\" # its name\nmemory=0x80; vcpus = '2'\nvif = [\n  'mac=00:16:3e:00:00:01',\n  \"bridge=xenbr0\", ]\nextra = \"a\\\"b\"\nextra += ' c'\n",
    b"name = \"lvm\"\ntype = \"pv\"\nkernel = \"/guests/vmlinux\"\nmemory = 128\nmaxmem = 192\nvcpus = 1\nuuid = \"445eb2fc-4f4a-4364-8c0f-527230180765\"\nvif = [ \"mac=00:16:3e:00:00:51,bridge=xenbr1\" ]\ndisk = [ \"phy:/dev/vg0/lvm-disk,xvda,w\" ]\nserial = [ 'pty' ]\n",
];
pub const DEVICES: &[&[u8]] = &[
    b"phy:/dev/vg0/lvm-disk,xvda,w",
    b"format=qcow2,vdev=xvdb,access=ro,target=/a,b=c.qcow2",
    b"/iso/x.iso,raw,hdc:cdrom,r",
    b"mac=00:16:3E:00:00:61, bridge=xenbr1,model=e1000",
];
pub const SAMPLES: &[&[u8]] = &[
    b"\x01\x2a\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x3f\0\0\0\x4d\0\0\xc0\x7f\0\0\0\0\0\0\0\0\0\0\0\0",
];
pub const CONTROL: &[&[u8]] = &[
    br#"{"hello":{"epoch":7,"revision":9}}"#,
    br#"{"samples":{"wish":{"vms":["00000000-0000-0000-0000-000000000001"]}}}"#,
    br#"{"samples":{"wish":"nothing"}}"#,
    br#"{"begin":{"epoch":1,"offset":2,"live_at":3}}"#,
    br#"{"status":{"status":{"held":{"by":"root"}}}}"#,
    br#"{"delta":{"from":1,"to":2,"changes":[{"gone":{"key":{"vm":"00000000-0000-0000-0000-000000000001"}}}]}}"#,
    br#"{"welcome":{"build":"b","now":1}}"#,
];
pub const PARAMS: &[&[u8]] = &[
    br#"{"name":"anna","password":"correct horse battery"}"#,
    br#"{"address":"xen.example","port":22}"#,
    br#"{"address":"x","port":22,"user":"root","credential":{"password":"x"},"fingerprint":"SHA256:abc","name":"x","site":"","config_dir":""}"#,
    br#"{"on":"00000000-0000-0000-0000-000000000001","limit":3}"#,
    br#"{"code":"conflict","message":"m","refusal":{"code":"busy","sentence":"s","until":null},"request_id":"r"}"#,
];
pub const FILTER: &[&[u8]] = &[
    b"state:running host:xen-1 mem:>8G \"free text\"",
    b"!(name:web | tag:\"a b\") cpu:<=4 type:hvm",
    b"site:Attic | (mem:1.5T !state:halted",
];
pub const ADDRESS: &[&[u8]] = &[
    b"/vms?q=state%3Arunning+mem%3A%3E8G&sort=name#x",
    b"/vms/00000000-0000-0000-0000-000000000001/console",
    b"/hosts/00000000-0000-0000-0000-000000000001/vms?a=%zz&b=%C3%BC",
    b"//evil.example/\\x",
];
pub const REQUEST: &[&[u8]] = &[
    b"__Host-wxa=abc; wxa-theme=dark\n127.0.0.1:8006\n1.2.3.4, 9.9.9.9, 10.0.0.2\nhttps, http\nfor=192.0.2.1;proto=https, for=\"[2001:db8::1]:4711\"",
    b"a=b;__Host-wxa=\n[::1]:8006\n::ffff:1.2.3.4",
];
pub const SETTINGS: &[&[u8]] = &[
    b"listen = \"127.0.0.1:8006\"\ndata_dir = \"/var/lib/webxenadmin\"\ntrusted_proxies = [\"10.0.0.1\"]\n",
    b"public_url = \"https://console.example\"\nlog_format = \"json\"\n",
];
pub const XAPI_EVENTS: &[&[u8]] = &[
    br#"{"events":[{"id":"1","class":"pool","operation":"add","ref":"OpaqueRef:p","snapshot":{"uuid":"00000000-0000-0000-0000-000000000009","name_label":"lab","master":"OpaqueRef:h"}},{"id":"2","class":"host","operation":"add","ref":"OpaqueRef:h","snapshot":{"uuid":"00000000-0000-0000-0000-000000000001","name_label":"xcp-01","address":"10.0.0.1","enabled":true,"metrics":"OpaqueRef:m","cpu_info":{"cpu_count":"8","speed":"2594.012"},"software_version":{"product_brand":"XCP-ng","product_version":"8.3.0"},"other_config":{"boot_time":"1795000000."}}},{"id":"3","class":"host_metrics","operation":"mod","ref":"OpaqueRef:m","snapshot":{"live":true,"memory_total":"8589934592"}},{"id":"4","class":"vm","operation":"add","ref":"OpaqueRef:v","snapshot":{"uuid":"00000000-0000-0000-0000-000000000002","name_label":"web","power_state":"Running","resident_on":"OpaqueRef:h","domid":7,"domain_type":"pvh","memory_dynamic_max":1073741824}}],"valid_ref_counts":{"vm":1},"token":"1,1"}"#,
    br#"{"token":"2,2","valid_ref_counts":{},"events":[{"snapshot":{"VM":"OpaqueRef:v","VDI":"OpaqueRef:d","device":"xvda","mode":"RW"},"ref":"OpaqueRef:b","operation":"add","class":"vbd"},{"class":"vdi","operation":"add","ref":"OpaqueRef:d","snapshot":{"name_label":"root","SR":"OpaqueRef:s","sm_config":{"vdi_type":"vhd"}}},{"class":"vm","operation":"del","ref":"OpaqueRef:v"}]}"#,
];
pub const XAPI_MEASUREMENTS: &[&[u8]] = &[
    br#"{"meta":{"start":0,"step":5,"end":10,"rows":2,"columns":3,"legend":["AVERAGE:host:h:cpu0","AVERAGE:vm:00000000-0000-0000-0000-000000000002:cpu0","AVERAGE:vm:00000000-0000-0000-0000-000000000002:vbd_xvda_read"]},"data":[{"t":10,"values":["0.5","NaN","1e300"]},{"t":5,"values":[0.25,NaN,-Infinity]}]}"#,
];
pub const XAPI_ANSWER: &[&[u8]] = &[
    b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: keep-alive\r\n\r\nabcde",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
    b"HTTP/1.0 500 Internal Error\r\n\r\n<html>",
];
pub const XAPI_CONSOLE: &[&[u8]] = &[
    b"https://10.0.0.1/console?uuid=00000000-0000-0000-0000-000000000002",
    b"https://[fe80::1]:8443/console?ref=OpaqueRef:x",
];
