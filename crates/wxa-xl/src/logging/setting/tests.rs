//! Settings files as they are found on hosts.
use super::*;

const DEBIAN: &str =
    "# Log xenconsoled messages (cf xl dmesg)\n#XENCONSOLED_TRACE=[none|guest|hv|all]\n\nXENSTORED_ARGS=\n";

fn lines(setting: Setting, text: &str, switch: Switch) -> Result<(Option<String>, Option<String>), NotPlain> {
    setting.edit(text, switch).map(|edit| (edit.removed, edit.added))
}

#[test]
fn what_was_switched_on_is_taken_away_without_a_trace() {
    let on = Setting::Arguments.edit(DEBIAN, Switch::On).unwrap();
    assert_eq!(on.text, format!("{DEBIAN}XENCONSOLED_ARGS=\"--log=guest\"\n"));
    let off = Setting::Arguments.edit(&on.text, Switch::Off).unwrap();
    assert_eq!(off.text, DEBIAN);
    assert_eq!(off.removed.as_deref(), Some("XENCONSOLED_ARGS=\"--log=guest\""));
}

#[test]
fn other_arguments_stay() {
    let text = "XENCONSOLED_ARGS='--timestamp=none --log hv'\nX=1";
    let on = Setting::Arguments.edit(text, Switch::On).unwrap();
    assert_eq!(on.text, "XENCONSOLED_ARGS=\"--timestamp=none --log=all\"\nX=1\n");
    let off = Setting::Arguments.edit(&on.text, Switch::Off).unwrap();
    assert_eq!(off.text, "XENCONSOLED_ARGS=\"--timestamp=none --log=hv\"\nX=1\n");
}

#[test]
fn upstream_has_a_word_for_it() {
    let text = "#XENCONSOLED_TRACE=none\nXENCONSOLED_TRACE=none\n";
    let on = Setting::Trace.edit(text, Switch::On).unwrap();
    assert_eq!(on.text, "#XENCONSOLED_TRACE=none\nXENCONSOLED_TRACE=guest\n");
    assert_eq!(
        lines(Setting::Trace, &on.text, Switch::Off),
        Ok((Some("XENCONSOLED_TRACE=guest".to_owned()), None))
    );
    assert_eq!(
        lines(Setting::Trace, "", Switch::On),
        Ok((None, Some("XENCONSOLED_TRACE=guest".to_owned())))
    );
}

#[test]
fn a_file_that_says_so_already_is_left_alone() {
    for (text, switch) in [
        ("XENCONSOLED_TRACE=guest", Switch::On),
        ("XENCONSOLED_TRACE=\"all\"", Switch::On),
        ("# nothing", Switch::Off),
        ("XENCONSOLED_TRACE=hv\n", Switch::Off),
    ] {
        assert_eq!(Setting::Trace.edit(text, switch).unwrap().text, text);
    }
}

#[test]
fn what_is_cleverer_than_a_line_is_not_touched() {
    for text in [
        "XENCONSOLED_ARGS=\"$MORE\"",
        "XENCONSOLED_ARGS=`cat x`",
        "XENCONSOLED_ARGS=\"--log=none\" # as before",
        "XENCONSOLED_ARGS=a\nXENCONSOLED_ARGS=b",
        "[ -n \"$X\" ] && XENCONSOLED_ARGS=x",
        "export XENCONSOLED_ARGS=x",
        "XENCONSOLED_ARGS+=x",
        "XENCONSOLED_ARGS=\"a\\\nb\"",
    ] {
        assert_eq!(Setting::Arguments.edit(text, Switch::On), Err(NotPlain), "{text}");
    }
}
