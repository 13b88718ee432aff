-- Whether a view is about somebody who would otherwise read it: that role is left out of its readers.
ALTER TABLE view ADD COLUMN about TEXT NOT NULL DEFAULT 'nobody';

-- Who must not open a view: because it is about them or somebody close to them, or because a coordinator keeps them away.
CREATE TABLE kept_away (
  view TEXT NOT NULL REFERENCES view (id) ON DELETE CASCADE,
  staff TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
  PRIMARY KEY (view, staff)
) STRICT;

CREATE INDEX kept_away_by_staff ON kept_away (staff);
