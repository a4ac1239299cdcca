"""The sending of messages: rows of `Message` are leased, sent by SMTP, recorded. Several workers may run, on several machines."""
