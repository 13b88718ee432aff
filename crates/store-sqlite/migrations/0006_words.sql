-- Words of the pages, edited at the desk. Public, or about to be, so in clear. Who wrote and who published stand as ids of
-- accounts, without a reference: what somebody did outlives their account.

-- One open draft a file. Each save gives it a new number, never used again, so that a form made from an older one is
-- refused. `over`: the number of the version it was begun from; 0 for the words that the program brings.
CREATE TABLE word_draft (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  file TEXT NOT NULL UNIQUE,
  over INTEGER NOT NULL CHECK (over >= 0),
  text TEXT NOT NULL,
  writer TEXT NOT NULL,
  day TEXT NOT NULL
) STRICT;

-- What was published. Rows are only ever added: the newest of a file is in force, the older ones are its history.
-- `given`: SHA-256 of the file as the program brought it then, so that other words of a newer program are seen.
CREATE TABLE word_version (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  file TEXT NOT NULL,
  text TEXT NOT NULL,
  writer TEXT NOT NULL,
  written TEXT NOT NULL,
  publisher TEXT NOT NULL CHECK (publisher <> writer),
  published TEXT NOT NULL,
  given BLOB NOT NULL CHECK (length(given) = 32)
) STRICT;

CREATE INDEX word_version_by_file ON word_version (file, seq);
