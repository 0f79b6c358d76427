// Products that messages mention, made where they are new. One that is there stays as it is and is not locked: a hot
// product would make all writers wait.
//
// @mode    write
// @param   products  LIST OF MAP  {sku, properties}, sorted by sku
// @param   now       INTEGER      epoch milliseconds
// @returns none
UNWIND $products AS row
MERGE (product:Product {sku: row.sku})
ON CREATE SET product += row.properties, product.introduced = true, product.created_at = $now
