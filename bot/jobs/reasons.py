"""Why something was not posted: codes that are stored, and the words for people: what happened, and what to do."""

from collections.abc import Sequence

from bot.i18n import gettext as _

NO_ACCESS = "no_access"
NO_PERMISSION = "no_permission"
DM_CLOSED = "dm_closed"
UNKNOWN_CHANNEL = "unknown_channel"
BOT_REMOVED = "bot_removed"
REFUSED = "refused"
THREAD_CLOSED = "thread_closed"
WRONG_TAGS = "wrong_tags"
WRONG_KIND = "wrong_kind"
THREADS_FULL = "threads_full"
NOT_ANNOUNCEMENT = "not_announcement"
NOT_PINNED = "not_pinned"
NOT_PUBLISHED = "not_published"
PINS_FULL = "pins_full"
LEFT_UNPUBLISHED = "left_unpublished"
LEFT_UNPINNED = "left_unpinned"
HISTORY_CLOSED = "history_closed"
HISTORY_LONG = "history_long"
UNREACHABLE = "unreachable"
NO_REPORT = "no_report"
WAITING = "waiting"
TOO_LATE = "too_late"
PAUSED = "paused"
QUIET = "quiet"
BLOCKED = "blocked"
DIGEST = "digest"
WITHDRAWN = "withdrawn"
SNOOZED = "snoozed"
TOO_MANY = "too_many"
OLD_NEWS = "old_news"
PRIVATE_OFF = "private_off"
_AND = "+"


def together(codes: Sequence[str]) -> str | None:
    """Return one code for several, None for none."""
    return _AND.join(codes) or None


def happened(reason: str) -> str:
    """Say in a sentence what a reason code means, in the active language; the code itself where it is unknown."""
    return " ".join(_happened(code) for code in reason.split(_AND))


def _happened(reason: str) -> str:
    words = {
        NO_ACCESS: _("I cannot see the channel."),
        NO_PERMISSION: _("I am not allowed to post in the channel."),
        DM_CLOSED: _("Your direct messages are closed to me."),
        UNKNOWN_CHANNEL: _("The channel no longer exists."),
        BOT_REMOVED: _("I am no longer in the server."),
        REFUSED: _("Discord refused the message."),
        THREAD_CLOSED: _("The thread is locked or archived and I may not open it."),
        WRONG_TAGS: _("The forum asks for tags that are missing or no longer exist."),
        WRONG_KIND: _("The channel is of another kind now: it does not take such posts."),
        THREADS_FULL: _("The server has as many open threads as Discord allows."),
        NOT_ANNOUNCEMENT: _("The channel is not an announcement channel, so the post cannot be published further."),
        NOT_PINNED: _("I was not allowed to pin it."),
        NOT_PUBLISHED: _("Discord did not let me publish it to the channels that follow."),
        PINS_FULL: _("The channel holds as many pinned messages as Discord allows."),
        LEFT_UNPUBLISHED: _("Discord did not answer, so it was not published to the channels that follow."),
        LEFT_UNPINNED: _("Discord did not answer, so it was not pinned."),
        HISTORY_CLOSED: _("It may have been posted: I was interrupted and may not read the channel to find out."),
        HISTORY_LONG: _("It may have been posted: I was interrupted and the channel is too busy to find out."),
        UNREACHABLE: _("Discord could not be reached."),
        NO_REPORT: _("The report could not be made."),
        WAITING: _("The day's data has not come in yet."),
        TOO_LATE: _("I was away for more than six hours, so it was left out."),
        PAUSED: _("Everything was paused."),
        QUIET: _("It waits for the end of the quiet hours."),
        BLOCKED: _("It is about a symbol that this server has blocked."),
        DIGEST: _("It is part of a digest."),
        WITHDRAWN: _("It was called off before it was posted."),
        SNOOZED: _("The alert was snoozed."),
        TOO_MANY: _("There were more alerts than the server wants in the following hours."),
        PRIVATE_OFF: _("The server no longer allows private alerts."),
        OLD_NEWS: _("It happened before the last session: the data came in too late."),
    }
    return words.get(reason, reason)


def remedy(reason: str, command: str = "/schedule") -> str:
    """Say what an admin can do about it, in the active language; nothing where there is nothing to do.

    ``command`` is the one that what failed is changed and resumed with.
    """
    found = [_remedy(code) for code in reason.split(_AND)]
    return " ".join(dict.fromkeys(words for words in found if words)).format(command=command)


def _remedy(reason: str) -> str:
    words = {
        NO_ACCESS: _("Give me View Channel in that channel, then resume with {command} resume."),
        NO_PERMISSION: _(
            "Give me Send Messages, Embed Links and Attach Files in that channel (in threads: Send Messages in "
            "Threads), then resume with {command} resume. /doctor lists what is missing."
        ),
        DM_CLOSED: _(
            "Allow direct messages in this server's privacy settings, or unblock me, then resume with {command} resume."
        ),
        UNKNOWN_CHANNEL: _("Choose another channel with {command} edit, then resume with {command} resume."),
        REFUSED: _("Check the server's AutoMod rules and the channel's limits, then resume with {command} resume."),
        THREAD_CLOSED: _("Unlock the thread or give me Manage Threads, then resume with {command} resume."),
        WRONG_TAGS: _("Choose the tags again with {command} edit, then resume with {command} resume."),
        WRONG_KIND: _("Choose the channel again, or another, with {command} edit, then resume with {command} resume."),
        THREADS_FULL: _("Archive threads that are done, then resume with {command} resume."),
        NOT_ANNOUNCEMENT: _("Make it an announcement channel, or switch publishing off with {command} edit."),
        NOT_PINNED: _("Give me Pin Messages in that channel (in a forum: Manage Threads)."),
        NOT_PUBLISHED: _("Make it an announcement channel and give me Send Messages there."),
        PINS_FULL: _("Unpin an old message there."),
        LEFT_UNPUBLISHED: _("{command} history has a button that tries again."),
        LEFT_UNPINNED: _("{command} history has a button that tries again."),
        HISTORY_CLOSED: _("Give me Read Message History in that channel, so that I can find my own posts."),
        NO_REPORT: _("Try it with /schedule preview; another fund or window may work."),
    }
    return words.get(reason, "")
