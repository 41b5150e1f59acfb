"""The spiders: news fetches, replay reads saved pages."""
