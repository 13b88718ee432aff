//! What stands between a sealed text and a page of the desk: the entry of its opening in the audit log. Knows no session,
//! no page and no noun.

use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use store::audit::{Entry, EntryOutcome};
use store::{BodyRow, Change, Changed, EventRow, Store};
use vault::seal::{self, Identity, KeyUnreadable, Label, OpenError, Recipient, Sealer};

/// The label that a text of a view is sealed under.
pub(crate) fn label_of(view: &str, body: &BodyRow) -> Label {
    Label {
        view: view.to_owned(),
        text: body.kind,
        generation: body.generation,
        day: body.day,
    }
}

/// The role keys of somebody at the desk. What they open is [`Unrecorded`], and is shown to nobody without an [`Opening`].
pub struct DeskKeys(Vec<Identity>);

impl DeskKeys {
    /// The keys that somebody holds.
    pub(crate) fn new(keys: Vec<Identity>) -> DeskKeys {
        DeskKeys(keys)
    }

    /// Opens a text of a view.
    pub fn open<T: DeserializeOwned>(
        &self,
        sealer: &dyn Sealer,
        view: &str,
        body: &BodyRow,
    ) -> Result<Unrecorded<T>, OpenError> {
        let text = seal::open_text(sealer, &label_of(view, body), &body.sealed, &self.0)?;
        let view = view.to_owned();
        Ok(Unrecorded { view, text })
    }
}

/// What opens a text so that it is sealed again at once, to others: keys of the desk, or the sender's own.
pub(crate) trait Reseals {
    /// The keys.
    fn keys(&self) -> ResealKeys<'_>;
}

/// Keys that nothing but [`reseal`] uses.
pub(crate) struct ResealKeys<'k>(&'k [Identity]);

impl Reseals for DeskKeys {
    fn keys(&self) -> ResealKeys<'_> {
        ResealKeys(&self.0)
    }
}

impl Reseals for [Identity; 1] {
    fn keys(&self) -> ResealKeys<'_> {
        ResealKeys(self)
    }
}

/// A text sealed again, at this generation and to these readers; `None` if the keys do not open it. Nobody sees it, so
/// nothing is entered for it.
pub(crate) fn reseal(
    sealer: &dyn Sealer,
    (view, body): (&str, &BodyRow),
    with: &impl Reseals,
    generation: u32,
    to: &[Recipient],
) -> Option<Result<Vec<u8>, KeyUnreadable>> {
    let mut label = label_of(view, body);
    let keys = with.keys();
    let text: serde_json::Value = seal::open_text(sealer, &label, &body.sealed, keys.0).ok()?;
    label.generation = generation;
    Some(seal::seal_text(sealer, &label, &text, to))
}

/// An opened text of which nothing is entered yet: no page shows it.
///
/// ```compile_fail,E0616
/// fn shown(text: service::openings::Unrecorded<String>) -> String {
///     text.text
/// }
/// ```
///
/// With the entry of its opening it is a text:
///
/// ```
/// use service::openings::{Opening, Unrecorded};
///
/// fn shown(text: Unrecorded<String>, opening: &Opening) -> Option<String> {
///     text.shown(opening)
/// }
/// ```
pub struct Unrecorded<T> {
    view: String,
    text: T,
}

impl<T> Unrecorded<T> {
    /// The text, for somebody whose opening of its view is entered. `None`: what was entered is of other views.
    pub fn shown(self, opening: &Opening) -> Option<T> {
        opening.views.contains(&self.view).then_some(self.text)
    }
}

/// A text of which a part becomes public by an act: it goes into the commit that has the entry of that act.
pub(crate) trait Published {
    /// What everybody may read.
    type Public;
    /// That part.
    fn public(self) -> Self::Public;
}

/// What everybody may read of it.
pub(crate) fn public_part<T: Published>(text: Unrecorded<T>) -> T::Public {
    text.text.public()
}

/// That somebody's opening of views stands in the audit log, on the disk. Nothing but the commit of that entry makes one:
///
/// ```compile_fail,E0451
/// let forged = service::openings::Opening { views: ["a view".to_owned()].into() };
/// ```
pub struct Opening {
    views: BTreeSet<String>,
}

impl Opening {
    /// Enters an opening of this view with which no line of its record goes.
    pub(crate) async fn entered(
        store: &dyn Store,
        entry: Entry,
        view: &str,
    ) -> store::Result<Opening> {
        let entry = of_view(entry, view);
        store.append_audit(entry, EntryOutcome::Done).await?;
        Ok(Opening::of([view.to_owned()]))
    }

    /// Enters an opening of this view with a line of its record.
    pub(crate) async fn with_event(
        store: &dyn Store,
        entry: Entry,
        view: &str,
        event: EventRow,
    ) -> store::Result<Opening> {
        let store = store.audited(of_view(entry, view));
        store.insert_event(view, event).await?;
        Ok(Opening::of([view.to_owned()]))
    }

    /// Enters an opening of a view that changes it; `None`: something else was quicker.
    pub(crate) async fn with_change(
        store: &dyn Store,
        entry: Entry,
        change: Change,
    ) -> store::Result<Option<Opening>> {
        let view = change.view.clone();
        let store = store.audited(of_view(entry, &view));
        Ok(match store.change(change).await? {
            Changed::Done => Some(Opening::of([view])),
            Changed::Stale => None,
        })
    }

    /// Enters that the texts of these views were opened on a list, each by an entry of its own and all in one commit. `event`
    /// goes into the record of each view of which this person has not opened the approved text before.
    pub(crate) async fn of_list(
        store: &dyn Store,
        entry: Entry,
        views: Vec<String>,
        event: EventRow,
    ) -> store::Result<Opening> {
        if !views.is_empty() {
            let store = store.audited(entry);
            store.open_listed(views.clone(), event).await?;
        }
        Ok(Opening::of(views))
    }

    fn of(views: impl IntoIterator<Item = String>) -> Opening {
        Opening {
            views: views.into_iter().collect(),
        }
    }
}

fn of_view(entry: Entry, view: &str) -> Entry {
    Entry {
        object: Some(view.to_owned()),
        ..entry
    }
}
