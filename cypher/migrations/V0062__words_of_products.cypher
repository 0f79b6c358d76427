// Products that only messages mention: the day of the newest word of each field.

UNWIND ['brand_at', 'category_at', 'variant_at', 'price_at', 'size_at', 'color_at', 'url_at', 'image_url_at'] AS name
CALL db.createProperty(name)
RETURN count(*);
