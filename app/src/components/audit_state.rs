//! Whether the audit log is as it was written, as far as the last check tells.
use super::{icon::icon, when::Age};
use crate::format;
use leptos::prelude::*;
use wxa_wire::AuditCheckView;

/// The state in one line, and what is wrong below it.
#[component]
pub fn AuditState(#[prop(into)] check: Signal<Option<AuditCheckView>>) -> impl IntoView {
    move || match check.get() {
        None => view! {
            <p class="audit-state"><span class="st st-pending">{icon("reboot")}"Being checked"</span></p>
        }
        .into_any(),
        Some(check) if check.intact => intact(check),
        Some(check) => broken(check),
    }
}

fn intact(check: AuditCheckView) -> AnyView {
    let rows = format::count(usize::try_from(check.rows).unwrap_or(usize::MAX), "row");
    let older = (check.older > 0).then(|| {
        format!(
            " {} of them are from before the log was protected, and covered as they were then.",
            check.older
        )
    });
    let end = (!check.end_was_noted).then_some(
        " Its end was not noted before this start: rows that were cut off before would not be noticed.",
    );
    view! {
        <p class="audit-state">
            <span class="st st-done">{icon("check")}"Intact"</span>
            <span class="muted">{rows}", checked "<Age at=check.at/>"."{older}{end}</span>
        </p>
    }
    .into_any()
}

fn broken(check: AuditCheckView) -> AnyView {
    let more = check
        .break_count
        .saturating_sub(u64::try_from(check.breaks.len()).unwrap_or(u64::MAX));
    view! {
        <div class="audit-broken" role="alert">
            <p>
                <span class="st st-crashed">{icon("warning")}"Not as it was written"</span>
                <span class="muted">"checked "<Age at=check.at/></span>
            </p>
            <ul>
                {check.breaks.into_iter().map(|found| view! { <li>{found}</li> }).collect_view()}
                {(more > 0).then(|| view! { <li>{format!("and {more} more")}</li> })}
            </ul>
            <p>
                "Somebody changed the database beside the program, or it was restored from a backup. Compare with a \
                 backup or an export. If you know the reason, write it down at the server: "
                <code>"webxenadmin audit accept --reason …"</code>
            </p>
        </div>
    }
    .into_any()
}
