"""What messages mean beside who somebody is: purchases, mailings, consents, firms, cases, devices."""
