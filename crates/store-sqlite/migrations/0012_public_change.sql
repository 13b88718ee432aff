-- A number that moves with whatever the public pages show, so that what was made of it can be kept until then.
CREATE TABLE public_change (number INTEGER NOT NULL) STRICT;
INSERT INTO public_change (number) VALUES (0);

CREATE TRIGGER outcome_added AFTER INSERT ON outcome
BEGIN
  UPDATE public_change SET number = number + 1;
END;

-- Every act on a view writes the state of its outcome, mostly as it was.
CREATE TRIGGER outcome_changed AFTER UPDATE ON outcome
WHEN (OLD.topic, OLD.said, OLD.decided, OLD.owner, OLD.due, OLD.meeting_day, OLD.published, OLD.state)
  IS NOT (NEW.topic, NEW.said, NEW.decided, NEW.owner, NEW.due, NEW.meeting_day, NEW.published, NEW.state)
BEGIN
  UPDATE public_change SET number = number + 1;
END;

CREATE TRIGGER outcome_deleted AFTER DELETE ON outcome
BEGIN
  UPDATE public_change SET number = number + 1;
END;

CREATE TRIGGER meeting_added AFTER INSERT ON meeting
BEGIN
  UPDATE public_change SET number = number + 1;
END;

CREATE TRIGGER meeting_changed AFTER UPDATE ON meeting
BEGIN
  UPDATE public_change SET number = number + 1;
END;

CREATE TRIGGER meeting_deleted AFTER DELETE ON meeting
BEGIN
  UPDATE public_change SET number = number + 1;
END;

CREATE TRIGGER figure_added AFTER INSERT ON figure
BEGIN
  UPDATE public_change SET number = number + 1;
END;

CREATE TRIGGER figure_changed AFTER UPDATE ON figure
BEGIN
  UPDATE public_change SET number = number + 1;
END;

CREATE TRIGGER figure_deleted AFTER DELETE ON figure
BEGIN
  UPDATE public_change SET number = number + 1;
END;
