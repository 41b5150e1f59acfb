"""What can become of a URL in a run, and of a run: two closed lists. Every URL of a run ends in exactly one outcome."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Outcome(StrEnum):
    """The end of a URL's way through a run; the text under each is what the report prints."""

    NEW = "new"
    """A row was written for an article not seen before."""
    CHANGED = "changed"
    """A row was written for a new version of a known article."""
    REMOVED = "removed"
    """A known article is gone (404, 410): a tombstone row was written."""
    UNCHANGED = "unchanged"
    """Fetched again and the same: no row."""
    NOT_MODIFIED = "not_modified"
    """The server answered 304: no row."""
    KNOWN = "known"
    """Announced again, and not due for another visit: not fetched."""
    DUPLICATE = "duplicate"
    """The same headline and text as another article of the same publisher: no row, the alternate URL is remembered."""
    NOT_ARTICLE = "not_article"
    """Fetched, but an index, video, gallery, error or login page."""
    BLOCKED = "blocked"
    """A consent wall, bot challenge, or a status that refuses us (401, 403, 429, 451, 503)."""
    ROBOTS = "robots"
    """Not fetched: robots.txt disallows it, or could not be read."""
    GONE = "gone"
    """404 or 410 for a URL never seen before."""
    HTTP_ERROR = "http_error"
    """Another status that is no page."""
    FETCH_FAILED = "fetch_failed"
    """No response: DNS, connection, TLS or time-out, after retries."""
    TRUNCATED = "truncated"
    """The transfer ended early twice and the text could not be trusted."""
    TOO_LARGE = "too_large"
    """Larger than the size limit, before or after decompression."""
    REDIRECT_LIMIT = "redirect_limit"
    """More redirects than allowed, or a loop."""
    BLOCKED_ADDRESS = "blocked_address"
    """The host resolves to a private, loopback or otherwise special address, or the scheme is not http(s)."""
    TRAP = "trap"
    """Over a budget that guards against endless sites."""
    UNREADABLE = "unreadable"
    """Bytes that are no page or dump: empty, binary."""
    EXTRACT_TIMEOUT = "extract_timeout"
    """Reading the page took longer than its deadline; the worker was killed."""
    EXTRACT_FAILED = "extract_failed"
    """Reading the page raised: a bug, logged with the URL and traceback."""
    INVALID = "invalid"
    """Read, but without what a row must have (headline or text)."""
    OUT_OF_RANGE = "out_of_range"
    """Read, but dated outside `since` and `until`."""
    DEFERRED = "deferred"
    """Not finished before the run ended (limit, deadline, Retry-After, interrupt): the next run takes it."""
    COMMIT_FAILED = "commit_failed"
    """Its batch could not be committed: the next run takes it."""

    @property
    def is_failure(self) -> bool:
        """Whether this outcome counts against the run: something should have been read and was not."""
        return self in _FAILURES

    @property
    def is_final(self) -> bool:
        """Whether the URL is remembered with it; the others are tried again by a later run."""
        return self not in _AGAIN


_FAILURES = frozenset(
    {
        Outcome.BLOCKED,
        Outcome.HTTP_ERROR,
        Outcome.FETCH_FAILED,
        Outcome.TRUNCATED,
        Outcome.TOO_LARGE,
        Outcome.REDIRECT_LIMIT,
        Outcome.BLOCKED_ADDRESS,
        Outcome.UNREADABLE,
        Outcome.EXTRACT_TIMEOUT,
        Outcome.EXTRACT_FAILED,
        Outcome.INVALID,
        Outcome.COMMIT_FAILED,
    }
)
# Passing faults, and decisions that another run may take otherwise (another range of days, another robots.txt).
_AGAIN = frozenset(
    {
        Outcome.KNOWN,
        Outcome.BLOCKED,
        Outcome.ROBOTS,
        Outcome.HTTP_ERROR,
        Outcome.FETCH_FAILED,
        Outcome.TRUNCATED,
        # A busy machine is as good a reason as a hostile page, which costs five runs its deadline and is given up.
        Outcome.EXTRACT_TIMEOUT,
        Outcome.EXTRACT_FAILED,
        Outcome.OUT_OF_RANGE,
        Outcome.DEFERRED,
        Outcome.COMMIT_FAILED,
    }
)


class ExitStatus(IntEnum):
    """Exit status of a run. 64 and up follow BSD sysexits where one fits."""

    DONE = 0
    """Did its job: rows were written, or there was nothing new."""
    FAILED = 1
    """A bug: unexpected exception."""
    PARTLY_FAILED = 3
    """Rows were written, but some URLs or sources failed beyond the tolerated share."""
    BROKEN = 4
    """The site is broken or blocks us: no source or no article could be read."""
    BAD_USAGE = 64
    """Unknown publisher, bad argument or setting: nothing was done."""
    BAD_INPUT = 65
    """The file or folder named could not be read, or held nothing readable."""
    COMMIT_FAILED = 73
    """The output root cannot be written, or a batch could not be committed; its URLs were never seen."""
    LOCKED = 75
    """Another run of the same publisher is alive."""
    INTERRUPTED = 130
    """Stopped by a signal; what was committed stands, the rest is taken by the next run."""
