"""From words in any order to a request: ``iwn spy 3y``, ``since april price``, ``vs qqq``, ``as of dec 4``.

The longest run of words that makes sense is taken first. A word that could be two things (``now`` is a day and a
ticker) is a symbol when it is written like one, in capitals or with a dollar sign.
"""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot import i18n
from bot.errors import BadInput, UserError
from bot.free_text import ending, makes_sense, read_free, span_of
from bot.i18n import gettext as _
from bot.reading import MAX_TEXT, SYNONYMS, Known, Reading, plain_type, read_options
from bot.request import Mark, Request, choices_of, mark_of
from bot.symbols import PHRASE_WORDS, find, is_certain, is_shaped, resolve, stand_in
from bot.tokens import COUNTED, EXPLICIT, FILLERS, LONGEST_RUN, NUMBER, SEVERAL, SINCE, is_versus, tokens
from bot.windows import OFFERED, parse_date, parse_window

_TODAY = {"now", "today", "hoy"}  # a window cannot begin today: where it is a ticker, it is that
_COUNTS = {"n", "since"}  # so many of a list, so many years
_FEWEST_YEAR = 1000  # a smaller number behind a question that begins with a year is a number of years
_ADVICE = re.compile(
    r"\b(should (i|we|you)|is it over|(worth|time to|good) (buying|buy|selling|sell)|to the moon|buy or sell"
    r"|deber[ií]a(mos)? (comprar|vender|invertir)|(conviene|momento (de|para)|vale la pena) (comprar|vender)"
    r"|compr(o|ar) o vend(o|er))\b",
    re.IGNORECASE,
)
_SYMBOL_MARKS = (Mark.FUND, Mark.INDEX, Mark.SYMBOL, Mark.SYMBOLS)


def asks_for_advice(words: str) -> bool:
    """Return whether somebody asks what to do rather than what is."""
    return bool(_ADVICE.search(words))


def no_advice() -> BadInput:
    """Return the polite line for those who ask what to do."""
    return BadInput(
        _("I measure, I do not advise. /thesis shows what holds today, /history what followed such days before.")
    )


def read(kind: type[Request], words: str, known: Known, *, base: Request | None = None) -> Reading:
    """Return the request that words in any order ask for; fields not mentioned come from ``base`` or are defaults.

    Raises a UserError that names the first word without a meaning here, and a likely one instead.
    """
    if len(words) > MAX_TEXT:
        raise BadInput(_("That is too long for me: {limit} characters at most.").format(limit=MAX_TEXT))
    if asks_for_advice(words):
        raise no_advice()
    sorter = _Sorter(kind, known)
    free = sorter.free_text
    options = read_free(kind, free, words, known.last) if free else sorter.sort(list(tokens(words)))
    return read_options(kind, options, known, base=base)


