// Dead letters name the business rule that refused them, and the call that tried to settle them last.

UNWIND ['rule', 'tried_by'] AS name
CALL db.createProperty(name)
RETURN count(*);

CREATE INDEX dead_letter_tried_by IF NOT EXISTS FOR (n:DeadLetter) ON (n.tried_by);

MATCH (letter:DeadLetter)
WHERE letter.code = 'RULE_REJECTED' AND letter.rule IS NULL
SET letter.rule = split(letter.message, "'")[1];
