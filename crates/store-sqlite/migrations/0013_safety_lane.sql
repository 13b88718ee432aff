-- Whom a text was written for: the desk, the adults of the safety lane, or both. Of lists of the same length nothing else
-- tells them apart. Empty in texts from before: there the number of keys tells.
ALTER TABLE body ADD COLUMN audience TEXT;

-- Reading a view in the safety lane is not yet having it. Views that were opened and that nobody claimed since the last
-- alarm are put there; their alerts are still open.
UPDATE view SET lane = 'opened' WHERE lane = 'taken' AND state <> 'withdrawn' AND NOT EXISTS (
  SELECT 1 FROM event WHERE event.view = view.id AND event.action = 'take' AND NOT EXISTS (
    SELECT 1 FROM event AS later WHERE later.view = view.id AND later.action = 'alarm' AND later.seq > event.seq
  )
);
