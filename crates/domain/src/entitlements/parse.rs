//! From a tree of values, as JSON or a form gives it, to valid answers or every error in them.

use super::answers::{
    Answers, Basis, BreaksBasis, CareSpell, Council, Home, HomeReturn, LivingTogether, OtherStay,
    ShortBreaks, SpecialGuardianship, StayKind, StayingPut, When, With,
};
use super::legal_figures::{LeapDay, birthday};
use crate::date::Date;
use crate::text_enum;
use serde::Serialize;

/// A value of JSON's kinds, wherever it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing: the same as left out.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number; one too large for the type is held at its end.
    Whole(i64),
    /// A number with a fraction or an exponent.
    Fraction,
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Names and values.
    Object(Vec<(String, Value)>),
}

text_enum! {
    /// What is wrong with a field.
    pub enum Code {
        /// It must be given.
        Required = "required",
        /// There is no such field.
        UnknownField = "unknown_field",
        /// Not the kind of value the field takes.
        WrongType = "wrong_type",
        /// Not a day or month of the calendar from 1900 to 2199.
        NotADate = "not_a_date",
        /// A month where a day is needed.
        DayNeeded = "day_needed",
        /// Not one of the field's words.
        NotAChoice = "not_a_choice",
        /// A whole number outside the field's range.
        OutOfRange = "out_of_range",
        /// More than 100 entries.
        TooMany = "too_many",
        /// More than ten dates of which only the month is known.
        TooManyMonthOnly = "too_many_month_only",
        /// After the day asked about.
        InFuture = "in_future",
        /// Aged 121 or more.
        TooOld = "too_old",
        /// Before the birth.
        BeforeBirth = "before_birth",
        /// Before the `from` of the same entry.
        BeforeFrom = "before_from",
        /// Said to be less than 24 hours, but the dates are further apart.
        TooLong = "too_long",
    }
}

/// A field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct AnswerError {
    /// Path of the field, such as `care_spells[0].to`; empty for the whole.
    pub field: String,
    /// What is wrong.
    pub code: Code,
}

/// Most entries of a list.
pub const MOST_ENTRIES: usize = 100;
/// Most dates of which only the month is known.
pub const MOST_MONTHS: usize = 10;

const TOO_OLD: i32 = 121;

/// Every field of the answers.
const FIELDS: [&str; 15] = [
    "born",
    "asked_on",
    "care_spells",
    "short_breaks",
    "home_returns",
    "special_guardianship",
    "other_stays",
    "detained_or_in_hospital_at_16",
    "staying_put",
    "education_until",
    "wants_education",
    "unaccompanied",
    "age_disputed",
    "appeals_refused",
    "records_disagree",
];

/// Reads answers. `today`: the day asked about when none is given.
///
/// # Errors
/// Every error in them, in the order they were found.
pub fn read(value: &Value, today: Date) -> Result<Answers, Vec<AnswerError>> {
    read_with(value, today, Reader::default())
}

/// The same for answers from the questions, where a date may also be a year (`YYYY`) or [`UNKNOWN`].
///
/// # Errors
/// As [`read`].
pub fn parse_partial(value: &Value, today: Date) -> Result<Answers, Vec<AnswerError>> {
    let reader = Reader {
        loose: true,
        ..Reader::default()
    };
    read_with(value, today, reader)
}

/// A date nobody remembers: any day from birth to the day asked about.
pub const UNKNOWN: &str = "unknown";

fn read_with(value: &Value, today: Date, mut reader: Reader) -> Result<Answers, Vec<AnswerError>> {
    let answers = reader.answers(value, today);
    if reader.months > MOST_MONTHS {
        reader.fault("", Code::TooManyMonthOnly);
    }
    match answers {
        Some(answers) if reader.errors.is_empty() => Ok(answers),
        _ => Err(reader.errors),
    }
}

/// An object, with its path.
struct Fields<'v> {
    path: String,
    known: &'v [(String, Value)],
}

