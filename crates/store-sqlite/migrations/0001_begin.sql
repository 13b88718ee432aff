-- The first shape. Texts are sealed before they come here; what stands in clear is listed in docs/ARCHITECTURE.md.
-- Days are text (YYYY-MM-DD), words are the ids of domain types, moments of staff sessions are Unix seconds.

-- Says whose file this is ("PLDG"), so that another program's database is never taken for ours.
PRAGMA application_id = 1347175495;

CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE role_key (
  role_key TEXT NOT NULL,
  generation INTEGER NOT NULL CHECK (generation > 0),
  recipient TEXT NOT NULL,
  for_recovery BLOB NOT NULL,
  PRIMARY KEY (role_key, generation)
) STRICT;

CREATE TABLE staff (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  recipient TEXT NOT NULL,
  salt BLOB NOT NULL CHECK (length(salt) = 16),
  wrapped BLOB NOT NULL,
  must_change INTEGER NOT NULL CHECK (must_change IN (0, 1))
) STRICT;

-- A role key, sealed to one member of staff.
CREATE TABLE grant_of_key (
  staff TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
  role_key TEXT NOT NULL,
  generation INTEGER NOT NULL CHECK (generation > 0),
  sealed BLOB NOT NULL,
  PRIMARY KEY (staff, role_key, generation)
) STRICT;

CREATE TABLE session (
  hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
  staff TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
  wrapped BLOB NOT NULL,
  began INTEGER NOT NULL,
  seen INTEGER NOT NULL
) STRICT;

CREATE INDEX session_by_staff ON session (staff);

CREATE TABLE meeting (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  day TEXT NOT NULL,
  title TEXT NOT NULL
) STRICT;

-- A view that was taken back stays as a tombstone: tag, day, topic and lane, so that its words still find it and the
-- same form cannot send it again.
CREATE TABLE view (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  tag BLOB NOT NULL UNIQUE CHECK (length(tag) = 32),
  recipient TEXT NOT NULL,
  day TEXT NOT NULL,
  topic TEXT NOT NULL,
  language TEXT NOT NULL,
  state TEXT NOT NULL,
  lane TEXT NOT NULL,
  unread INTEGER NOT NULL CHECK (unread IN (0, 1)),
  since TEXT NOT NULL,
  has_identity INTEGER NOT NULL CHECK (has_identity IN (0, 1)),
  meeting TEXT REFERENCES meeting (id),
  version INTEGER NOT NULL CHECK (version >= 0)
) STRICT;

CREATE INDEX view_by_meeting ON view (meeting, seq) WHERE meeting IS NOT NULL;

CREATE TABLE body (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  view TEXT NOT NULL REFERENCES view (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  day TEXT NOT NULL,
  generation INTEGER NOT NULL CHECK (generation >= 0),
  writer TEXT,
  sealed BLOB NOT NULL
) STRICT;

CREATE INDEX body_by_view ON body (view, id);

-- `staff` holds an id without a reference: what somebody did outlives their account.
CREATE TABLE event (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  view TEXT NOT NULL REFERENCES view (id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  action TEXT NOT NULL,
  role TEXT,
  staff TEXT,
  body INTEGER REFERENCES body (id) ON DELETE SET NULL,
  reason TEXT,
  meeting TEXT
) STRICT;

CREATE INDEX event_by_view ON event (view, seq);
-- Without it, deleting one body would look through every event.
CREATE INDEX event_by_body ON event (body) WHERE body IS NOT NULL;

-- Public by intent, so in clear.
CREATE TABLE outcome (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  view TEXT NOT NULL UNIQUE REFERENCES view (id),
  topic TEXT NOT NULL,
  said TEXT NOT NULL,
  decided TEXT NOT NULL,
  owner TEXT NOT NULL,
  due TEXT NOT NULL,
  meeting_day TEXT NOT NULL,
  published TEXT NOT NULL,
  state TEXT NOT NULL
) STRICT;
