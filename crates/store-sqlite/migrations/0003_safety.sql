-- Alerts about views in the safety lane: the outbox. A row is written in the commit that brings an unsafe view or an
-- alarm, and stays until a named person takes the view on (or it leaves the lane, or is taken back); then it is deleted.
-- It holds nothing that was written. `since` is Unix seconds of the beginning of a quarter of an hour, never closer:
-- repeating, escalating and "how long has it waited" need some clock, and it goes with the row.
-- `mail` and `hook`: the last round of telling that this channel has delivered; 0 before the first.
-- AUTOINCREMENT: a number is never used again, so a gap in the numbers that somebody received means a lost message.
CREATE TABLE alert (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  view TEXT NOT NULL REFERENCES view (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('sent', 'alarm')),
  since INTEGER NOT NULL CHECK (since % 900 = 0),
  mail INTEGER NOT NULL DEFAULT 0 CHECK (mail >= 0),
  hook INTEGER NOT NULL DEFAULT 0 CHECK (hook >= 0)
) STRICT;

CREATE INDEX alert_by_view ON alert (view);

-- The view came in a burst: many in a short time from one place. It only folds them at the desk.
ALTER TABLE view ADD COLUMN burst INTEGER NOT NULL DEFAULT 0 CHECK (burst IN (0, 1));
