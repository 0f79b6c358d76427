// The facts beside who somebody is: the catalogue, stores, campaigns, firms, cases, consents, and what messages say of them.

CREATE CONSTRAINT product_sku IF NOT EXISTS FOR (n:Product) REQUIRE n.sku IS UNIQUE;
CREATE CONSTRAINT store_code IF NOT EXISTS FOR (n:Store) REQUIRE n.code IS UNIQUE;
CREATE CONSTRAINT campaign_key IF NOT EXISTS FOR (n:Campaign) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT campaign_id IF NOT EXISTS FOR (n:Campaign) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT company_key IF NOT EXISTS FOR (n:Company) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT company_id IF NOT EXISTS FOR (n:Company) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT case_key IF NOT EXISTS FOR (n:Case) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT case_id IF NOT EXISTS FOR (n:Case) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT consent_record_id IF NOT EXISTS FOR (n:ConsentRecord) REQUIRE n.id IS UNIQUE;

CREATE INDEX case_record_key_opened_at IF NOT EXISTS FOR (n:Case) ON (n.record_key, n.opened_at);
CREATE INDEX consent_record_record_key_occurred_at IF NOT EXISTS FOR (n:ConsentRecord) ON (n.record_key, n.occurred_at);

CALL db.createLabel('Interaction');
CALL db.createRelationshipType('CONTAINS');
CALL db.createRelationshipType('AT');
CALL db.createRelationshipType('RETURNS');
CALL db.createRelationshipType('OF_CAMPAIGN');
CALL db.createRelationshipType('MEMBER_OF');
CALL db.createRelationshipType('RAISED');
CALL db.createRelationshipType('GAVE');

UNWIND [
  'key', 'sku', 'stated_at', 'stated_hash', 'status', 'status_at', 'status_hash', 'tax', 'shipping', 'discount',
  'coupon', 'position', 'unit_price', 'brand', 'category', 'variant', 'price', 'stock', 'size', 'color',
  'season', 'url', 'image_url', 'introduced', 'interaction', 'channel', 'link', 'industry', 'employees', 'plan', 'revenue',
  'registration_number', 'subject', 'topic', 'satisfaction', 'platform', 'model', 'manufacturer', 'os_version',
  'app_version', 'purpose', 'lawful_basis', 'notice_id', 'notice_version', 'method', 'jurisdiction', 'signal',
  'recorded_at', 'confirmed_at'
] AS name
CALL db.createProperty(name)
RETURN count(*);

UNWIND [
  'industry', 'employees', 'plan', 'revenue', 'registration_number'
] AS name
CALL db.createProperty(name + '_at')
RETURN count(*);
