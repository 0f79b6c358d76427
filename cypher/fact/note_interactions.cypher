// What events say of mailings: each event becomes an interaction of its campaign, which is made where it is new.
//
// @mode    write
// @param   interactions  LIST OF MAP  {source, message_id, campaign_key, id: of the campaign if it is new, name, kind, channel, link}, sorted by campaign_key
// @param   now           INTEGER      epoch milliseconds
// @returns none
UNWIND $interactions AS row
MERGE (campaign:Campaign {key: row.campaign_key})
ON CREATE SET campaign.id = row.id, campaign.name = row.name, campaign.source = row.source, campaign.channel = row.channel,
              campaign.created_at = $now
WITH row, campaign
MATCH (event:Event {source: row.source, message_id: row.message_id})
SET event:Interaction, event.interaction = row.kind, event.channel = row.channel, event.link = row.link
CREATE (event)-[:OF_CAMPAIGN]->(campaign)
