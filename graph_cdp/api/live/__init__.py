"""What is new of people, told as it is committed: the subscriptions of the API."""
