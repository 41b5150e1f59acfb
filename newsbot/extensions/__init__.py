"""What accompanies a crawl: the run, throttling and guards."""
