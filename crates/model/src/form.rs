//! What can be wrong: with a field of a form, and with a request as a whole. Knows no page.

/// A field of a form that needs mending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The `id` of the field, which the summary links to.
    pub field: &'static str,
    /// Key of the words that say what to do, for example `error.said.empty`.
    pub key: &'static str,
}

/// A page for something that went wrong. Words: `problem.<id>.title`, `problem.<id>.body`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// 404.
    NotFound,
    /// 405.
    WrongMethod,
    /// 400: the form could not be read.
    BadForm,
    /// 413: too much was sent.
    TooBig,
    /// 415: sent in a way we do not read.
    WrongType,
    /// 403: not for this person, or the page was too old.
    Forbidden,
    /// 409: somebody else changed it meanwhile.
    Changed,
    /// 408 or 400: the request was cut short.
    CutShort,
    /// 503: busy or cannot save just now; nothing was lost.
    Busy,
    /// 500: our mistake.
    Ours,
}

impl Problem {
    /// The name in word keys.
    pub fn id(self) -> &'static str {
        match self {
            Problem::NotFound => "not-found",
            Problem::WrongMethod => "wrong-method",
            Problem::BadForm => "bad-form",
            Problem::TooBig => "too-big",
            Problem::WrongType => "wrong-type",
            Problem::Forbidden => "forbidden",
            Problem::Changed => "changed",
            Problem::CutShort => "cut-short",
            Problem::Busy => "busy",
            Problem::Ours => "ours",
        }
    }

    /// The HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Problem::NotFound => 404,
            Problem::WrongMethod => 405,
            Problem::BadForm | Problem::CutShort => 400,
            Problem::TooBig => 413,
            Problem::WrongType => 415,
            Problem::Forbidden => 403,
            Problem::Changed => 409,
            Problem::Busy => 503,
            Problem::Ours => 500,
        }
    }
}
