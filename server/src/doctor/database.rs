//! The database and the key that belongs to it.
use super::Finding;
use std::path::Path;
use wxa_core::check_sealing_key;
use wxa_store::{Examined, newest_layout};

const ABOUT: &str = "database";
const FROM_BACKUP: &str = "restore a backup: `webxenadmin restore FILE --replace`";

pub(super) async fn examine(folder: &Path) -> Vec<Finding> {
    let path = folder.join("webxenadmin.db");
    if !path.exists() {
        return vec![Finding::note(
            ABOUT,
            "there is none yet",
            "the first start of the server makes it",
        )];
    }
    let examined = match wxa_store::examine(&path).await {
        Ok(examined) => examined,
        Err(error) => return vec![Finding::bad(ABOUT, error.to_string(), FROM_BACKUP)],
    };
    let mut found = vec![layout(&examined)];
    let problems = examined.problems.iter();
    found.extend(problems.map(|problem| Finding::bad(ABOUT, format!("damaged: {problem}"), FROM_BACKUP)));
    found.push(match check_sealing_key(folder, &examined) {
        Ok(()) => Finding::good("sealing key", "belongs to the database"),
        Err(error) => Finding::bad("sealing key", error.to_string(), FROM_BACKUP),
    });
    if examined.layout > 0 && examined.rows("user") == 0 {
        let advice = "`webxenadmin setup-link` prints a link that makes the first administrator";
        found.push(Finding::note("accounts", "there is none yet", advice));
    }
    found
}

fn layout(examined: &Examined) -> Finding {
    let (layout, newest) = (examined.layout, newest_layout());
    if layout > newest {
        let says =
            format!("written by a newer version of this program (layout {layout}, this one knows {newest})");
        Finding::bad(ABOUT, says, "start that version")
    } else if layout < newest {
        let says = format!("its layout is {layout}; the next start of the server brings it to {newest}");
        Finding::note(ABOUT, says, "make a backup first: there is no way back")
    } else {
        let says = format!("layout {layout}, {} audit rows", examined.rows("audit"));
        Finding::good(ABOUT, says)
    }
}
