-- Figures of the council's promises, entered at the desk. Public by intent, so in clear. Rows are only ever added: the
-- newest row of an indicator and a period holds, older ones are the history that the page shows.
-- number: in tenths; NULL takes the figure away. reason: why it differs from what stood there; empty for a first one.
-- Who entered it is in the audit log.
CREATE TABLE figure (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  indicator TEXT NOT NULL,
  period TEXT NOT NULL,
  number INTEGER CHECK (number >= 0),
  source TEXT NOT NULL,
  source_day TEXT NOT NULL,
  reason TEXT NOT NULL,
  entered TEXT NOT NULL
) STRICT;

CREATE INDEX figure_by_period ON figure (indicator, period, seq);
