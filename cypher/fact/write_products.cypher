// What a product feed says of products; the newest statement about each wins.
//
// @mode    write
// @param   products  LIST OF MAP  {sku, stated_at, stated_hash, properties}, sorted by sku, one a sku
// @param   now       INTEGER      epoch milliseconds
// @returns none
UNWIND $products AS row
MERGE (product:Product {sku: row.sku})
ON CREATE SET product.created_at = $now
REMOVE product._lock
WITH row, product
WHERE product.stated_at IS NULL OR product.stated_at < row.stated_at
  OR product.stated_at = row.stated_at AND product.stated_hash < row.stated_hash
SET product += row.properties, product.introduced = null, product.stated_at = row.stated_at,
    product.stated_hash = row.stated_hash
