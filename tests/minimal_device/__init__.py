"""A second, minimal device: written from docs/protocol.md alone, with the standard library alone.

It shares no line with the application or its simulator, so that it shows that the document
suffices. It has a valve, a probe and five sensors; all the rest it answers with NOT_FITTED.
"""
