-- How often each page was opened in each month, and in which language: numbers that stand for nobody. `month` is the
-- first day of the month; `what` is the address of a public page, or `language:` and a code.
CREATE TABLE use_of_page (
  month TEXT NOT NULL,
  what TEXT NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),
  PRIMARY KEY (month, what)
) STRICT, WITHOUT ROWID;
