"""The desk's own widgets: every one paints its lines itself, measured in cells."""
