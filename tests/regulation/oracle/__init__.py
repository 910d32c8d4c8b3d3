"""An independent reading of the county's measures: written from the text, compared with the desk from outside."""