impl Fields<'_> {
    fn path(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    // Of two fields with one name the last counts, as in most readers of JSON.
    fn get(&self, name: &str) -> Option<&Value> {
        self.known
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
            .filter(|value| **value != Value::Null)
    }
}

/// The two days that dates are held against, where they are valid.
#[derive(Clone, Copy)]
struct Bounds {
    born: Option<Date>,
    asked_on: Option<Date>,
}

#[derive(Default)]
struct Reader {
    errors: Vec<AnswerError>,
    months: usize,
    /// Years and unknown dates are taken.
    loose: bool,
    /// From birth to the day asked about.
    lifetime: Option<When>,
}

impl Reader {
    fn fault(&mut self, field: impl Into<String>, code: Code) {
        self.errors.push(AnswerError {
            field: field.into(),
            code,
        });
    }

    fn answers(&mut self, value: &Value, today: Date) -> Option<Answers> {
        let fields = self.object(value, String::new(), &FIELDS)?;
        let born = self.whole_day(&fields, "born");
        if fields.get("born").is_none() {
            self.fault("born", Code::Required);
        }
        let asked_on = match fields.get("asked_on") {
            None => Some(today),
            Some(_) => self.whole_day(&fields, "asked_on"),
        };
        if let (Some(born), Some(asked_on)) = (born, asked_on) {
            if born > asked_on {
                self.fault("born", Code::InFuture);
            } else if birthday(born, TOO_OLD, LeapDay::March1) <= asked_on.days() {
                self.fault("born", Code::TooOld);
            }
        }
        let bounds = Bounds { born, asked_on };
        if let (Some(born), Some(asked_on)) = (born, asked_on) {
            self.lifetime = Some(When::Between(born, asked_on));
        }
        let care_spells = self.list(&fields, "care_spells", |reader, path, value| {
            reader.care_spell(value, path, bounds)
        });
        let short_breaks = self.part(&fields, "short_breaks", |reader, path, value| {
            reader.short_breaks(value, path, bounds)
        });
        let home_returns = self.list(&fields, "home_returns", |reader, path, value| {
            reader.home_return(value, path, bounds)
        });
        let special_guardianship =
            self.part(&fields, "special_guardianship", |reader, path, value| {
                reader.special_guardianship(value, path, bounds)
            });
        let other_stays = self.list(&fields, "other_stays", |reader, path, value| {
            reader.other_stay(value, path, bounds)
        });
        let staying_put = self.part(&fields, "staying_put", |reader, path, value| {
            reader.staying_put(value, path)
        });
        Some(Answers {
            detained_or_in_hospital_at_16: self.flag(
                &fields,
                "detained_or_in_hospital_at_16",
                false,
            ),
            education_until: self.date(&fields, "education_until"),
            wants_education: self.flag(&fields, "wants_education", false),
            unaccompanied: self.flag(&fields, "unaccompanied", false),
            age_disputed: self.flag(&fields, "age_disputed", false),
            appeals_refused: self.flag(&fields, "appeals_refused", false),
            records_disagree: self.flag(&fields, "records_disagree", false),
            born: born?,
            asked_on: asked_on?,
            care_spells,
            short_breaks,
            home_returns,
            special_guardianship,
            other_stays,
            staying_put: staying_put.unwrap_or_default(),
        })
    }

    fn care_spell(
        &mut self,
        value: &Value,
        path: String,
        bounds: Bounds,
    ) -> Option<CareSpell<When>> {
        let known = ["from", "to", "basis", "home", "council", "under_24_hours"];
        let fields = self.object(value, path, &known)?;
        let (from, to) = self.span(&fields, bounds);
        let under_24_hours = self.flag(&fields, "under_24_hours", false);
        let ends = if fields.get("to").is_some() {
            to.map(When::first)
        } else {
            bounds.asked_on
        };
        if let (true, Some(from), Some(ends)) = (under_24_hours, from, ends)
            && ends.days() > from.last().days() + 1
        {
            self.fault(fields.path("under_24_hours"), Code::TooLong);
        }
        Some(CareSpell {
            basis: self.choice(&fields, "basis", Basis::from_id, Basis::NotSure),
            home: self.choice(&fields, "home", Home::from_id, Home::NotSure),
            council: self.choice(&fields, "council", Council::from_id, Council::ThisCouncil),
            from: from?,
            to,
            under_24_hours,
        })
    }

