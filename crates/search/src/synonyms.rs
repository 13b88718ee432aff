//! What people call things, where that is another name than the pages give them.

use crate::stems::stems;

/// Something that people call by another name than the pages do.
#[derive(Clone, Debug, Default)]
pub struct Synonym {
    /// Phrases that somebody may type.
    pub say: Vec<String>,
    /// Words on the page that should be found.
    pub means: Vec<String>,
    /// The page that answers just this; may be empty.
    pub finds: String,
    /// Somebody who types this may be in danger.
    pub urgent: bool,
}

/// What people call things, as it is looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synonyms(pub(crate) Vec<Same>);

// Phrases as stems.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Same {
    pub(crate) say: Vec<Vec<String>>,
    pub(crate) means: Vec<String>,
    pub(crate) finds: String,
    pub(crate) urgent: bool,
}

impl Synonyms {
    /// Takes what people say.
    pub fn new(sayings: impl IntoIterator<Item = Synonym>) -> Synonyms {
        let same = sayings.into_iter().map(|saying| Same {
            say: saying.say.iter().map(|say| stems(say)).collect(),
            means: saying.means.iter().flat_map(|word| stems(word)).collect(),
            finds: saying.finds,
            urgent: saying.urgent,
        });
        Synonyms(same.collect())
    }

    /// These words, and after them those.
    pub fn with(mut self, others: &Synonyms) -> Synonyms {
        self.0.extend(others.0.iter().cloned());
        self
    }

    /// The addresses that it sends people to.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        let all = self.0.iter().map(|same| same.finds.as_str());
        all.filter(|address| !address.is_empty())
    }
}
