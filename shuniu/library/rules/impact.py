"""May this person have the impact of a folder estimated?"""

from __future__ import annotations

from shuniu import policy
from shuniu.foundation.access import YES, Verdict, Who, refuse, register_refusals
from shuniu.foundation.calendar import clock
from shuniu.library.models import Impact, Upload
from shuniu.library.queries import loaded
from shuniu.library.queries.impact import QUESTION
from shuniu.library.queries.uploads import READERS
from shuniu.library.unpacking import unpacked

register_refusals(
    {
        "library.impact_who": "影响测算由{union}的安全管理员、复核人或领导办理。",
        "library.impact_problems": "“{name}”检查有错误，不能测算。请改好后重新上传。",
        "library.impact_nothing": "《{title}》没有规定社会组织的申报条件，不能测算。",
        "library.impact_running": "这份制度正在测算（{at} 开始），完成后再办。",
    }
)


def may_estimate(who: Who, upload: Upload) -> Verdict:
    """B2: whoever prepares or confirms the document, when it passed the check and has conditions of entry."""
    if not who.acts_for(upload.union_id, *READERS):
        return refuse("library.impact_who", union=upload.union.name)
    if upload.problems:
        return refuse("library.impact_problems", name=upload.name)
    if not law_of(upload).index.get(QUESTION):
        return refuse("library.impact_nothing", title=upload.title)
    running = Impact.objects.filter(upload=upload, state=Impact.State.COMPUTING).first()
    if running is not None:
        return refuse("library.impact_running", at=f"{running.asked_at.astimezone(clock.TZ):%Y-%m-%d %H:%M}")
    return YES


def law_of(upload: Upload) -> policy.Document:
    """The folder as the engine holds it."""
    return loaded(unpacked(upload.files))