    fn short_breaks(
        &mut self,
        value: &Value,
        path: String,
        bounds: Bounds,
    ) -> Option<ShortBreaks<When>> {
        let known = [
            "basis",
            "to",
            "days_since_14",
            "days_in_12_months",
            "longest_stay_days",
            "same_place",
            "back_to_parents",
        ];
        let fields = self.object(value, path, &known)?;
        let to = self.date(&fields, "to");
        self.inside(&fields, "to", to, bounds);
        Some(ShortBreaks {
            basis: self.choice(
                &fields,
                "basis",
                BreaksBasis::from_id,
                BreaksBasis::Section20,
            ),
            to,
            days_since_14: self.number(&fields, "days_since_14", 1500),
            days_in_12_months: self.number(&fields, "days_in_12_months", 366),
            longest_stay_days: self.number(&fields, "longest_stay_days", 366),
            same_place: self.flag(&fields, "same_place", true),
            back_to_parents: self.flag(&fields, "back_to_parents", true),
        })
    }

    fn home_return(
        &mut self,
        value: &Value,
        path: String,
        bounds: Bounds,
    ) -> Option<HomeReturn<When>> {
        let fields = self.object(value, path, &["from", "to", "with"])?;
        let (from, to) = self.span(&fields, bounds);
        Some(HomeReturn {
            with: self.choice(&fields, "with", With::from_id, With::Parent),
            from: from?,
            to,
        })
    }

    fn special_guardianship(
        &mut self,
        value: &Value,
        path: String,
        bounds: Bounds,
    ) -> Option<SpecialGuardianship<When>> {
        let fields = self.object(value, path, &["from", "to", "in_care_just_before"])?;
        let (from, to) = self.span(&fields, bounds);
        let in_care_just_before = fields
            .get("in_care_just_before")
            .map(|_| self.flag(&fields, "in_care_just_before", false));
        Some(SpecialGuardianship {
            from: from?,
            to,
            in_care_just_before,
        })
    }

    fn other_stay(
        &mut self,
        value: &Value,
        path: String,
        bounds: Bounds,
    ) -> Option<OtherStay<When>> {
        let fields = self.object(value, path, &["from", "to", "kind"])?;
        let (from, to) = self.span(&fields, bounds);
        if fields.get("kind").is_none() {
            self.fault(fields.path("kind"), Code::Required);
        }
        Some(OtherStay {
            kind: self.choice(&fields, "kind", StayKind::from_id, StayKind::Hospital),
            from: from?,
            to,
        })
    }

    fn staying_put(&mut self, value: &Value, path: String) -> Option<StayingPut> {
        let known = ["living_together", "both_want", "welfare_objection"];
        let fields = self.object(value, path, &known)?;
        Some(StayingPut {
            living_together: self.choice(
                &fields,
                "living_together",
                LivingTogether::from_id,
                LivingTogether::Yes,
            ),
            both_want: self.flag(&fields, "both_want", true),
            welfare_objection: self.flag(&fields, "welfare_objection", false),
        })
    }

    /// `from`, which must be given, and `to`, each held against the bounds and against one another.
    fn span(&mut self, fields: &Fields, bounds: Bounds) -> (Option<When>, Option<When>) {
        if fields.get("from").is_none() {
            self.fault(fields.path("from"), Code::Required);
        }
        let from = self.date(fields, "from");
        let to = self.date(fields, "to");
        self.inside(fields, "from", from, bounds);
        self.inside(fields, "to", to, bounds);
        if let (Some(from), Some(to)) = (from, to)
            && to.last() < from.first()
        {
            self.fault(fields.path("to"), Code::BeforeFrom);
        }
        (from, to)
    }

