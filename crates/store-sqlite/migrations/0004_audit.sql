-- The audit log (store/audit.rs says what a row holds and how it is hashed), its signed checkpoints, and time limits.

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  at INTEGER NOT NULL,
  actor TEXT,
  role TEXT,
  action TEXT NOT NULL,
  object TEXT,
  outcome TEXT NOT NULL,
  reason INTEGER NOT NULL CHECK (reason IN (0, 1)),
  previous BLOB NOT NULL CHECK (length(previous) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX audit_by_time ON audit (at);

-- `cut`: the rows up to here were older than the log is kept, and are gone.
CREATE TABLE checkpoint (
  size INTEGER NOT NULL CHECK (size > 0),
  day TEXT NOT NULL,
  head BLOB NOT NULL CHECK (length(head) = 32),
  note TEXT NOT NULL,
  outside INTEGER NOT NULL CHECK (outside IN (0, 1)),
  cut INTEGER NOT NULL DEFAULT 0 CHECK (cut IN (0, 1)),
  PRIMARY KEY (size, day)
) STRICT;

-- Against accidents. Whoever can write to the file can drop these; the chain and the checkpoints are for that.
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit log is never changed');
END;

CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
WHEN OLD.seq > (SELECT coalesce(max(size), 0) FROM checkpoint WHERE cut = 1)
BEGIN
  SELECT RAISE(ABORT, 'the audit log is never cut');
END;

-- Kept longer on purpose: the council must keep it (a legal hold).
ALTER TABLE view ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1));
-- The day on which its last time limit ended. What is left is the tombstone.
ALTER TABLE view ADD COLUMN ended TEXT;
