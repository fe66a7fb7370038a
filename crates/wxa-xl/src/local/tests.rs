//! Processes beside us: what they say, how they end, and that they end with us.
use super::*;
use crate::transport::Process;
use rustix::process::{Pid, test_kill_process};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

fn local() -> Local {
    Local::new(&LocalTarget::default())
}

async fn everything(child: Child) -> (String, String, Option<Option<u32>>) {
    let mut process = Process::Local(child);
    let (mut out, mut err, mut ended) = (String::new(), String::new(), None);
    while let Some(said) = timeout(Duration::from_secs(10), process.next())
        .await
        .expect("it ends")
    {
        match said {
            Said::Out(bytes) => out += &String::from_utf8_lossy(&bytes),
            Said::Err(bytes) => err += &String::from_utf8_lossy(&bytes),
            Said::Ended(status) => ended = Some(status),
            Said::Refused => panic!("refused"),
        }
    }
    (out, err, ended)
}

fn start(words: &[&str], terminal: Terminal) -> Child {
    local().start(words, terminal).expect("it starts")
}

#[tokio::test]
async fn a_command_says_what_it_prints_and_how_it_ended() {
    let script = "echo out; echo err >&2; exit 3";
    let (out, err, ended) = everything(start(&["sh", "-c", script], Terminal::None)).await;
    assert_eq!(
        (out.as_str(), err.as_str(), ended),
        ("out\n", "err\n", Some(Some(3)))
    );
}

#[tokio::test]
async fn arguments_are_words_and_never_a_shells() {
    let (out, _, _) = everything(start(&["printf", "%s", "$HOME; `id` 'x'\n"], Terminal::None)).await;
    assert_eq!(out, "$HOME; `id` 'x'\n");
}

#[tokio::test]
async fn a_missing_tool_is_told_as_a_shell_tells_it() {
    let (_, err, ended) = everything(start(&["xl-of-another-world"], Terminal::None)).await;
    assert_eq!(ended, Some(Some(127)));
    assert!(err.contains("command not found"), "{err}");
}

#[tokio::test]
async fn our_environment_stays_ours() {
    let (out, _, _) = everything(start(&["env"], Terminal::None)).await;
    let names: Vec<&str> = out
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[tokio::test]
async fn a_terminal_changes_no_byte() {
    let mut child = start(&["cat"], Terminal::Raw);
    let typed: Vec<u8> = (0..=255).collect();
    let (output, input) = child.halves();
    input.write(&typed).await.expect("typed");
    let mut seen = Vec::new();
    while seen.len() < typed.len() {
        match timeout(Duration::from_secs(10), output.next())
            .await
            .expect("in time")
        {
            Some(Said::Out(bytes)) => seen.extend_from_slice(&bytes),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(seen, typed);
}

#[tokio::test]
async fn a_command_that_is_let_go_ends_with_all_its_children() {
    let mut child = start(&["sh", "-c", "sleep 600 & echo $!; wait"], Terminal::None);
    let Some(Said::Out(bytes)) = child.halves().0.next().await else {
        panic!("it says nothing")
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let grandchild = Pid::from_raw(text.trim().parse().expect("a number")).expect("a process");
    assert!(test_kill_process(grandchild).is_ok());
    drop(child);
    let began = Instant::now();
    while test_kill_process(grandchild).is_ok() {
        assert!(began.elapsed() < Duration::from_secs(10), "it still runs");
        sleep(Duration::from_millis(20)).await;
    }
}