    fn inside(&mut self, fields: &Fields, name: &str, when: Option<When>, bounds: Bounds) {
        let Some(when) = when else { return };
        if bounds.asked_on.is_some_and(|on| when.first() > on) {
            self.fault(fields.path(name), Code::InFuture);
        }
        if bounds.born.is_some_and(|born| when.last() < born) {
            self.fault(fields.path(name), Code::BeforeBirth);
        }
    }

    fn object<'v>(&mut self, value: &'v Value, path: String, known: &[&str]) -> Option<Fields<'v>> {
        let Value::Object(entries) = value else {
            self.fault(path, Code::WrongType);
            return None;
        };
        let fields = Fields {
            path,
            known: entries,
        };
        for (name, _) in entries {
            if !known.contains(&name.as_str()) {
                self.fault(fields.path(name), Code::UnknownField);
            }
        }
        Some(fields)
    }

    fn part<T>(
        &mut self,
        fields: &Fields,
        name: &str,
        read: impl FnOnce(&mut Reader, String, &Value) -> Option<T>,
    ) -> Option<T> {
        let value = fields.get(name)?;
        read(self, fields.path(name), value)
    }

    fn list<T>(
        &mut self,
        fields: &Fields,
        name: &str,
        read: impl Fn(&mut Reader, String, &Value) -> Option<T>,
    ) -> Vec<T> {
        match fields.get(name) {
            None => Vec::new(),
            Some(Value::List(entries)) if entries.len() > MOST_ENTRIES => {
                self.fault(fields.path(name), Code::TooMany);
                Vec::new()
            }
            Some(Value::List(entries)) => {
                let path = fields.path(name);
                let entries = entries.iter().enumerate();
                entries
                    .filter_map(|(index, entry)| read(self, format!("{path}[{index}]"), entry))
                    .collect()
            }
            Some(_) => {
                self.fault(fields.path(name), Code::WrongType);
                Vec::new()
            }
        }
    }

    fn date(&mut self, fields: &Fields, name: &str) -> Option<When> {
        let when = self.any_date(fields, name)?;
        self.months += usize::from(matches!(when, When::Between(..)));
        Some(when)
    }

    fn whole_day(&mut self, fields: &Fields, name: &str) -> Option<Date> {
        match self.any_date(fields, name)? {
            When::Day(day) => Some(day),
            When::Between(..) => {
                self.fault(fields.path(name), Code::DayNeeded);
                None
            }
        }
    }

    fn any_date(&mut self, fields: &Fields, name: &str) -> Option<When> {
        let text = self.text(fields, name)?;
        let loosely = || match text {
            UNKNOWN => self.lifetime,
            _ => When::from_year(text),
        };
        let when = When::from_text(text).or_else(|| self.loose.then(loosely).flatten());
        if when.is_none() {
            self.fault(fields.path(name), Code::NotADate);
        }
        when
    }

    fn text<'v>(&mut self, fields: &Fields<'v>, name: &str) -> Option<&'v str> {
        let value = fields
            .known
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)?;
        match value {
            Value::Null => None,
            Value::Text(text) => Some(text),
            _ => {
                self.fault(fields.path(name), Code::WrongType);
                None
            }
        }
    }

    fn choice<T>(
        &mut self,
        fields: &Fields,
        name: &str,
        from_id: impl Fn(&str) -> Option<T>,
        default: T,
    ) -> T {
        let Some(text) = self.text(fields, name) else {
            return default;
        };
        from_id(text).unwrap_or_else(|| {
            self.fault(fields.path(name), Code::NotAChoice);
            default
        })
    }

    fn flag(&mut self, fields: &Fields, name: &str, default: bool) -> bool {
        match fields.get(name) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.fault(fields.path(name), Code::WrongType);
                default
            }
        }
    }

    fn number(&mut self, fields: &Fields, name: &str, most: i64) -> Option<i32> {
        match fields.get(name)? {
            Value::Whole(number) if (0..=most).contains(number) => i32::try_from(*number).ok(),
            Value::Whole(_) => {
                self.fault(fields.path(name), Code::OutOfRange);
                None
            }
            _ => {
                self.fault(fields.path(name), Code::WrongType);
                None
            }
        }
    }
}
