"""Every error newsbot raises on purpose; the shell turns each into one line and an exit status.

NewsbotError
├── UsageError              bad argument, setting or publisher file: nothing was done
│   ├── UnknownPublisher
│   ├── PublisherFileError
│   └── SettingError
├── InputError              a file, feed or page that cannot be read at all
│   ├── UnreadablePage      bytes that are no page: empty, binary
│   ├── ReadTimeout         a page that took longer than its deadline
│   ├── ReadFailed          a page whose worker died
│   └── UnreadableSource    a feed or sitemap that is neither
├── DatasetError            the dataset cannot be opened, written or trusted
│   ├── OutputUnwritable
│   ├── CommitFailed
│   ├── ManifestDamaged
│   └── SchemaTooNew
├── StateError              a publisher's state cannot be opened or trusted
└── Locked                  another run holds the publisher
"""

from __future__ import annotations


class NewsbotError(Exception):
    """Base of all errors below. `str(error)` is one line that names the input and the remedy."""


class UsageError(NewsbotError):
    """Raised when an argument, setting or file of the user's makes no sense, before anything was done."""


class UnknownPublisher(UsageError):
    """Raised when no publisher file has the name asked for, from the registry."""


class PublisherFileError(UsageError):
    """Raised when a publisher file breaks a rule, from the registry; names file, line, key and remedy."""


class SettingError(UsageError):
    """Raised when a `NEWSBOT_…` setting has a value of the wrong form, from whoever reads it."""


class InputError(NewsbotError):
    """Raised when an input cannot be read at all."""


class UnreadablePage(InputError):
    """Raised when bytes are no page (empty, binary), from extract."""


class ReadTimeout(InputError):
    """Raised when reading a page took longer than its deadline, from the workers."""


class ReadFailed(InputError):
    """Raised when the process reading a page died, from the workers."""


class UnreadableSource(InputError):
    """Raised when a response is neither feed nor sitemap, from discover."""


class DatasetError(NewsbotError):
    """Raised when the dataset cannot be opened, written or trusted."""


class OutputUnwritable(DatasetError):
    """Raised when the output root or a folder in it cannot be written, from the dataset's writer."""


class CommitFailed(DatasetError):
    """Raised when a batch could not be committed, from the commit; its rows stay unseen and are fetched again."""


class ManifestDamaged(DatasetError):
    """Raised when a manifest cannot be read or its checksum is wrong, from the commit and the reader."""


class SchemaTooNew(DatasetError):
    """Raised when a file was written under a later schema version than this newsbot knows, from the reader."""


class StateError(NewsbotError):
    """Raised when a publisher's state is corrupted or of another version, from the state; never recreated silently."""


class Locked(NewsbotError):
    """Raised when another live run holds the publisher, from the state."""
