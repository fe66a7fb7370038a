//! What the targets begin with: captures of real hosts, and what browsers send.

macro_rules! captured {
    ($($name:literal),+ $(,)?) => {
        &[$(include_bytes!(concat!("../../wxa-xl/tests/captures/", $name))),+]
    };
}

pub const XL_LIST: &[&[u8]] = captured!("xl-list.txt", "xl-list-early.txt", "xl-list-empty.txt");
pub const XL_LIST_LONG: &[&[u8]] = captured!("xl-list-long.txt", "xl-list-l-empty.txt");
pub const XL_INFO: &[&[u8]] = captured!("xl-info.txt");
pub const DISK_SIZES: &[&[u8]] = &[
    include_bytes!("../../wxa-xl/tests/captures/lvs.txt"),
    b"21474836480 /guests/web.img\x00",
    b"QFI\xfb\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10\x00\x00\x00\x05\x00\x00\x00\x00",
];
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
pub const CONSOLE: &[&[u8]] = &[
    include_bytes!("../../wxa-console/logs/grub.log"),
    include_bytes!("../../wxa-console/logs/fsck.log"),
    include_bytes!("../../wxa-console/logs/out-of-memory.log"),
    b"\x1b[2J\x1b]0;a title\x07SeaBIOS (version 1)\r\nBooting from ROM..[    0.000000] Linux version 6\r\nxen login: ",
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
    br#"{"viewers":{"you":1,"viewers":[{"number":1,"name":"a","guest":false,"since":1,"keyboard":"types"}]}}"#,
    br#"{"hand_over":{"to":2}}"#,
    br#""take""#,
];
pub const PARAMS: &[&[u8]] = &[
    br#"{"name":"anna","password":"correct horse battery"}"#,
    br#"{"address":"xen.example","port":22}"#,
    br#"{"address":"x","port":22,"user":"root","credential":{"password":"x"},"fingerprint":"SHA256:abc","name":"x","site":"","config_dir":""}"#,
    br#"{"on":"00000000-0000-0000-0000-000000000001","limit":3}"#,
    br#"{"code":"conflict","message":"m","refusal":{"code":"busy","sentence":"s","until":null},"request_id":"r"}"#,
    br#"{"name":"Supplier","minutes":60,"typing":true}"#,
];
pub const FILTER: &[&[u8]] = &[
    b"!phase:booting phase:panicked",
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
    br#"{meta: {start:1700000000,step:5,end:1700000010,rows:1,columns:2,legend:["AVERAGE:host:h:cpu0","AVERAGE:vm:00000000-0000-0000-0000-000000000002:cpu0"]},data:[{t:1700000010,values:[0.1,NaN]}]}"#,
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
pub const RFB_SCREEN: &[&[u8]] = &[
    b"RFB 003.008\n\x02\x02\x01\0\0\0\0\x02\x80\x01\x90\x20\x18\x00\x01\x00\xff\x00\xff\x00\xff\x10\x08\x00\x00\x00\x00\x00\x00\x00\x0aQEMU (web)",
    b"RFB 003.003\n\0\0\0\x01\x02\x80\x01\x90\x20\x18\x00\x01\x00\xff\x00\xff\x00\xff\x10\x08\x00\x00\x00\x00\x00\x00\x00\x00",
    b"RFB 003.008\n\x00\x00\x00\x00\x09too many!",
    b"RFB 003.008\n\x01\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
];
pub const RFB_VIEWER: &[&[u8]] = &[
    // As noVNC begins: its encodings, a request, a key as QEMU wants it, the pointer, a text.
    b"RFB 003.008\n\x01\x01\0\0\0\0\x20\x18\0\x01\0\xff\0\xff\0\xff\0\x08\x10\0\0\0\x02\0\0\x02\0\0\0\x07\xff\xff\xfe\xfe\x03\0\0\0\0\0\x02\x80\x01\x90\xff\0\0\x01\0\0\0\x61\0\0\0\x1e\x05\x01\0\x03\0\x04\x06\0\0\0\0\0\0\x03abc",
    b"RFB 003.008\n\x01\x01\x05\x80\0\x03\0\x04\x01\xf8\0\0\0\0\0\0\0\x02ab\xfb\0\x02\0\x02\0\x01\0\0\0\0\0\0\0\0\0\x02\0\x02\0\0\0\0\0\x96\x01\0\0\0\0\x02\x80\x01\x90\xfa\0\x01\x02",
    b"RFB 003.008\n\x01\x01\x06\0\0\0\xff\xff\xff\xfc\x02\0\0\0\x04\x01\0\0\0\0\0\x61",
];
pub const PRINTED: &[&[u8]] = &[
    include_bytes!("../../wxa-console/logs/reboot.log"),
    b"\x09\x1b[1;32m[  OK  ]\x1b[0m Started \xe2\x82\xac sshd.\r\nweb login: ro\x08oot\r\n\x1b]52;c;c2VjcmV0\x07\x1b]0;title\x1b\\\x1b[6n\x1b[c\x1bP$qm\x1b\\end",
    b"\x03\x1b]0;never ended\r\n\x1b_app\r\n10%\r20%\r\xff\xfe\xe2\x82\t\x7f\xc2\x9b31m\xe2\x80\xaeredro\n",
];
pub const LOGS: &[&[u8]] = &[
    b"65024:12:-1.-000000010 12 400 1795867566.4119998950 guest-web 1.log\x0065024:13:5.1 13 0 1.5 guest-x.log.1\x005f3a9c01e27b48d6ac9041f7d38b6e2f.",
    b"5f3a9c01e27b48d6ac9041f7d38b6e2f0\nlogin: 5f3a9c01e27b48d6ac9041f7d38b6e2f1\n\x00\xff0123456789abcdef\n5f3a9c01e27b48d6ac9041f7d38b6e2f.",
];
pub const HELD: &[&[u8]] = &[
    b"\x05xenconsole: Could not lock /var/lock/xenconsole.7\r\n",
    b"xenconsole: Could not read tty from store: No such file or directory\r\n",
    b"libxl: error: libxl_exec.c:117:libxl_report_child_exitstatus: console child [7] exited\r\n",
    b"[    0.000000] Linux version 6\r\n",
];
pub const XENCONSOLED: &[&[u8]] =
    &[b"/usr/lib/xen-4.17/bin/xenconsoled --log=guest --log-dir /var/log/xen/console\n"];
