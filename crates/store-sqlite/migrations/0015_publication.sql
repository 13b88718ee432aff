-- A decision is released by somebody else than those who wrote it, is of a kind, can be taken down and corrected, and can be
-- followed by another one about the same view.

-- Whether anything of the view is public (words of `Publicity`). What was published before stays so.
ALTER TABLE view ADD COLUMN public TEXT NOT NULL DEFAULT 'nothing';
UPDATE view SET public = 'shown' WHERE EXISTS (SELECT 1 FROM outcome WHERE outcome.view = view.id);

-- Why what was public was taken down (words of `TakeDownReason`).
ALTER TABLE event ADD COLUMN down_reason TEXT;

-- `round`: the first decision about the view, the second, and so on. `kind`, `decided_day` and the three people are NULL in
-- rows from before. `due`: for what has to be done; `until`: how long it holds, or the meeting that it was put off to.
-- `urgent`: it was decided before the meeting's day. Once it is taken down there are no words in it; what they were is in
-- the sealed decision. The people are ids of accounts, without a reference: what somebody did outlives their account.
CREATE TABLE outcome_of_round (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  view TEXT NOT NULL REFERENCES view (id),
  round INTEGER NOT NULL DEFAULT 1 CHECK (round > 0),
  topic TEXT NOT NULL,
  kind TEXT,
  said TEXT NOT NULL,
  decided TEXT NOT NULL,
  why TEXT NOT NULL DEFAULT '',
  owner TEXT NOT NULL,
  due TEXT,
  until TEXT,
  meeting_day TEXT NOT NULL,
  decided_day TEXT,
  urgent INTEGER NOT NULL DEFAULT 0 CHECK (urgent IN (0, 1)),
  published TEXT NOT NULL,
  state TEXT NOT NULL,
  decided_by TEXT,
  approved_by TEXT,
  released_by TEXT CHECK (released_by <> decided_by AND (approved_by IS NULL OR released_by <> approved_by)),
  corrected TEXT,
  down TEXT,
  down_reason TEXT CHECK ((down_reason IS NULL) = (down IS NULL)),
  CHECK (down IS NULL OR (said = '' AND decided = '' AND why = '' AND owner = '')),
  UNIQUE (view, round)
) STRICT;

INSERT INTO outcome_of_round (seq, view, topic, said, decided, owner, due, meeting_day, published, state)
  SELECT seq, view, topic, said, decided, owner, due, meeting_day, published, state FROM outcome;

DROP TABLE outcome;
ALTER TABLE outcome_of_round RENAME TO outcome;

-- The triggers went with the table.
CREATE TRIGGER outcome_added AFTER INSERT ON outcome
BEGIN
  UPDATE public_change SET number = number + 1;
END;

-- Every act on a view writes the state of its outcome, mostly as it was.
CREATE TRIGGER outcome_changed AFTER UPDATE ON outcome
WHEN (OLD.topic, OLD.kind, OLD.said, OLD.decided, OLD.why, OLD.owner, OLD.due, OLD.until, OLD.meeting_day, OLD.published,
    OLD.state, OLD.corrected, OLD.down)
  IS NOT (NEW.topic, NEW.kind, NEW.said, NEW.decided, NEW.why, NEW.owner, NEW.due, NEW.until, NEW.meeting_day, NEW.published,
    NEW.state, NEW.corrected, NEW.down)
BEGIN
  UPDATE public_change SET number = number + 1;
END;

CREATE TRIGGER outcome_deleted AFTER DELETE ON outcome
BEGIN
  UPDATE public_change SET number = number + 1;
END;
