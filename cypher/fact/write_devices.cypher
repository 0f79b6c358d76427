// What browsers and phones are; the newest statement about each wins.
//
// @mode    write
// @param   devices  LIST OF MAP  {kind, value, stated_at, stated_hash, properties}, sorted by kind and value, one a device
// @returns none
UNWIND $devices AS row
MATCH (device:Identifier {kind: row.kind, value: row.value})
REMOVE device._lock
WITH row, device
WHERE device.stated_at IS NULL OR device.stated_at < row.stated_at
  OR device.stated_at = row.stated_at AND device.stated_hash < row.stated_hash
SET device += row.properties, device.stated_at = row.stated_at, device.stated_hash = row.stated_hash
