-- Second factor, invitations, and sign-ins that are half done.

-- The secret of the one-time codes, sealed under a server key; none until it is set up.
ALTER TABLE staff ADD COLUMN second_factor BLOB;
-- The last step whose code was taken: that code and all before it are refused.
ALTER TABLE staff ADD COLUMN last_step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN suspended INTEGER NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1));

-- Half a session opens nothing but the next step of signing in. One from before there were two steps is a half one.
ALTER TABLE session ADD COLUMN half INTEGER NOT NULL DEFAULT 1 CHECK (half IN (0, 1));

CREATE TABLE recovery_code (
  staff TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (staff, hash)
) STRICT;

-- One open invitation a person at most. Whoever was invited has an empty recipient until they join.
CREATE TABLE invitation (
  staff TEXT NOT NULL PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  until INTEGER NOT NULL
) STRICT;
