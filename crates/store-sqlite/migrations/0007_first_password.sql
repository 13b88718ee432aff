-- A first password that somebody else gave is good until this moment (Unix seconds). One from before this column is over:
-- its account is invited again.
ALTER TABLE staff ADD COLUMN first_until INTEGER NOT NULL DEFAULT 0;
