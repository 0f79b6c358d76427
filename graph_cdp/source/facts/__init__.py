"""Facts: what a message says beside who somebody is. Each hangs on the record of its message, for ever."""
