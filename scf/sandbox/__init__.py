"""The sandbox: parties and keys to try the API with, and a clock that the caller moves. Only where switched on."""
