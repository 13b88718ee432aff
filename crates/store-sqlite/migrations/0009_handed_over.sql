-- That a danger was handed over to somebody who keeps children safe: to which service, and on which day. What it is called
-- there is a sealed note.
ALTER TABLE event ADD COLUMN service TEXT;
ALTER TABLE event ADD COLUMN service_day TEXT;
