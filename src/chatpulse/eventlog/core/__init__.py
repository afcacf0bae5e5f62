"""How an event becomes a body, and an id a key: values in, values out."""
