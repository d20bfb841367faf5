"""The edge to the engine: what it asks and is told, the session of its process, and how it ends."""
