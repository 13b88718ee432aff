//! A piece of a page of one type, whatever it is made of: functions that return a piece return this.
//!
//! Leptos' own brings, for every piece, the code that streams it, waits for its data, wakes it and draws it again. The
//! server draws each page once and as a whole, so here a piece has only the one function that writes its HTML, and `app` is
//! a sixth of the code (decision 0015).

use leptos::attr::Attribute;
use leptos::attr::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::children::ToChildren;
use leptos::prelude::{AddAnyAttr, Render, RenderHtml};
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::{Position, PositionState};

/// Writes the HTML of a piece: what it is written to, what stands before it, whether text is escaped, whether branches
/// are marked, and attributes from outside.
type Draw = dyn FnOnce(&mut String, &mut Position, bool, bool, Vec<AnyAttribute>) + Send;

/// A piece of a page that can be drawn to HTML, once.
pub struct AnyView(Box<Draw>);

/// Makes an [`AnyView`] of anything that can be drawn.
pub trait IntoAny {
    /// The same piece, its type hidden.
    fn into_any(self) -> AnyView;
}

impl<Piece: RenderHtml + 'static> IntoAny for Piece {
    fn into_any(self) -> AnyView {
        AnyView(Box::new(
            |html, position, escape, mark_branches, attributes| {
                self.to_html_with_buf(html, position, escape, mark_branches, attributes);
            },
        ))
    }
}

/// What stands between the tags of a component, made when the component asks for it.
pub struct Children(Box<dyn FnOnce() -> AnyView + Send>);

impl Children {
    /// Makes it.
    pub fn draw(self) -> AnyView {
        (self.0)()
    }
}

impl<Make, Piece> ToChildren<Make> for Children
where
    Make: FnOnce() -> Piece + Send + 'static,
    Piece: RenderHtml + 'static,
{
    fn to_children(make: Make) -> Self {
        Self(Box::new(|| make().into_any()))
    }
}

impl RenderHtml for AnyView {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        (self.0)(html, position, escape, mark_branches, attributes);
    }

    // The server has no document to wake or to change.
    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) {}

    fn into_owned(self) -> Self {
        self
    }
}

impl Render for AnyView {
    type State = ();

    fn build(self) {}

    fn rebuild(self, (): &mut ()) {}
}

impl AddAnyAttr for AnyView {
    type Output<SomeNewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, attribute: NewAttr) -> Self {
        let attribute = attribute.into_cloneable_owned().into_any_attr();
        Self(Box::new(
            |html, position, escape, mark_branches, mut attributes| {
                attributes.push(attribute);
                (self.0)(html, position, escape, mark_branches, attributes);
            },
        ))
    }
}