@dataclass(slots=True)
class _Sorter:
    """Gives each run of words to the field that understands it."""

    kind: type[Request]
    known: Known
    options: dict[str, str] = field(default_factory=dict)
    symbols: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)

    def sort(self, line: list[str]) -> dict[str, str]:
        """Return option texts by field name."""
        rest: list[str] = []
        line = [part for token in line for part in self._apart(token)]
        position, versus = 0, False
        while position < len(line):
            token = line[position]
            if is_versus(line, position):
                versus, position = True, position + 1
                continue
            filler = len(line) > 1 and not is_certain(token) and self._is_filler(token.lower(), line[position + 1 :])
            taken = self._take(line, position, versus=versus, alone=not filler)
            if taken:
                versus = False
            elif not filler:
                rest.append(token)
            position += max(1, taken)
        if rest and (text := self._field(Mark.TEXT)) and text not in self.options:
            self.options[text] = " ".join(rest)
        elif rest:
            raise self._not_understood(" ".join(rest[:2]) if rest[0].isdecimal() else rest[0])
        self._place_symbols()
        self._place_numbers()
        return self.options

    def _apart(self, token: str) -> list[str]:
        """Part ``IWM/SPY`` where it is not one symbol, as BRK/B is."""
        pair = self._symbol_fields and SEVERAL.fullmatch(token) and not self._is_symbol(token)
        return token.split("/") if pair else [token]

    def _take(self, line: list[str], start: int, *, versus: bool, alone: bool) -> int:
        """Return how many words from ``start`` on were understood, after noting what they mean.

        A word that may not stand ``alone`` (``the``, ``with``) counts only as part of a longer run.
        """
        if count := self._explicit(line, start):
            return count
        for count in range(min(LONGEST_RUN, len(line) - start), 0 if alone else 1, -1):
            run = " ".join(line[start : start + count])
            if any(take(run) for take in self._readers(run)):
                return count
            if count <= PHRASE_WORDS and self._is_symbol(run):
                self._note_symbol(run, versus=versus)
                return count
        return 0

    def _readers(self, run: str) -> tuple[Callable[[str], bool], ...]:
        phrases = (self._since_phrase, self._as_of_phrase, self._known_text, self._choice)
        if self._is_symbol(run) and (is_certain(run) or not self._field(Mark.WINDOW)):
            return phrases
        return (*phrases, self._number, self._years_back, self._window, self._bare_day)

    def _explicit(self, line: list[str], start: int) -> int:
        """Take ``window:3y``, ``window=3y``, ``window: 3y``, and of numbers ``account 25000``."""
        match = EXPLICIT.fullmatch(line[start])
        if match is None and self._is_named_number(line[start : start + 2]):
            self._set(line[start].lower(), line[start + 1])
            return 2
        name = match[1].lower().replace("-", "_") if match else ""
        if match is None or name not in self.kind.model_fields:
            return 0
        if match[2]:
            self._set(name, match[2])
            return 1
        if start + 1 < len(line):
            self._set(name, line[start + 1])
        return 2

    def _is_named_number(self, pair: list[str]) -> bool:
        name, number = pair if len(pair) == 2 else ("", "")
        numeric = name.lower() in self.kind.model_fields and plain_type(self.kind, name.lower()) in {int, float}
        return numeric and NUMBER.fullmatch(number) is not None

    def _as_of_phrase(self, run: str) -> bool:
        if run.isupper() and all(self._is_symbol(word) for word in run.split()):
            return False  # ON NOW: two tickers, written as such
        day = ending(run, self.known.today)
        return self._is_day(day) and self._set("as_of", day)

    def _since_phrase(self, run: str) -> bool:
        """Take ``since dec 4`` where a question compares with a day, or begins with a year."""
        opening, _space, day = run.partition(" ")
        if "since" not in self.kind.model_fields or opening.lower() not in SINCE or not self._is_day(day):
            return False
        whole = plain_type(self.kind, "since") is int
        return self._set("since", str(parse_date(day, self.known.today).year) if whole else day)

    def _known_text(self, run: str) -> bool:
        known = self.kind.known_texts().items()
        name = next((name for name, texts in known if run.lower() in texts), None)
        return name is not None and self._set(name, run)

    def _bare_day(self, run: str) -> bool:
        return self._field(Mark.WINDOW) is None and self._is_day(run) and self._set("as_of", run)

    def _window(self, run: str) -> bool:
        name = self._field(Mark.WINDOW)
        return bool(name) and run.lower() not in _TODAY and self._is_window(run) and self._set(name or "", run)

    def _choice(self, run: str) -> bool:
        word = SYNONYMS.get(run.lower(), run.lower())
        name = next((n for n in self.kind.model_fields if word in choices_of(self.kind, n)), None)
        return name is not None and self._set(name, word)

    def _number(self, run: str) -> bool:
        """Keep a number until everything else is known: it may depend on that what it means."""
        match = NUMBER.fullmatch(run)
        if match is None or self.kind.takes_number(match[1], {}) is None:
            return False
        self.numbers.append(match[1])
        return True

    def _years_back(self, run: str) -> bool:
        """Keep ``last 5 years`` as the number of years, where a question begins with a year."""
        by_year = "since" in self.kind.model_fields and plain_type(self.kind, "since") is int
        span = span_of(run) if by_year else None
        if span is None or not span.endswith("y"):
            return False
        self.numbers.append(span.removesuffix("y"))
        return True

    def _place_numbers(self) -> None:
        for number in self.numbers:
            name = self.kind.takes_number(number, self.options)
            if name is None or name in self.options:
                raise BadInput(_("I do not understand “{word}” here.").format(word=i18n.plain(number, 30)))
            self.options[name] = self._first_year(int(number)) if name == "since" else number

    def _first_year(self, number: int) -> str:
        """Return the year a number means: that year, or the first of so many full ones."""
        if number >= _FEWEST_YEAR:
            return str(number)
        day = self.options.get("as_of")
        return str((parse_date(day, self.known.today) if day else self.known.last).year - number)

    def _is_day(self, text: str) -> bool:
        return makes_sense(parse_date, text, self.known.today)

    def _is_window(self, text: str) -> bool:
        return makes_sense(parse_window, text, self.known.today)

    def _set(self, name: str, text: str) -> bool:
        if self.options.get(name, text) != text:
            raise BadInput(
                _("“{first}” and “{second}” both say the {option}; please give one.").format(
                    first=i18n.plain(self.options[name], 30), second=i18n.plain(text, 30), option=_worded(name)
                )
            )
        self.options[name] = text
        return True

    def _is_symbol(self, run: str) -> bool:
        if not self._symbol_fields or not (is_shaped(run) or stand_in(run)):
            return False
        return find(run, self.known.catalogue, listed=self._takes_listed) is not None

    def _note_symbol(self, run: str, *, versus: bool) -> None:
        funds = [n for n in self._symbol_fields if mark_of(self.kind, n) is Mark.FUND]
        if versus and len(funds) > 1 and not self.symbols:
            self._set(funds[-1], run)
        else:
            self.symbols.append(run)

    def _place_symbols(self) -> None:
        """Give the symbols in order to the fields that are still free; a field of many takes what is left."""
        waiting = list(self.symbols)
        for name in (n for n in self._symbol_fields if n not in self.options):
            if not waiting:
                return
            if mark_of(self.kind, name) is Mark.SYMBOLS:
                self.options[name], waiting = ",".join([*waiting, ""]), []  # a comma, so that "brk b" stays one
            else:
                self.options[name] = waiting.pop(0)
        if waiting:
            raise BadInput(_("“{symbol}” is one symbol too many here.").format(symbol=i18n.plain(waiting[0], 20)))

    def _not_understood(self, word: str) -> UserError:
        near = difflib.get_close_matches(word.lower(), self._vocabulary(), n=1, cutoff=0.75)
        if self._symbol_fields and not near and is_shaped(word) and word.lower() not in SINCE:
            try:
                resolve(word, self.known.catalogue, listed=self._takes_listed)
            except UserError as error:
                return error
        text = _("I do not understand “{word}” here.").format(word=i18n.plain(word, 30))
        if near:
            return BadInput(text + " " + _("Did you mean {names}?").format(names=near[0]))
        return BadInput(text)

    def _vocabulary(self) -> list[str]:
        choices = [choice for name in self.kind.model_fields for choice in choices_of(self.kind, name)]
        windows = list(OFFERED) if self._field(Mark.WINDOW) else []
        return [*choices, *windows]

    def _field(self, mark: Mark) -> str | None:
        return next((name for name in self.kind.model_fields if mark_of(self.kind, name) is mark), None)

    @property
    def free_text(self) -> str | None:
        """The field of free text that a question is all about: then nothing is sorted."""
        first = next((name for name in self.kind.model_fields if name != "as_of"), None)
        return first if first is not None and mark_of(self.kind, first) is Mark.TEXT else None

    def _is_filler(self, word: str, rest: list[str]) -> bool:
        """Return whether a word says nothing by itself: ``the``, ``top`` in front of a count, ``next`` of events."""
        if word in COUNTED and rest and not self._field(Mark.WINDOW):
            counted = rest[0].isdecimal() or span_of(rest[0]) is not None
            return not self._symbol_fields or (counted and self.kind.takes_number("1", {}) in _COUNTS)
        return word in FILLERS or (word in SINCE and "since" in self.kind.model_fields)

    @property
    def _symbol_fields(self) -> list[str]:
        return [name for name in self.kind.model_fields if mark_of(self.kind, name) in _SYMBOL_MARKS]

    @property
    def _takes_listed(self) -> bool:
        return any(mark_of(self.kind, name) in {Mark.SYMBOL, Mark.SYMBOLS} for name in self.kind.model_fields)


def _worded(name: str) -> str:
    return {"window": _("window"), "basis": _("basis"), "as_of": _("date")}.get(name, name.replace("_", " "))
