//! The programs a guest's small shell knows.

use std::time::Duration;

use super::boot::KERNEL;
use super::{Flood, GuestOs, Mode, Signal, Step};
use crate::clock;

/// Most numbers `seq` prints.
const SEQ_MAX: i64 = 20_000;

impl GuestOs {
    /// Runs one line and returns what it prints, with plain newlines.
    pub(crate) fn run(&mut self, line: &str, now: Duration) -> String {
        let mut words = line.split_whitespace();
        let Some(program) = words.next() else {
            return String::new();
        };
        let args: Vec<&str> = words.collect();
        let first = args.first().copied().unwrap_or("");
        let name = &self.facts.name;
        match program {
            "echo" => format!("{}\n", line.get(5..).unwrap_or("").trim().replace(['"', '\''], "")),
            "printf" => printed(line.get(7..).unwrap_or("").trim()),
            "uname" if first == "-a" => format!("Linux {name} {KERNEL} #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22) x86_64 GNU/Linux\n"),
            "uname" if first == "-r" => format!("{KERNEL}\n"),
            "uname" => "Linux\n".into(),
            "hostname" => format!("{name}\n"),
            "whoami" => format!("{}\n", self.user),
            "id" => "uid=0(root) gid=0(root) groups=0(root)\n".into(),
            "pwd" => "/root\n".into(),
            "tty" => format!("/dev/{}\n", self.facts.tty()),
            "nproc" => format!("{}\n", self.facts.vcpus),
            "date" => format!("{}\n", clock::date_line(self.facts.epoch + now.as_secs_f64())),
            "uptime" => {
                let time = clock::time_of_day(self.facts.epoch + now.as_secs_f64());
                format!(" {time} up {},  1 user,  load average: 0.08, 0.03, 0.01\n", clock::short_uptime(now.as_secs()))
            }
            "free" => self.free(),
            "df" => "Filesystem     1K-blocks    Used Available Use% Mounted on\n/dev/xvda1       8154588 1422316   6296532  19% /\n".into(),
            "ps" => self.ps(),
            "top" => format!("top - {} up {}\n{}", clock::time_of_day(self.facts.epoch + now.as_secs_f64()), clock::short_uptime(now.as_secs()), self.ps()),
            "dmesg" => self.kernel_log.iter().map(|line| format!("{line}\n")).collect(),
            "ls" => "notes.txt  var\n".into(),
            "cat" => cat(first, now),
            "stty" if first == "size" => "24 80\n".into(),
            "stty" | "clear" | "true" | "export" | "cd" => String::new(),
            "seq" => seq(&args),
            "sleep" => String::new(),
            "help" => "echo printf uname hostname whoami date uptime free df ps top dmesg ls cat seq yes stty poweroff reboot panic exit\n".into(),
            "yes" => {
                self.start_flood(Flood::Yes, now);
                String::new()
            }
            "poweroff" | "halt" | "shutdown" => {
                self.stop(Signal::PowerOff, now);
                String::new()
            }
            "reboot" => {
                self.stop(Signal::Reboot, now);
                String::new()
            }
            "panic" => {
                self.panic(now);
                String::new()
            }
            "exit" | "logout" => {
                let mut step = Step::default();
                self.log_out(&mut step);
                debug_assert_eq!(self.mode, Mode::Login);
                format!("logout\n{}", String::from_utf8_lossy(&step.output).replace("\r\n", "\n"))
            }
            _ => format!("-bash: {program}: command not found\n"),
        }
    }

    fn free(&self) -> String {
        let total = self.facts.memory_mib * 1024 * 96 / 100;
        let used = total / 5;
        format!(
            "               total        used        free      shared  buff/cache   available\n\
             Mem:     {total:>11} {used:>11} {:>11} {:>11} {:>11} {:>11}\nSwap:    {:>11} {:>11} {:>11}\n",
            total / 2,
            620,
            total - used - total / 2,
            total - used,
            0,
            0,
            0
        )
    }

    fn ps(&self) -> String {
        let tty = self.facts.tty();
        format!(
            "    PID TTY          TIME CMD\n      1 ?        00:00:02 systemd\n    201 ?        00:00:01 systemd-journal\n    \
             388 ?        00:00:00 cron\n    402 ?        00:00:00 sshd\n    455 {tty:<8} 00:00:00 bash\n    512 {tty:<8} 00:00:00 ps\n"
        )
    }
}

/// What a shell's `printf` makes of a text without arguments: of its escapes those for a control character.
fn printed(text: &str) -> String {
    [
        ("\\033", "\x1b"),
        ("\\007", "\x07"),
        ("\\n", "\n"),
        ("'", ""),
        ("\"", ""),
    ]
    .iter()
    .fold(text.to_owned(), |text, (written, meant)| {
        text.replace(written, meant)
    })
}

fn cat(path: &str, now: Duration) -> String {
    match path {
        "/proc/version" => format!(
            "Linux version {KERNEL} (debian-kernel@lists.debian.org) #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1\n"
        ),
        "/proc/uptime" => format!("{:.2} {:.2}\n", now.as_secs_f64(), now.as_secs_f64() * 0.93),
        "/etc/hostname" => "localhost\n".into(),
        "/etc/os-release" => {
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n".into()
        }
        "notes.txt" => "Nothing here but us bits.\n".into(),
        other => format!("cat: {other}: No such file or directory\n"),
    }
}

fn seq(args: &[&str]) -> String {
    let numbers: Vec<i64> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    let (from, to) = match numbers.as_slice() {
        [to] => (1, *to),
        [from, to] => (*from, *to),
        _ => return "seq: missing operand\n".into(),
    };
    (from..=to.min(from.saturating_add(SEQ_MAX)))
        .map(|number| format!("{number}\n"))
        .collect()
}
