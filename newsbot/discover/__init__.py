"""The stage that turns fetched sources into candidates and further sources: pure functions of a source's bytes."""
