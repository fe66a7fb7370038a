//! What keys do in a chart that has the focus.

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Moves the cross-hair by so many steps.
    Move(i64),
    /// To the first step that is shown.
    First,
    /// To the last one.
    Last,
    /// Makes the range so many percent as long.
    Zoom(u64),
    /// Takes the cross-hair away.
    Away,
    /// Back to what was shown before.
    Back,
}

/// What a key means; none where it is not ours.
pub fn command(key: &str) -> Option<Command> {
    Some(match key {
        "ArrowLeft" => Command::Move(-1),
        "ArrowRight" => Command::Move(1),
        "PageUp" => Command::Move(-20),
        "PageDown" => Command::Move(20),
        "Home" => Command::First,
        "End" => Command::Last,
        "+" | "=" => Command::Zoom(50),
        "-" => Command::Zoom(200),
        "Escape" => Command::Away,
        "Backspace" => Command::Back,
        _ => return None,
    })
}

/// Where the cross-hair stands after a command, as a step of `first..last`; it begins at the end.
pub fn moved(command: Command, now: Option<usize>, first: usize, last: usize) -> Option<usize> {
    let end = last.checked_sub(1).filter(|end| *end >= first)?;
    match command {
        Command::First => Some(first),
        Command::Last => Some(end),
        Command::Move(by) => {
            let Some(now) = now else {
                return Some(end);
            };
            let to = (now as i64).saturating_add(by);
            Some(to.clamp(first as i64, end as i64) as usize)
        }
        Command::Zoom(_) | Command::Away | Command::Back => now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_move_the_cross_hair_and_stop_at_the_ends() {
        assert_eq!(moved(Command::Move(-1), None, 3, 10), Some(9));
        assert_eq!(moved(Command::Move(-1), Some(9), 3, 10), Some(8));
        assert_eq!(moved(Command::Move(-20), Some(9), 3, 10), Some(3));
        assert_eq!(moved(Command::Move(1), Some(9), 3, 10), Some(9));
        assert_eq!(moved(Command::First, None, 3, 10), Some(3));
        assert_eq!(moved(Command::Move(1), None, 0, 0), None);
        assert_eq!(command("ArrowLeft"), Some(Command::Move(-1)));
        assert_eq!(command("Tab"), None, "leaving is the browser's");
    }
}
