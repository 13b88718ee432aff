-- Who is on call for the safety lane, from a day to a day; rank 1 is alerted first. It goes with the account.
CREATE TABLE on_call (
  id TEXT NOT NULL PRIMARY KEY,
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL CHECK (last_day >= first_day),
  staff TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
  rank INTEGER NOT NULL CHECK (rank >= 1)
) STRICT;

-- Where alerts reach a person, sealed under a server key; none until they enter it.
CREATE TABLE alert_address (
  staff TEXT NOT NULL PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
  sealed BLOB NOT NULL
) STRICT;

-- A drill: a sample alert that is about no view. `mail` and `hook` are the last rounds delivered; `began` and `ended` are moments of
-- people at the desk (Unix seconds).
CREATE TABLE drill (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  began INTEGER NOT NULL,
  mail INTEGER NOT NULL DEFAULT 0,
  hook INTEGER NOT NULL DEFAULT 0,
  ended INTEGER,
  ended_by TEXT REFERENCES staff (id) ON DELETE SET NULL
) STRICT;
