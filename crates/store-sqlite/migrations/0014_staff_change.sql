-- A number that moves when the people change who can read what young people write, so that it is worked out again only
-- then, and also when another process made the change.
CREATE TABLE staff_change (number INTEGER NOT NULL) STRICT;
INSERT INTO staff_change (number) VALUES (0);

CREATE TRIGGER staff_added AFTER INSERT ON staff
BEGIN
  UPDATE staff_change SET number = number + 1;
END;

-- Each sign-in writes the last step of its code, which changes nothing of this.
CREATE TRIGGER staff_changed AFTER UPDATE ON staff
WHEN (OLD.role, OLD.recipient = '', OLD.suspended, OLD.must_change, OLD.second_factor IS NULL)
  IS NOT (NEW.role, NEW.recipient = '', NEW.suspended, NEW.must_change, NEW.second_factor IS NULL)
BEGIN
  UPDATE staff_change SET number = number + 1;
END;

CREATE TRIGGER staff_deleted AFTER DELETE ON staff
BEGIN
  UPDATE staff_change SET number = number + 1;
END;

CREATE TRIGGER grant_added AFTER INSERT ON grant_of_key
BEGIN
  UPDATE staff_change SET number = number + 1;
END;

CREATE TRIGGER grant_changed AFTER UPDATE ON grant_of_key
BEGIN
  UPDATE staff_change SET number = number + 1;
END;

CREATE TRIGGER grant_deleted AFTER DELETE ON grant_of_key
BEGIN
  UPDATE staff_change SET number = number + 1;
END;

CREATE TRIGGER role_key_added AFTER INSERT ON role_key
BEGIN
  UPDATE staff_change SET number = number + 1;
END;

CREATE TRIGGER role_key_deleted AFTER DELETE ON role_key
BEGIN
  UPDATE staff_change SET number = number + 1;
END;
