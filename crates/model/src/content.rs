//! What the words of the pages are made of: articles, rights, help lines, glossary words, letters, entitlements. Knows no
//! page and no form.

use domain::date::Date;
use domain::view::Topic;

/// A help line of `help.toml`.
#[derive(Clone, Debug)]
pub struct HelpLine {
    /// Its place on the help page.
    pub id: String,
    /// For which of the things that may be going on: words `help.need.<id>`.
    pub needs: Vec<String>,
    /// Answers at night and at weekends.
    pub night: bool,
    /// Name of the service.
    pub name: String,
    /// Whom it is for.
    pub for_whom: String,
    /// Number as it is read out; may be empty.
    pub phone: String,
    /// `tel:` address; may be empty.
    pub phone_href: String,
    /// How to write by text message; may be empty.
    pub text: String,
    /// Host name shown as text; may be empty.
    pub web: String,
    /// Opening hours; empty if not known.
    pub hours: String,
    /// Known to be free.
    pub free: bool,
    /// Belongs in every footer.
    pub urgent: bool,
    /// Where we read it.
    pub source: String,
    /// The day it was checked.
    pub checked: Date,
}

/// How sure we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// We read the source.
    Verified,
    /// We read part of it, or a copy at second hand.
    Partly,
    /// Not checked: the page says "ask".
    Ask,
}

/// Where a claim comes from.
#[derive(Clone, Debug)]
pub struct Source {
    /// Act and section, or document and paragraph.
    pub title: String,
    /// What copy was read.
    pub seen: String,
    /// How sure we are.
    pub certainty: Certainty,
}

/// A part of an article under its own heading.
#[derive(Clone, Debug)]
pub struct Section {
    /// Address inside the page.
    pub id: String,
    /// Heading; empty for what stands before the first heading.
    pub heading: String,
    /// Body as HTML, made from our own Markdown.
    pub html: String,
}

/// A page of words with sources.
#[derive(Clone, Debug)]
pub struct Article {
    /// Title and only h1.
    pub title: String,
    /// One sentence on what the page is.
    pub short: String,
    /// The whole page in short, for ages 8 to 12, as HTML; empty on pages that are only a way in.
    pub in_short: String,
    /// Parts in order, for ages 13 and over where there is a short text.
    pub sections: Vec<Section>,
    /// Sources; empty on pages that state no facts.
    pub sources: Vec<Source>,
    /// The day the words were checked against the sources.
    pub checked: Date,
    /// The day they should be checked again.
    pub review_by: Date,
    /// How sure we are of the main point.
    pub certainty: Certainty,
}

/// A link to a right, in lists.
#[derive(Clone, Debug)]
pub struct RightLink {
    /// Name in the address.
    pub slug: String,
    /// Title.
    pub title: String,
    /// One sentence.
    pub short: String,
    /// Which drawn sign.
    pub sign: String,
}

/// A group of rights.
#[derive(Clone, Debug)]
pub struct RightGroup {
    /// Address inside the page.
    pub id: String,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub short: String,
    /// Its rights in order.
    pub rights: Vec<RightLink>,
}

/// One right.
#[derive(Clone, Debug)]
pub struct RightPage {
    /// Name in the address.
    pub slug: String,
    /// The words: four sections, `means`, `good`, `law`, `not-happening`.
    pub article: Article,
    /// Which drawn sign.
    pub sign: String,
    /// Whom it is for.
    pub who_for: String,
    /// Topic that Speak starts with.
    pub topic: Topic,
    /// The group's title, for the line that says where you are.
    pub group: String,
}

/// A promise of the pledge.
#[derive(Clone, Debug)]
pub struct Promise {
    /// Name in the address.
    pub slug: String,
    /// Title in our words.
    pub title: String,
    /// One sentence.
    pub short: String,
    /// Address of the right when it is law as well; may be empty.
    pub law: String,
}

/// A word explained in the glossary.
#[derive(Clone, Debug)]
pub struct GlossaryWord {
    /// Its address inside the glossary.
    pub slug: String,
    /// The word.
    pub word: String,
    /// Other ways to say it that are linked too.
    pub also: Vec<String>,
    /// What it means, as HTML.
    pub means: String,
    /// A page that says more; may be empty.
    pub page: String,
}

/// A letter or message to fill in.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Name in the address.
    pub slug: String,
    /// Title.
    pub title: String,
    /// One sentence on when to use it.
    pub short: String,
    /// Whom to give it to, in a sentence.
    pub to: String,
    /// The page of the right that it claims.
    pub page: String,
    /// Fields in order: at most [`LETTER_FIELDS`].
    pub fields: Vec<LetterField>,
    /// Paragraphs of the letter. `{id}` stands for a field.
    pub text: Vec<String>,
}

/// Names of a letter's fields in the form, in order. Fixed, so that a form can name nothing else.
pub const LETTER_FIELDS: [&str; 8] = ["f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8"];

/// One field of a letter.
#[derive(Clone, Debug)]
pub struct LetterField {
    /// Its name in the text.
    pub id: String,
    /// Label.
    pub label: String,
    /// Help under the label; may be empty.
    pub hint: String,
    /// Lines to write on; 1 is a field of one line.
    pub lines: usize,
}

impl LetterField {
    /// Most characters.
    pub fn max(&self) -> usize {
        if self.lines > 1 { 2_000 } else { 200 }
    }
}

/// Something a status brings with it.
#[derive(Clone, Debug)]
pub struct Entitlement {
    /// Its name.
    pub id: String,
    /// Which group of the result it stands in: `say`, `care`, `worker`, `home`, `money`, …
    pub group: String,
    /// Title.
    pub title: String,
    /// What it is; holds `{amount}` where there are amounts.
    pub what: String,
    /// How to get it.
    pub ask: String,
    /// The right that says more; may be empty.
    pub right: String,
    /// The topic of a view about it.
    pub topic: String,
    /// Act and section; empty where it is policy.
    pub law: String,
    /// Where it was seen.
    pub source: String,
    /// How sure we are.
    pub certainty: Certainty,
    /// The day it was checked.
    pub checked: Date,
    /// The day it should be checked again.
    pub review_by: Date,
    /// Amounts, as words; when each holds stands in `offer.figures`.
    pub amounts: Vec<String>,
    /// Whom it is for.
    pub offer: domain::entitlements::report::Offer,
}
