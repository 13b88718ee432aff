-- What was handed over is a place of its own in the safety lane: it may be closed there. Views that were handed over before
-- are put there, unless their sender raised an alarm since.
UPDATE view SET lane = 'handed-over' WHERE lane = 'taken' AND EXISTS (
  SELECT 1 FROM event WHERE event.view = view.id AND event.service IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM event AS later WHERE later.view = view.id AND later.action = 'alarm' AND later.seq > event.seq
  )
);
