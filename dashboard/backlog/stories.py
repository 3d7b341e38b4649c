"""The story of each case: what its source says, its moves and the officers' orders. Its course is told from these.

A story may begin with moves or orders whose case has not come yet; they wait for it for a day.
"""

from bisect import insort
from collections import Counter
from collections.abc import Callable

from msgspec import Struct, field
from msgspec.structs import replace

from dashboard.backlog import course as courses
from dashboard.backlog import deeds
from dashboard.backlog.course import Claim, Course, Move, Terms
from dashboard.backlog.deeds import Deed
from dashboard.records import Verb

WAIT_S = 24 * 3600.0  # how long moves wait for their case
WAITING_MOST = 50_000  # so many stories without a case; a source that never sends cases must not fill memory
MOVES_MOST = 200  # of one case; a real one has a dozen
ORDERS_MOST = 200  # likewise

STEP_WITHOUT_CASE = "step_without_case"
TOO_MANY_STEPS = "too_many_steps"
TOO_MANY_ORDERS = "too_many_orders"


class Story(Struct, array_like=True):
    """What the records have said of one case."""

    claim: Claim | None = None  # None: its moves came first
    moves: list[Move] = field(default_factory=list)  # by course.order
    heard_at: float = 0.0  # when its first move or order was received
    remarks: dict[str, int] = field(default_factory=dict)  # what was wrong with its moves
    orders: list[Deed] = field(default_factory=list)  # as they came

    def unclaimed(self) -> int:
        """How much waits for the case; a retraction may be of an incident, and then is nothing here."""
        return len(self.moves) + sum(order.verb is not Verb.RETRACT for order in self.orders)


class StoriesMemory(Struct, array_like=True):
    """All stories, for a successor."""

    stories: dict[str, Story]
    anomalies: dict[str, int]


class Stories:
    """The stories by the key of their case."""

    def __init__(self, terms: Callable[[Claim], Terms]) -> None:
        """`terms` gives the clock of a case."""
        self._terms = terms
        self._stories: dict[str, Story] = {}
        self._waiting: dict[str, None] = {}  # keys of the stories without a case, oldest first
        self._courses: dict[str, Course] = {}  # after the moves, before `settle`; told again when it is not here
        self._anomalies: Counter[str] = Counter()

    def claim(self, key: str, claim: Claim) -> Course:
        """Take what the source says of its case now; where the case stands."""
        story = self._stories.setdefault(key, Story())
        self._waiting.pop(key, None)
        story.claim = claim
        return self._told(key, story, claim)

    def move(self, key: str, move: Move, received_at: float) -> Course | None:
        """Take a move; where the case stands, None if nothing came of it (yet)."""
        story = self._begun(key, received_at)
        if any(known.id == move.id for known in story.moves):
            return None
        if len(story.moves) >= MOVES_MOST:
            self._anomalies[TOO_MANY_STEPS] += 1
            return None
        insort(story.moves, move, key=courses.order)
        if story.claim is None:
            return None
        if story.moves[-1] is move and key in self._courses and not story.orders:
            return self._continued(key, story, story.claim)
        return self._told(key, story, story.claim)

    def order(self, key: str, order: Deed, received_at: float) -> Course | None:
        """Take an officer's order; where the case stands, None if nothing came of it (yet)."""
        story = self._begun(key, received_at)
        if any(known.id == order.id for known in story.orders):
            return None
        if len(story.orders) >= ORDERS_MOST:
            self._anomalies[TOO_MANY_ORDERS] += 1
            return None
        story.orders.append(order)
        return None if story.claim is None else self._told(key, story, story.claim)

    def forget(self, key: str) -> None:
        """The case is of no interest any more."""
        self._stories.pop(key, None)
        self._courses.pop(key, None)

    def prune(self, now: float) -> None:
        """Give up moves and orders whose case never came."""
        for key in list(self._waiting):
            if self._stories[key].heard_at >= now - WAIT_S and len(self._waiting) <= WAITING_MOST:
                break
            self._anomalies[STEP_WITHOUT_CASE] += self._stories.pop(key).unclaimed()
            del self._waiting[key]

    def anomalies(self) -> dict[str, int]:
        """How many moves were refused or odd, by the name of what was wrong."""
        return {name: count for name, count in sorted(self._anomalies.items()) if count}

    def memory(self) -> StoriesMemory:
        """All of it, sharing the live lists: to be encoded at once."""
        return StoriesMemory(self._stories, dict(self._anomalies))

    def restore(self, memory: StoriesMemory) -> None:
        """Go on from another's memory."""
        self._stories = dict(memory.stories)
        self._waiting = {key: None for key, story in self._stories.items() if story.claim is None}
        self._anomalies = Counter(memory.anomalies)
        self._courses.clear()

    def _begun(self, key: str, received_at: float) -> Story:
        """The story of a case; if there is none, one that waits for its case."""
        story = self._stories.get(key)
        if story is None:
            story = self._stories[key] = Story(heard_at=received_at)
            self._waiting[key] = None
        return story

    def _told(self, key: str, story: Story, claim: Claim) -> Course:
        """The course from the beginning."""
        terms = self._terms(claim)
        course = courses.start(claim, terms)
        remarks: Counter[str] = Counter()
        valid = deeds.in_force(story.orders)
        for move in sorted((*story.moves, *deeds.moves(valid)), key=courses.order):
            course, remark = courses.step(course, move, terms)
            if remark:
                remarks[remark] += 1
        self._anomalies.subtract(story.remarks)
        self._anomalies.update(remarks)
        story.remarks = dict(remarks)
        course = self._courses[key] = replace(course, pressed=deeds.pressed(valid))
        return courses.settle(course, claim, terms)

    def _continued(self, key: str, story: Story, claim: Claim) -> Course:
        """The course after the story's last move, which is new: the same, without telling the rest again."""
        terms = self._terms(claim)
        course, remark = courses.step(self._courses[key], story.moves[-1], terms)
        if remark:
            self._anomalies[remark] += 1
            story.remarks[remark] = story.remarks.get(remark, 0) + 1
        self._courses[key] = course
        return courses.settle(course, claim, terms)
