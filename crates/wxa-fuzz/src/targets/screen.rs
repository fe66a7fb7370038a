//! RFB: what screens say when they are opened, and what viewers send.
use wxa_core::console::rfb::{Client, Hand, Opening};

use crate::{Target, seeds};

pub const TARGETS: &[Target] = &[
    Target {
        name: "rfb_screen",
        reads: "a screen's side of the handshake",
        run: screen,
        seeds: seeds::RFB_SCREEN,
    },
    Target {
        name: "rfb_viewer",
        reads: "a viewer's side of RFB, taken apart so that who may only look does nothing",
        run: viewer,
        seeds: seeds::RFB_VIEWER,
    },
];

fn screen(bytes: &[u8]) {
    let whole = opened(&[bytes]);
    for at in [1, 12, 13, bytes.len() / 2] {
        let (first, second) = bytes.split_at(at.min(bytes.len()));
        assert_eq!(opened(&[first, second]), whole, "cut at {at}");
    }
}

/// What was said, and what became of it: the same however the bytes are cut.
fn opened(pieces: &[&[u8]]) -> Result<(Vec<u8>, Option<usize>), String> {
    let mut opening = Opening::default();
    let mut said = Vec::new();
    for piece in pieces {
        said.extend(opening.feed(piece).map_err(|unusable| unusable.to_string())?);
    }
    Ok((said, opening.opened().map(|opened| opened.init.len())))
}

fn viewer(bytes: &[u8]) {
    for hand in [Hand::Free, Hand::Tied] {
        let whole = passed(hand, &[bytes]);
        let (first, second) = bytes.split_at(bytes.len() / 2);
        assert_eq!(passed(hand, &[first, second]), whole);
        let Ok((to_screen, _)) = whole else { continue };
        assert!(to_screen.len() <= bytes.len(), "nothing is made up");
        if hand == Hand::Tied {
            // Only what looks goes on, and whoever reads it once more finds the same messages.
            let begun = [&b"RFB 003.008\n\x01\x01"[..], &to_screen].concat();
            assert_eq!(passed(Hand::Tied, &[&begun]), passed(Hand::Free, &[&begun]));
        }
    }
}

fn passed(hand: Hand, pieces: &[&[u8]]) -> Result<(Vec<u8>, Vec<u8>), String> {
    let (mut client, _) = Client::greet(hand, Vec::new().into());
    let (mut to_screen, mut to_viewer) = (Vec::new(), Vec::new());
    for piece in pieces {
        let fed = client.feed(piece).map_err(|unusable| unusable.to_string())?;
        to_screen.extend(fed.to_screen);
        to_viewer.extend(fed.to_viewer);
    }
    Ok((to_screen, to_viewer))
}
