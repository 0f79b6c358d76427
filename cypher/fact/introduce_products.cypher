// Products that messages mention, made where they are new, with the newest words about each: those of the latest day, and of
// one day the greatest. What a product feed has told of stays as the feed says. A product is locked only by words that are
// newer than what it has, once a day: a hot product would make all writers wait.
//
// @mode    write
// @param   products  LIST OF MAP  {sku, words: [[name, name of its day, day, value, currency of a price], …]}, sorted by sku
// @param   now       INTEGER      epoch milliseconds
// @returns none
UNWIND $products AS row
MERGE (product:Product {sku: row.sku})
ON CREATE SET product.introduced = true, product.created_at = $now
WITH product,
  [word IN row.words
   WHERE product.stated_at IS NULL
     AND (product[word[1]] IS NULL OR product[word[1]] < word[2]
          OR product[word[1]] = word[2]
             AND (product[word[0]] < word[3]
                  OR product[word[0]] = word[3] AND coalesce(product.currency, '') < coalesce(word[4], '')))] AS newer
WHERE size(newer) > 0
REMOVE product._lock
WITH product, newer
UNWIND newer AS word
WITH product, word
WHERE product.stated_at IS NULL
  AND (product[word[1]] IS NULL OR product[word[1]] < word[2]
       OR product[word[1]] = word[2]
          AND (product[word[0]] < word[3]
               OR product[word[0]] = word[3] AND coalesce(product.currency, '') < coalesce(word[4], '')))
SET product[word[0]] = word[3], product[word[1]] = word[2],
    product.currency = CASE word[0] WHEN 'price' THEN word[4] ELSE product.currency END
